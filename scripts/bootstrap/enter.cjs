'use strict'

/**
 * The step from CommonJS into modules. It has a file of its own because old Node cannot even read `import()`.
 *
 * @param {string} module
 */
exports.enter = module => {
  void import(module).then(({ main }) => main())
}

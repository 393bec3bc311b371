'use strict'

/**
 * The lines of Node that Gantry's tools run on. Odd ones (21, 23) are never maintained for long.
 *
 * @param {number} major
 * @param {number} minor
 */
function isLine(major, minor) {
  return (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 24
}

/** @param {string} version As in `process.versions.node`. */
function isSupported(version) {
  return isLine(Number(version.split('.')[0]), Number(version.split('.')[1]))
}

/** @param {string} version */
function refusal(version) {
  return [
    'gantry: This is Node',
    version.concat(','),
    'but Gantry needs 20.19 or a later 20, 22.12 or a later 22, or 24 and newer:',
    'install one and run the command again.',
  ].join(' ')
}

/** @param {{ versions: { node: string }, stderr: { write(text: string): unknown }, exit(code: number): unknown }} host */
function refuseUnsupported(host) {
  if (isSupported(host.versions.node)) return
  host.stderr.write(refusal(host.versions.node).concat('\n'))
  host.exit(1)
}

exports.isSupported = isSupported
exports.refuseUnsupported = refuseUnsupported

/**
 * The rooms whose tests are tried by mutation, each with the tests that must notice: those of the room itself and the
 * few elsewhere that were written for it.
 *
 * @typedef {object} Room
 * @property {readonly string[]} mutate
 * @property {readonly string[]} tests
 */

/** @type {Readonly<Record<string, Room>>} */
export const rooms = {
  'gotapi/auth': {
    mutate: ['src/main/gotapi/auth/**/*.ts'],
    // Those without a wire: the others meet most of this code, too, and take seconds each.
    tests: [
      // Not held-database: it waits ten seconds for another program to let go.
      'test/main/gotapi/auth/!(held-database).test.ts',
      'test/main/gotapi/{apps,authorization,plugin-consent}.test.ts',
      'test/main/gotapi/events/hello.test.ts',
    ],
  },
  'plugin-host': {
    mutate: ['src/main/plugin-host/**/*.ts'],
    // Those of the room alone: the others meet most of this code, too, with processes or a whole front door.
    tests: ['test/main/plugin-host/!(child|endpoints|through-gateway|wild).test.ts'],
  },
  store: {
    mutate: ['src/main/store/**/*.ts'],
    tests: ['test/main/store/**/*.test.ts', 'test/main/engine/data-lock.test.ts'],
  },
  /** What decides which line goes to a firmware, and whether it still lives. */
  senders: {
    mutate: ['src/main/printers/drivers/marlin/wire/{sender-machine,sender-state,stream-machine}.ts'],
    tests: ['test/main/printers/drivers/marlin/wire/{sender-machine,stream-machine}.test.ts'],
  },
  /** What a printer is, and what stands between a command and it. */
  printers: {
    mutate: [
      'src/main/printers/{connection,label,link-reason,printer,service,state}.ts',
      'src/main/printers/{beginning,doing,facts,facts-store,kept-snapshot,listing}.ts',
      'src/main/printers/{acquaintance,who-is-who}.ts',
      'src/main/printers/{fed,low-battery,power,stop-all,unfinished}.ts',
      'src/main/printers/driver/{admission,capabilities,run-keeper}.ts',
      'src/main/contract/{may-now,gcode-in-print}.ts',
    ],
    // Those without a wire: the others meet most of this code, too, and take seconds each.
    tests: [
      'test/main/printers/{capabilities,config-fields,connection,focus,link-reason,own-names}.test.ts',
      'test/main/printers/{printer,service-verbs,state,state-facts,state-job}.test.ts',
      'test/main/printers/{beginning,doing,facts,listing,run-keeper,who-is-who}.test.ts',
      'test/main/printers/{low-battery,power,stop-all,unfinished}.test.ts',
      'test/main/contract/may-now.test.ts',
    ],
  },
}

/** The share of mutants that the tests of a room notice, in per cent. */
export const aim = 85

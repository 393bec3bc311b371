import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from '../lib/log.ts'
import type { DriverContext } from '../printers/index.ts'
import type { Platform } from './platform.ts'

/** Run from its source tree, Gantry has no built programs: then a serial line is hosted in this very process. */
export function feederProgram(
  { dirs, processes }: Platform,
  log: Logger,
): Pick<DriverContext, 'startProgram'> {
  const file = (program: string) => join(dirs.program, `${program}.js`)
  if (!existsSync(file('serial-stream'))) {
    log.warn('USB prints share the process of the engine: the program for them is not built')
    return {}
  }
  return {
    startProgram: program => processes.fork(file(program), { name: `Gantry ${program}`, ownSession: true }),
  }
}

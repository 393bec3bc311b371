import { GantryError, toGantryError } from '../contract/error.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/log.ts'
import type { PrinterCommand } from './driver/driver.ts'
import type { KeptSnapshot } from './kept-snapshot.ts'

/**
 * A caller hears within seconds that the printer accepted; homing, probing and macros take minutes. What is still being
 * done stands in the snapshot, and what failed after its caller was answered is told as a fault.
 */
export interface Doing {
  run(command: PrinterCommand, work: () => Promise<void>): Promise<void>
}

const acceptedMs = 3_000
/** Whether a board started anew is known after this, and nothing less is an answer. */
const restartMs = 10_000

export function createDoing(state: KeptSnapshot, clock: Clock, log: Logger): Doing {
  let count = 0

  const fail = (command: PrinterCommand, thrown: unknown) => {
    const error = toGantryError(thrown)
    log.warn('a command failed after it was accepted', { command: command.kind, error })
    // A line that was lost says so itself.
    if (error.code === 'wire.closed' || error.code === 'cancelled') return
    const said = typeof error.details.said === 'string' ? error.details.said : error.message
    state.put({
      kind: 'fault',
      fault: {
        class: 'other',
        severity: 'warning',
        text: said.slice(0, 500),
        recoverBy: 'clear',
        since: clock.now(),
      },
    })
  }
  return {
    run: (command, work) =>
      new Promise((resolve, reject) => {
        count += 1
        const id = count
        let answered = false
        const limitMs = command.kind === 'restart-machine' ? restartMs : acceptedMs
        const stop = clock.after(limitMs, 'printers accept', () => {
          answered = true
          state.put({ kind: 'command-begun', id, command: command.kind })
          resolve()
        })
        const over = () => {
          stop()
          if (answered) state.put({ kind: 'command-over', id })
        }
        work().then(
          () => {
            over()
            resolve()
          },
          (thrown: unknown) => {
            over()
            if (answered) fail(command, thrown)
            else reject(thrown instanceof GantryError ? thrown : toGantryError(thrown))
          },
        )
      }),
  }
}

import type { Clock } from '../lib/clock.ts'
import type { Dispose } from '../lib/dispose.ts'

/** Many changes in a row become one run a moment later. */
export function createCoalescer(clock: Clock, waitMs: number, name: string, run: () => void) {
  let callOff: Dispose | undefined
  return {
    poke(): void {
      callOff ??= clock.after(waitMs, name, () => {
        callOff = undefined
        run()
      })
    },
    stop(): void {
      callOff?.()
      callOff = undefined
    },
  }
}

import type { Clock } from './clock.ts'
import type { Dispose } from './dispose.ts'

/** Many changes in a row become one run a moment later. */
export function createCoalescer(clock: Clock, waitMs: number, name: string, run: () => void) {
  let callOff: Dispose | undefined
  let isStopped = false
  return {
    poke(): void {
      if (isStopped) return
      callOff ??= clock.after(waitMs, name, () => {
        callOff = undefined
        run()
      })
    },
    /** For good: what still changes while everything closes is told to nobody. */
    stop(): void {
      isStopped = true
      callOff?.()
      callOff = undefined
    },
  }
}

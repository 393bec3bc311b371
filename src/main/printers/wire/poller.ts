import { type GantryError, isGantryError, toGantryError } from '../../contract/error.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Dispose } from '../../lib/dispose.ts'

/** printer-protocols 7.2: three timeouts in a row are a dead line, one is nothing. */
const failuresAllowed = 3
const slowestMs = 30_000

/**
 * Asks now and then, one question at a time. After a failure it waits longer; when the line is surely gone
 * (nobody listens, three failures in a row) it stops and says why. A reply that makes no sense counts as one.
 */
export function createPoller(options: {
  readonly clock: Clock
  readonly name: string
  readonly periodMs: () => number
  readonly ask: () => Promise<void>
  readonly onGone: (reason: GantryError) => void
}): { readonly stop: Dispose; readonly hurry: () => void } {
  let cancelTimer = () => {}
  let failures = 0
  let stopped = false
  let asking = false

  const plan = () => {
    if (stopped) return
    cancelTimer()
    const delayMs = Math.min(slowestMs, options.periodMs() * 2 ** failures)
    cancelTimer = options.clock.after(delayMs, options.name, () => void turn())
  }
  const turn = async () => {
    if (asking || stopped) return
    asking = true
    try {
      await options.ask()
      failures = 0
    } catch (thrown) {
      const reason = toGantryError(thrown)
      failures++
      if (stopped) return
      if (isGantryError(reason, 'printer.credentials') || failures >= failuresAllowed) {
        stopped = true
        options.onGone(reason)
        return
      }
    } finally {
      asking = false
    }
    plan()
  }
  plan()
  return {
    stop() {
      stopped = true
      cancelTimer()
    },
    hurry: () => void turn(),
  }
}

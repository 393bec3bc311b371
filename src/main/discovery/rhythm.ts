import type { Clock } from '../lib/clock.ts'
import type { Dispose } from '../lib/dispose.ts'

/** After the first question two more, because datagrams get lost. */
const firstGapsMs = [1_000, 3_000]
/** While somebody looks at what was found. */
const lookedAtMs = 10_000
/** While nobody does: often enough to notice a printer that moved, seldom enough to be no noise. */
const quietMs = 120_000
/** A line that breaks asks at once, a hundred of them not a hundred times. */
const hurryGapMs = 5_000

/** When the network is asked, and how often. */
export interface Rhythm {
  start(): Dispose
  /** Somebody looks, until undone. */
  look(): Dispose
  /** Now, if it was not asked just before. */
  hurry(): void
}

export function createRhythm(clock: Clock, ask: () => void): Rhythm {
  let running = false
  let asked = 0
  let askedAt = 0
  let looking = 0
  let hurrying = false
  let cancel = () => {}

  const gapMs = () => {
    const usual = firstGapsMs[asked - 1] ?? (looking > 0 ? lookedAtMs : quietMs)
    return hurrying ? Math.min(hurryGapMs, usual) : usual
  }
  const schedule = () => {
    cancel()
    if (!running) return
    const delayMs = asked === 0 ? 0 : Math.max(0, askedAt + gapMs() - clock.elapsed())
    cancel = clock.after(delayMs, 'discovery.ask', fire)
  }
  const fire = () => {
    askedAt = clock.elapsed()
    asked++
    hurrying = false
    ask()
    schedule()
  }
  const hurry = () => {
    hurrying = true
    schedule()
  }
  return {
    start() {
      running = true
      schedule()
      return () => {
        running = false
        cancel()
      }
    },
    look() {
      looking++
      hurry()
      let over = false
      return () => {
        if (!over) looking--
        over = true
        schedule()
      }
    },
    hurry,
  }
}

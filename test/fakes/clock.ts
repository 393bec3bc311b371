import type { Clock } from '../../src/main/lib/clock.ts'

export interface FakeClock extends Clock {
  /** Moves time on, running every timer that falls due, in order, with promises settled in between. */
  advance(ms: number): Promise<void>
  /** Names of the timers still waiting: a test can assert that nothing was left behind. */
  waiting(): string[]
}

interface Timer {
  readonly name: string
  readonly run: () => void
  readonly periodMs: number | undefined
  dueMs: number
}

export function createFakeClock(startAt = Date.UTC(2030, 0, 1, 12)): FakeClock {
  const timers = new Set<Timer>()
  let elapsedMs = 0

  const add = (timer: Timer) => {
    timers.add(timer)
    return () => {
      timers.delete(timer)
    }
  }
  const nextDue = (untilMs: number) =>
    [...timers].filter(timer => timer.dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs)[0]

  return {
    now: () => startAt + elapsedMs,
    elapsed: () => elapsedMs,
    after: (delayMs, name, run) => add({ name, run, periodMs: undefined, dueMs: elapsedMs + delayMs }),
    every: (periodMs, name, run) => add({ name, run, periodMs, dueMs: elapsedMs + periodMs }),
    waiting: () => [...timers].map(timer => timer.name),
    async advance(ms) {
      const untilMs = elapsedMs + ms
      for (let timer = nextDue(untilMs); timer; timer = nextDue(untilMs)) {
        elapsedMs = Math.max(elapsedMs, timer.dueMs)
        if (timer.periodMs === undefined) timers.delete(timer)
        else timer.dueMs += timer.periodMs
        timer.run()
        await settle()
      }
      elapsedMs = untilMs
      await settle()
    },
  }
}

/** Lets every promise that is already resolved run its continuations. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise<void>(resolve => setImmediate(resolve))
}

import type { Dispose } from './dispose.ts'

/** Time, handed in everywhere so that tests own it. Timers carry a name so that a hung stop can say its reason. */
export interface Clock {
  /** Wall clock, epoch milliseconds. */
  now(): number
  /** Monotonic milliseconds; only differences mean anything. */
  elapsed(): number
  after(delayMs: number, name: string, run: () => void): Dispose
  every(periodMs: number, name: string, run: () => void): Dispose
}

/** Timers that never keep a process alive by themselves: a clean stop must not wait for a forgotten one. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(delayMs, _name, run) {
    const timer = setTimeout(run, delayMs)
    timer.unref()
    return () => clearTimeout(timer)
  },
  every(periodMs, _name, run) {
    const timer = setInterval(run, periodMs)
    timer.unref()
    return () => clearInterval(timer)
  },
}

import type { LogSink } from './log.ts'

export interface LogRing extends LogSink {
  /** Oldest first. */
  lines(): readonly string[]
}

/** Keeps the last lines in memory, for the diagnostics screen. */
export function createLogRing(limit: number): LogRing {
  let held: string[] = []
  return {
    write(line) {
      held.push(line)
      // Cutting only at twice the limit keeps the cost of a line constant.
      if (held.length >= limit * 2) held = held.slice(-limit)
    },
    lines: () => held.slice(-limit),
  }
}

/** A planner of sixteen short moves lasts about this long; a gap below it cannot be seen on the part. */
const UNDERRUN_MS = 50

export interface Underruns {
  readonly count: number
  readonly worstMs: number
  readonly totalMs: number
}

/**
 * How often the printer had room and got nothing: from the moment an `ok` made room to the moment the next line of
 * the print left, and how late this process came back to its own timer, during which no `ok` could be read at all.
 */
export interface UnderrunMeter {
  gap(gapMs: number): void
  read(): Underruns
  reset(): void
}

export function createUnderrunMeter(): UnderrunMeter {
  let count = 0
  let worstMs = 0
  let totalMs = 0
  return {
    gap(gapMs) {
      if (gapMs > worstMs) worstMs = gapMs
      if (gapMs < UNDERRUN_MS) return
      count += 1
      totalMs += gapMs
    },
    read: () => ({ count, worstMs, totalMs }),
    reset() {
      count = 0
      worstMs = 0
      totalMs = 0
    },
  }
}

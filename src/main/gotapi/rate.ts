import type { Clock } from '../lib/clock.ts'

/** Counts per name and minute; names that did nothing for a minute are forgotten, the oldest first when many. */
export function createRate(clock: Clock, perMinute: number, namesKept: number) {
  const windows = new Map<string, { readonly startMs: number; count: number }>()
  const minuteMs = 60_000

  return {
    /** False when it was too often. */
    take(name: string): boolean {
      const nowMs = clock.elapsed()
      const known = windows.get(name)
      if (known && nowMs - known.startMs < minuteMs) {
        known.count += 1
        return known.count <= perMinute
      }
      windows.delete(name)
      windows.set(name, { startMs: nowMs, count: 1 })
      for (const [oldest, { startMs }] of windows) {
        if (windows.size <= namesKept && nowMs - startMs < minuteMs) break
        windows.delete(oldest)
      }
      return true
    },
  }
}

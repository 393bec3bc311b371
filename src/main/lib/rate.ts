import type { Clock } from './clock.ts'

/** Counts per name and window; names that did nothing for a window are forgotten, the oldest first when many. */
export function createRate(
  clock: Clock,
  { limit, windowMs, namesKept }: { limit: () => number; windowMs: number; namesKept: number },
) {
  const windows = new Map<string, { readonly startMs: number; count: number }>()

  return {
    /** False when it was too often. */
    take(name: string): boolean {
      const nowMs = clock.elapsed()
      const known = windows.get(name)
      if (known && nowMs - known.startMs < windowMs) {
        known.count += 1
        return known.count <= limit()
      }
      windows.delete(name)
      windows.set(name, { startMs: nowMs, count: 1 })
      for (const [oldest, { startMs }] of windows) {
        if (windows.size <= namesKept && nowMs - startMs < windowMs) break
        windows.delete(oldest)
      }
      return true
    },
  }
}

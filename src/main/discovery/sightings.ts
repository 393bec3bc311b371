import type { Clock } from '../lib/clock.ts'
import type { PrinterDriver, Sighting } from '../printers/index.ts'
import { type Found, type Merged, match, merge } from './matching.ts'

/** More than any room holds; a network that floods us with names does not fill memory. */
const mostSightings = 300
/** What stayed silent at so many questions in a row is gone ... */
const mostMissed = 3
/** ... but not before those that speak unasked every 30 s had as many turns. */
const leastSilenceMs = 90_000

interface Entry {
  readonly found: Found
  /** Of the monotonic clock: a wall clock that jumps makes nothing old or young. */
  readonly heardAt: number
  readonly missed: number
}

/** What is seen right now, and how long ago. */
export interface Sightings {
  /** Whether it told something new. */
  see(key: string, sighting: Sighting): boolean
  lose(key: string): boolean
  at(key: string): Found | undefined
  /** A question went out: what has not answered the last ones is dropped. */
  round(): boolean
  all(): (Merged & { readonly ageMs: number })[]
}

export function createSightings(drivers: readonly PrinterDriver[], clock: Clock): Sightings {
  const entries = new Map<string, Entry>()
  return {
    see(key, sighting) {
      const before = entries.get(key)
      if (before === undefined && entries.size >= mostSightings) return false
      const found = match(drivers, sighting, key)
      if (found === undefined) return entries.delete(key)
      entries.set(key, { found, heardAt: clock.elapsed(), missed: 0 })
      return JSON.stringify(before?.found) !== JSON.stringify(found)
    },
    lose: key => entries.delete(key),
    at: key => entries.get(key)?.found,
    round() {
      let dropped = false
      for (const [key, entry] of [...entries]) {
        if (entry.found.via === 'usb') continue
        const missed = entry.missed + 1
        const isGone = missed > mostMissed && clock.elapsed() - entry.heardAt >= leastSilenceMs
        if (isGone) entries.delete(key)
        else entries.set(key, { ...entry, missed })
        dropped ||= isGone
      }
      return dropped
    },
    all() {
      const merged = merge([...entries.values()].map(({ found }) => found))
      return merged.map(found => ({
        ...found,
        ageMs: clock.elapsed() - (entries.get(found.key)?.heardAt ?? clock.elapsed()),
      }))
    },
  }
}

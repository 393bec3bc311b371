import type { Dispose } from '../lib/dispose.ts'
import type { NetworkSighting } from '../printers/index.ts'

/** What is told of an announcement. `key` names the announcement, whatever it says of the device behind it. */
export interface Hearing {
  seen(key: string, sighting: NetworkSighting): void
  gone(key: string): void
}

/** One way of hearing what announces itself in the network. It asks only when told to: `rhythm.ts` says when. */
export interface Announcements {
  start(hearing: Hearing): Dispose
  /** One question on every interface there is now. */
  ask(): void
  /** How many announcements of any kind came from outside: none at all means that they do not come through. */
  heard(): number
  /** The network is left alone. */
  readonly isOff?: true
}

/** For those who want the network left alone. */
export const noAnnouncements: Announcements = {
  start: () => () => {},
  ask: () => {},
  heard: () => 0,
  isOff: true,
}

/** Several sources as one. */
export function mergeAnnouncements(...sources: readonly Announcements[]): Announcements {
  return {
    start(hearing) {
      const stops = sources.map(announcements => announcements.start(hearing))
      return () => {
        for (const stop of stops) stop()
      }
    },
    ask() {
      for (const announcements of sources) announcements.ask()
    },
    heard: () => sources.reduce((sum, announcements) => sum + announcements.heard(), 0),
  }
}

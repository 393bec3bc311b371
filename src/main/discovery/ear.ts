import type { Dispose } from '../lib/dispose.ts'
import type { NetworkSighting } from '../printers/index.ts'

/** What an ear tells. `key` names the announcement, whatever it says of the device behind it. */
export interface Hearing {
  seen(key: string, sighting: NetworkSighting): void
  gone(key: string): void
}

/** One way of hearing what announces itself in the network. It asks only when told to: `rhythm.ts` says when. */
export interface Ear {
  start(hearing: Hearing): Dispose
  /** One question on every interface there is now. */
  ask(): void
  /** How many announcements of any kind came from outside: none at all means that they do not come through. */
  heard(): number
  /** The network is left alone. */
  readonly isDeaf?: true
}

/** For those who want the network left alone. */
export const deafEar: Ear = { start: () => () => {}, ask: () => {}, heard: () => 0, isDeaf: true }

/** Several ears as one. */
export function bothEars(...ears: readonly Ear[]): Ear {
  return {
    start(hearing) {
      const stops = ears.map(ear => ear.start(hearing))
      return () => {
        for (const stop of stops) stop()
      }
    },
    ask() {
      for (const ear of ears) ear.ask()
    },
    heard: () => ears.reduce((sum, ear) => sum + ear.heard(), 0),
  }
}

import type { Clock } from '../../lib/clock.ts'
import type { AccessStore, Silenced } from './access-store.ts'
import type { Asker } from './asker.ts'
import { identityOf } from './client.ts'

export type Silence = ReturnType<typeof createSilence>

/** Who is not to ask the owner again. By origin and way: anybody on the network can say any origin. */
export function createSilence({ clock, store }: { readonly clock: Clock; readonly store: AccessStore }) {
  const known = new Map<string, Silenced>()
  const nameOf = ({ origin, via }: Asker) => identityOf({ origin, via, device: '' })

  return {
    load() {
      for (const silenced of store.silenced()) known.set(nameOf(silenced), silenced)
    },
    has: (asker: Asker) => known.has(nameOf(asker)),
    add(asker: Asker): void {
      const silenced = { origin: asker.origin, via: asker.via, since: clock.now() }
      store.saveSilenced(silenced)
      known.set(nameOf(asker), silenced)
    },
    /** False when it may ask anyway. */
    remove(asker: Asker): boolean {
      store.removeSilenced(asker.origin, asker.via)
      return known.delete(nameOf(asker))
    },
    list: (): readonly Silenced[] => [...known.values()],
  }
}

import type { Via } from '../../handlers/caller.ts'
import type { Clock } from '../../lib/clock.ts'
import type { AnswerKey } from '../protocol/hmac.ts'
import type { AccessStore, PairedKey } from './access-store.ts'
import type { Asker } from './asker.ts'
import { identityOf, type Member } from './client.ts'
import { limits } from './limits.ts'

export type AnswerKeys = ReturnType<typeof createAnswerKeys>

/**
 * gotapi 10.3: which key signs the answers to an origin. A key given with availability (text mode) belongs to
 * the grant that follows it and then to that client; a key paired by link or by the owner (hex mode) to the origin.
 */
export function createAnswerKeys({ clock, store }: { readonly clock: Clock; readonly store: AccessStore }) {
  const paired = new Map<string, PairedKey>()
  const pending = new Map<string, { readonly key: string; readonly via: Via; readonly untilMs: number }>()

  const nameOf = ({ origin, via }: Asker) => identityOf({ origin, via, device: '' })

  const pendingOf = (asker: Asker): string | undefined => {
    const known = pending.get(nameOf(asker))
    if (known && known.untilMs > clock.elapsed()) return known.key
    pending.delete(nameOf(asker))
    return undefined
  }

  return {
    load() {
      for (const key of store.keys()) paired.set(key.origin, key)
    },
    /** Replaces the application's earlier one; the oldest of its way goes when too many come that way. */
    offer(asker: Asker, key: string): void {
      const { via } = asker
      pending.delete(nameOf(asker))
      pending.set(nameOf(asker), { key, via, untilMs: clock.elapsed() + limits.pendingKeyMs })
      const sameWay = [...pending].filter(([, offered]) => offered.via === via)
      const [oldest] = sameWay
      if (sameWay.length > limits.pendingKeys && oldest) pending.delete(oldest[0])
    },
    offered: pendingOf,
    /** The grant is complete: from now on the key is the client's. */
    claimed(asker: Asker): void {
      pending.delete(nameOf(asker))
    },
    pair(origin: string, key: string): void {
      const entry = { origin, key, since: clock.now() }
      store.saveKey(entry)
      paired.set(origin, entry)
    },
    unpair(origin: string): boolean {
      store.removeKey(origin)
      return paired.delete(origin)
    },
    list: (): readonly PairedKey[] => [...paired.values()],
    /** `member`: whose token came, or who else calls from this origin. */
    keyFor(asker: Asker, member: Member | undefined, isGranting: boolean): AnswerKey | undefined {
      const own = isGranting
        ? (pendingOf(asker) ?? member?.answerKey)
        : (member?.answerKey ?? pendingOf(asker))
      if (own !== undefined) return { mode: 'text', key: own }
      const key = paired.get(asker.origin)?.key
      return key === undefined ? undefined : { mode: 'hex', key }
    },
  }
}

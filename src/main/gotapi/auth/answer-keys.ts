import type { Clock } from '../../lib/clock.ts'
import type { AnswerKey } from '../protocol/hmac.ts'
import type { AccessStore, PairedKey } from './access-store.ts'
import type { Member } from './clients.ts'
import { limits } from './limits.ts'

const PENDING_KEPT = 500

export type AnswerKeys = ReturnType<typeof createAnswerKeys>

/**
 * gotapi 10.3: which key signs the answers to an origin. A key given with availability (text mode) belongs to
 * the grant that follows it and then to that client; a key paired by link or by the owner (hex mode) to the origin.
 */
export function createAnswerKeys({ clock, store }: { readonly clock: Clock; readonly store: AccessStore }) {
  const paired = new Map<string, PairedKey>()
  const pending = new Map<string, { readonly key: string; readonly untilMs: number }>()

  const pendingOf = (origin: string): string | undefined => {
    const known = pending.get(origin)
    if (known && known.untilMs > clock.elapsed()) return known.key
    pending.delete(origin)
    return undefined
  }

  return {
    load() {
      for (const key of store.keys()) paired.set(key.origin, key)
    },
    /** Replaces the origin's earlier one; the oldest of all goes when applications bring too many. */
    offer(origin: string, key: string): void {
      pending.delete(origin)
      pending.set(origin, { key, untilMs: clock.elapsed() + limits.pendingKeyMs })
      const oldest = pending.keys().next().value
      if (pending.size > PENDING_KEPT && oldest !== undefined) pending.delete(oldest)
    },
    /** The grant is complete: from now on the key is the client's. */
    claim(origin: string): string | undefined {
      const key = pendingOf(origin)
      pending.delete(origin)
      return key
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
    keyFor(origin: string, member: Member | undefined, isGranting: boolean): AnswerKey | undefined {
      const own = isGranting
        ? (pendingOf(origin) ?? member?.answerKey)
        : (member?.answerKey ?? pendingOf(origin))
      if (own !== undefined) return { mode: 'text', key: own }
      const key = paired.get(origin)?.key
      return key === undefined ? undefined : { mode: 'hex', key }
    },
  }
}

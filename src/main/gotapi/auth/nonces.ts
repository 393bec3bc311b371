import type { Clock } from '../../lib/clock.ts'
import type { Asker } from './asker.ts'
import { identityOf } from './client.ts'
import { limits } from './limits.ts'

/** gotapi 10.3: a nonce seen again within ten minutes from the same application. Off unless the owner wants it. */
export function createNonces(clock: Clock) {
  const seen = new Map<string, number>()
  return {
    /** The empty nonce never repeats: a client in the field sends no other. */
    isRepeated({ origin, via }: Asker, nonce: string): boolean {
      if (nonce === '') return false
      const name = `${identityOf({ origin, via, device: '' })} ${nonce}`
      const nowMs = clock.elapsed()
      for (const [oldest, atMs] of seen) {
        if (seen.size <= limits.noncesKept && nowMs - atMs < limits.nonceMs) break
        seen.delete(oldest)
      }
      if (seen.has(name)) return true
      seen.set(name, nowMs)
      return false
    },
  }
}

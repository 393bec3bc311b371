import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

const secretBytes = 32
const longestSecret = 200

/** @param {string} secret */
const hashOf = secret => createHash('sha256').update(secret).digest()

/**
 * Secrets of 256 random bits with a life and something they stand for. Only their hashes are kept: whoever reads
 * this server's memory or a dump of it finds no token that works.
 *
 * @template What
 * @param {{ now: () => number, lifeMs: number, most: number }} options
 */
export function createTickets({ now, lifeMs, most }) {
  /** @type {Map<string, { hash: Buffer, expiresAt: number, what: What }>} */
  const kept = new Map()

  /** An ended one is remembered as long again, so that it can be told from one that never was. */
  const sweep = () => {
    for (const [key, { expiresAt }] of kept) if (expiresAt + lifeMs <= now()) kept.delete(key)
    for (const key of kept.keys()) {
      if (kept.size < most) return
      kept.delete(key)
    }
  }

  return {
    /** @param {What} what */
    issue(what) {
      sweep()
      const secret = randomBytes(secretBytes).toString('base64url')
      const hash = hashOf(secret)
      const expiresAt = now() + lifeMs
      kept.set(hash.toString('hex'), { hash, expiresAt, what })
      return { secret, expiresAt }
    },
    /**
     * @param {string} secret
     * @returns {{ what: What, isExpired: boolean } | undefined}
     */
    find(secret) {
      if (secret.length > longestSecret) return undefined
      const hash = hashOf(secret)
      const entry = kept.get(hash.toString('hex'))
      if (entry === undefined || !timingSafeEqual(entry.hash, hash)) return undefined
      return { what: entry.what, isExpired: entry.expiresAt <= now() }
    },
    /** @param {string} secret */
    end(secret) {
      return kept.delete(hashOf(secret).toString('hex'))
    },
  }
}

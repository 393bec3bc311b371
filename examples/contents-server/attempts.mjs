const windowMs = 60_000
const mostNames = 1_000

/**
 * How often somebody may try within a minute.
 *
 * @param {{ now: () => number, most: number }} options
 */
export function createAttempts({ now, most }) {
  /** @type {Map<string, { count: number, sinceAt: number }>} */
  const tries = new Map()
  return {
    /** @param {string} name */
    mayTry(name) {
      const entry = tries.get(name)
      if (entry === undefined || entry.sinceAt + windowMs <= now()) {
        tries.delete(name)
        if (tries.size >= mostNames) tries.delete(tries.keys().next().value ?? '')
        tries.set(name, { count: 1, sinceAt: now() })
        return true
      }
      entry.count += 1
      return entry.count <= most
    },
  }
}

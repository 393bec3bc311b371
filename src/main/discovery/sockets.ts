/**
 * Boards without a serial number are known by the socket they are plugged into. Two of them out of their sockets at
 * one time may come back swapped, and nothing on the bus would tell.
 */
export interface Sockets {
  out(identity: string): void
  /** Whose place may be another's since then. */
  back(identity: string): readonly string[]
}

export function createSockets(): Sockets {
  const absent = new Set<string>()
  /** Out at one time with. */
  const met = new Map<string, Set<string>>()
  const partners = (identity: string) => {
    const set = met.get(identity) ?? new Set()
    met.set(identity, set)
    return set
  }
  return {
    out(identity) {
      for (const other of absent) {
        if (other === identity) continue
        partners(identity).add(other)
        partners(other).add(identity)
      }
      absent.add(identity)
    },
    back(identity) {
      absent.delete(identity)
      const both = [...partners(identity)].filter(other => !absent.has(other))
      for (const other of both) {
        partners(identity).delete(other)
        partners(other).delete(identity)
      }
      return both
    },
  }
}

import { GantryError } from '../contract/error.ts'
import type { Dispose } from '../lib/dispose.ts'
import type { Place, SocketMount, VisitHandler } from './place.ts'

export type Mounts = ReturnType<typeof createMounts>

/** Who answers under which path. Paths are compared without regard to case (gotapi 3.2). */
export function createMounts() {
  const visits = new Map<string, VisitHandler>()
  const sockets = new Map<string, SocketMount>()

  return {
    /** Everything at this path and below it. */
    mount: (prefix: string, handler: VisitHandler): Dispose => enter(visits, prefix, handler),
    /** WebSockets of exactly this path. */
    mountSocket: (path: string, mount: SocketMount): Dispose => enter(sockets, path, mount),

    find(path: string): VisitHandler | undefined {
      const lower = path.toLowerCase()
      for (const [prefix, handler] of visits) {
        if (lower.startsWith(prefix) && (lower.length === prefix.length || lower[prefix.length] === '/')) {
          return handler
        }
      }
      return undefined
    },
    findSocket: (path: string): SocketMount | undefined => sockets.get(path.toLowerCase()),
    closeSockets(place: Place): void {
      for (const mount of sockets.values()) mount.closeAll(place)
    },
  }
}

function enter<Handler>(all: Map<string, Handler>, path: string, handler: Handler): Dispose {
  const key = path.toLowerCase()
  for (const known of all.keys()) {
    const [short, long] = known.length < key.length ? [known, key] : [key, known]
    if (long === short || long.startsWith(`${short}/`)) {
      throw new GantryError('internal.bug', `${path} is mounted twice: ${known} is there already.`)
    }
  }
  all.set(key, handler)
  return () => {
    if (all.get(key) === handler) all.delete(key)
  }
}

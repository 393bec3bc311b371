import type { Payload } from './answer.ts'
import type { Params } from './request.ts'

export type EventListener = (event: Payload) => void

/** One thing the page follows, however many listeners it has. */
export interface Registration {
  readonly path: string
  readonly params: Params
  readonly listeners: Set<EventListener>
  readonly failed: Set<(code: number, message: string) => void>
  /** Whether the server was ever asked for it: what another tab asked for is not ours to end. */
  isStarted: boolean
}

const serviceOf = (params: Params): string => String(params.serviceId ?? '')
const keyOf = (path: string, params: Params): string => `${path.toLowerCase()} ${serviceOf(params)}`

/** gotapi 9: the names of a frame, joined as its path was asked for. */
const pathOf = ({ profile, interface: part, attribute }: Payload): string =>
  [profile, part, attribute]
    .filter(name => typeof name === 'string' && name !== '')
    .join('/')
    .toLowerCase()

/** What the page follows, and who gets which frame. */
export function createRegistrations() {
  const all = new Map<string, Registration>()

  return {
    get size(): number {
      return all.size
    },
    list: (): Registration[] => [...all.values()],
    has: (registration: Registration): boolean =>
      all.get(keyOf(registration.path, registration.params)) === registration,

    /** The registration of this path and service, and whether it is a new one. */
    open(path: string, params: Params): { readonly registration: Registration; readonly isNew: boolean } {
      const key = keyOf(path, params)
      const known = all.get(key)
      if (known) return { registration: known, isNew: false }
      const registration: Registration = {
        path,
        params,
        listeners: new Set(),
        failed: new Set(),
        isStarted: false,
      }
      all.set(key, registration)
      return { registration, isNew: true }
    },

    close(registration: Registration): void {
      if (this.has(registration)) all.delete(keyOf(registration.path, registration.params))
    },

    deliver(frame: Payload): void {
      const path = pathOf(frame)
      for (const registration of all.values()) {
        const service = serviceOf(registration.params)
        if (registration.path.toLowerCase() !== path) continue
        if (service !== '' && service !== frame.serviceId) continue
        for (const listener of [...registration.listeners]) listener(frame)
      }
    },
  }
}

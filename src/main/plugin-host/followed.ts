import type { ServiceAnswer, ServiceCall, ServiceEvent, ServicePath } from './service-host.ts'

interface Entry {
  readonly call: ServiceCall
  readonly localId: string
  /** Whoever repeats an unknown PUT may repeat a command. One that brought an event was none. */
  isProven: boolean
}

/** Who follows what of one plug-in, so that it can be told again when it begins a new life. */
export interface Followed {
  /** Before the plug-in is asked: its first event may come on the heels of its answer. */
  begin(call: ServiceCall, localId: string): void
  /** The plug-in has answered. */
  settle(call: ServiceCall, answer: ServiceAnswer): void
  /** An event went out. */
  prove(event: ServiceEvent): void
  drop(callerId: string): void
  proven(): readonly Pick<Entry, 'call' | 'localId'>[]
}

export function createFollowed(): Followed {
  const entries = new Map<string, Entry>()
  const keyOf = (call: ServiceCall) => `${call.caller.id} ${placeOf(call)}`

  return {
    begin(call, localId) {
      if (!call.follows || call.action !== 'PUT' || entries.has(keyOf(call))) return
      entries.set(keyOf(call), { call, localId, isProven: false })
    },
    settle(call, answer) {
      if (call.follows && (call.action === 'DELETE' || answer.result !== 0)) entries.delete(keyOf(call))
    },
    prove(event) {
      const place = placeOf(event)
      for (const entry of entries.values()) {
        const isMeant = event.callerId === undefined || event.callerId === entry.call.caller.id
        if (isMeant && placeOf(entry.call) === place) entry.isProven = true
      }
    },
    drop(callerId) {
      for (const [key, { call }] of entries) if (call.caller.id === callerId) entries.delete(key)
    },
    proven: () => [...entries.values()].filter(({ isProven }) => isProven),
  }
}

/** gotapi 8.2: profile, interface and attribute without case, the service with. */
function placeOf(place: ServicePath & { readonly serviceId: string }): string {
  const { serviceId, profile, interface: part = '', attribute = '' } = place
  return JSON.stringify([serviceId, `${profile}/${part}/${attribute}`.toLowerCase()])
}

import type { Outcome } from '../handlers/outcome.ts'
import type { ServiceCall, ServiceEvent, ServicePath } from './service-host.ts'

interface Entry {
  /** The newest PUT that succeeded, or else the first. */
  call: ServiceCall
  readonly localId: string
  readonly place: string
  /** Whoever repeats an unknown PUT may repeat a command. One that brought an event was none. */
  isProven: boolean
}

/** Who follows what of one plug-in, so that it can be told again when it begins a new life. */
export interface Followed {
  /** Before the plug-in is asked: its first event may come on the heels of its answer. */
  begin(call: ServiceCall, localId: string): void
  /** The plug-in has answered. */
  settle(call: ServiceCall, answer: Outcome): void
  /** An event went out. */
  prove(event: ServiceEvent): void
  drop(callerId: string): void
  proven(): readonly Pick<Entry, 'call' | 'localId'>[]
}

export function createFollowed(): Followed {
  const entries = new Map<string, Entry>()
  /** By place: events are many, and the first of each place is all that is asked here. */
  const unproven = new Map<string, Set<Entry>>()
  const keyOf = (call: ServiceCall) => `${call.caller.id} ${placeOf(call)}`

  const remove = (key: string, entry: Entry) => {
    entries.delete(key)
    const waiting = unproven.get(entry.place)
    waiting?.delete(entry)
    if (waiting?.size === 0) unproven.delete(entry.place)
  }

  return {
    begin(call, localId) {
      const key = keyOf(call)
      if (!call.follows || call.action !== 'PUT' || entries.has(key)) return
      const entry = { call, localId, place: placeOf(call), isProven: false }
      entries.set(key, entry)
      unproven.set(entry.place, (unproven.get(entry.place) ?? new Set()).add(entry))
    },
    settle(call, answer) {
      const key = keyOf(call)
      const entry = entries.get(key)
      if (!entry || !call.follows) return
      if (call.action === 'PUT' && answer.result === 0) entry.call = call
      // A repeated PUT that failed leaves what stood.
      else if (call.action === 'DELETE' || entry.call === call) remove(key, entry)
    },
    prove(event) {
      if (unproven.size === 0) return
      const place = placeOf(event)
      const waiting = unproven.get(place)
      for (const entry of waiting ?? []) {
        if (event.callerId !== undefined && event.callerId !== entry.call.caller.id) continue
        entry.isProven = true
        waiting?.delete(entry)
      }
      if (waiting?.size === 0) unproven.delete(place)
    },
    drop(callerId) {
      for (const [key, entry] of entries) if (entry.call.caller.id === callerId) remove(key, entry)
    },
    proven: () => [...entries.values()].filter(({ isProven }) => isProven),
  }
}

/** gotapi 8.2: profile, interface and attribute without case, the service with. */
function placeOf(place: ServicePath & { readonly serviceId: string }): string {
  const { serviceId, profile, interface: part = '', attribute = '' } = place
  return JSON.stringify([serviceId, `${profile}/${part}/${attribute}`.toLowerCase()])
}

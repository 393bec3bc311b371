import type { RouteResult } from '@contract/routes.ts'
import { defineStore } from 'pinia'
import { computed } from 'vue'
import type { News } from './collection-machine.ts'
import { useEngineClock } from './engine-clock.ts'
import { useServices } from './services.ts'
import { useCollection } from './use-collection.ts'

type Told = RouteResult<'GET printers/list'>
export type Printer = Told['printers'][number]

/** The profile that only the service for the whole room has. */
const roomProfile = 'printersetup'

/** Every printer as the engine tells it: all of them first, then those that changed. */
export const usePrinters = defineStore('printers', () => {
  const clock = useEngineClock()
  const all = useServices()
  /** Undefined: not known yet. Null: nothing in this Gantry speaks for the room. */
  const roomId = computed(() => {
    const room = all.services.find(({ scopes }) => scopes.includes(roomProfile))?.id
    return room ?? (all.isKnown ? null : undefined)
  })

  function newsOf({ at, sequence, full, printers, removed }: Told): News<Printer, undefined> {
    clock.learn(at)
    return { sequence, full, items: printers, removed, rest: undefined }
  }
  const list = useCollection({
    read: 'GET printers/list',
    event: 'EVENT printers/list',
    params: () => (roomId.value ? { serviceId: roomId.value } : undefined),
    ofAnswer: told => newsOf({ ...told, full: true }),
    ofEvent: newsOf,
    idOf: ({ id }) => id,
  })

  return {
    roomId,
    /** In the order they were added: a card keeps its place whatever its printer does. */
    printers: computed(() => list.items.value.toSorted((a, b) => a.addedAt - b.addedAt)),
    one: list.one,
    isKnown: list.isKnown,
    refusal: computed(() => list.refusal.value ?? all.refusal),
    read: () => (roomId.value ? list.read() : all.read()),
  }
})

import type { Refusal } from '@contract/client.ts'
import type { RouteResult } from '@contract/routes.ts'
import { defineStore } from 'pinia'
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { useBridge } from '../api/index.ts'

type PrinterList = RouteResult<'GET printers/list'>
export type Printer = PrinterList['printers'][number]
type Services = RouteResult<'GET servicediscovery'>['services']

/** The profile that only the service for the whole room has. */
const roomProfile = 'printersetup'

/** Every printer as the engine tells it: all of them first, then those that changed. */
export const usePrinters = defineStore('printers', () => {
  const bridge = useBridge()
  /** Undefined: not known yet. Null: nothing in this Gantry speaks for the room. */
  const roomId = ref<string | null>()
  const byId = shallowRef<ReadonlyMap<string, Printer>>()
  const refusal = shallowRef<Refusal>()
  let sequence = -1
  let leave = () => {}

  function findRoom(services: Services): void {
    roomId.value = services.find(({ scopes }) => scopes.includes(roomProfile))?.id ?? null
  }

  async function discover(): Promise<void> {
    const answer = await bridge.call('GET servicediscovery', {})
    if (answer.result === 0) findRoom(answer.services)
    else refusal.value = answer
  }

  function take(list: PrinterList): void {
    const isGap = !list.full && list.sequence !== sequence + 1
    sequence = list.sequence
    const next = new Map(list.full ? [] : byId.value)
    for (const printer of list.printers) next.set(printer.id, printer)
    for (const id of list.removed) next.delete(id)
    byId.value = next
    refusal.value = undefined
    if (isGap) void read()
  }

  async function read(): Promise<void> {
    if (!roomId.value) return discover()
    const answer = await bridge.call('GET printers/list', { serviceId: roomId.value })
    if (answer.result === 0) take({ ...answer, full: true })
    else refusal.value = answer
  }

  watch(roomId, room => {
    leave()
    leave = () => {}
    if (!room) return
    leave = bridge.subscribe('EVENT printers/list', { serviceId: room }, take)
    void read()
  })
  onScopeDispose(
    bridge.subscribe('EVENT servicediscovery/onservicechange', {}, ({ networkService }) =>
      findRoom(networkService.services),
    ),
  )
  onScopeDispose(() => leave())
  void discover()

  /** In the order they were added: a card keeps its place whatever its printer does. */
  const printers = computed(() => [...(byId.value?.values() ?? [])].sort((a, b) => a.addedAt - b.addedAt))
  return { roomId, printers, isKnown: computed(() => byId.value !== undefined), refusal, read }
})

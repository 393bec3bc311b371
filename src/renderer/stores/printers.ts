import type { Refusal } from '@contract/client.ts'
import type { RouteResult } from '@contract/routes.ts'
import { defineStore } from 'pinia'
import { computed, onScopeDispose, ref, shallowReactive, shallowRef, watch } from 'vue'
import { useBridge } from '../api/index.ts'
import { useEngineClock } from './engine-clock.ts'

type PrinterList = RouteResult<'GET printers/list'>
export type Printer = PrinterList['printers'][number]
type Services = RouteResult<'GET servicediscovery'>['services']

/** The profile that only the service for the whole room has. */
const roomProfile = 'printersetup'

/** Every printer as the engine tells it: all of them first, then those that changed. */
export const usePrinters = defineStore('printers', () => {
  const bridge = useBridge()
  const clock = useEngineClock()
  /** Undefined: not known yet. Null: nothing in this Gantry speaks for the room. */
  const roomId = ref<string | null>()
  /** Whoever looks at one printer is told of that one only: a hundred cards are not drawn for one nozzle. */
  const byId = shallowReactive(new Map<string, Printer>())
  const isKnown = ref(false)
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

  /** What was told while the list was being asked for; it may be newer than the answer. */
  let meanwhile: PrinterList[] | undefined
  let reading: Promise<void> | undefined

  function put(list: PrinterList): void {
    sequence = list.sequence
    if (list.full) {
      const all = new Set(list.printers.map(({ id }) => id))
      for (const id of [...byId.keys()]) if (!all.has(id)) byId.delete(id)
    }
    for (const printer of list.printers) byId.set(printer.id, printer)
    for (const id of list.removed) byId.delete(id)
    isKnown.value = true
    refusal.value = undefined
  }

  function take(list: PrinterList): void {
    clock.learn(list.at)
    const isGap = !list.full && list.sequence !== sequence + 1
    meanwhile?.push(list)
    put(list)
    if (isGap) void read()
  }

  async function ask(serviceId: string): Promise<void> {
    const later: PrinterList[] = []
    meanwhile = later
    const answer = await bridge.call('GET printers/list', { serviceId })
    meanwhile = undefined
    if (answer.result !== 0) {
      refusal.value = answer
      return
    }
    clock.learn(answer.at)
    put({ ...answer, full: true })
    for (const list of later) if (list.sequence > answer.sequence) put(list)
  }

  async function read(): Promise<void> {
    if (!roomId.value) return discover()
    reading ??= ask(roomId.value).finally(() => {
      reading = undefined
    })
    return reading
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
  const printers = computed(() => [...byId.values()].sort((a, b) => a.addedAt - b.addedAt))
  const one = (id: string): Printer | undefined => byId.get(id)
  return { roomId, printers, one, isKnown, refusal, read }
})

import { createEmitter } from '../../src/main/lib/emitter.ts'
import type {
  ServiceAnswer,
  ServiceCall,
  ServiceEntry,
  ServiceEvent,
  ServiceHost,
} from '../../src/main/plugin-host/index.ts'

/** A plug-in host with one printer and one echo in memory; it records what reaches it and answers as told. */
export interface FakeServices extends ServiceHost {
  readonly calls: ServiceCall[]
  readonly disconnects: string[]
  readonly forgotten: string[]
  readonly cleared: string[]
  readonly wakeups: string[]
  entries: ServiceEntry[]
  /** In place of the usual answer. */
  answer: ((call: ServiceCall, signal?: AbortSignal) => Promise<ServiceAnswer> | ServiceAnswer) | undefined
  emit(event: ServiceEvent): void
  emitServices(): void
}

const entry = (id: string, name: string, scope: string): ServiceEntry => ({
  id,
  serviceId: id,
  name,
  online: true,
  scopes: [scope],
})

export const printerId = 'p1.sim'
export const echoId = 'e1.echo'

export function createFakeServices(): FakeServices {
  const emitter = createEmitter<{ event: ServiceEvent; services: readonly ServiceEntry[] }>(thrown => {
    throw thrown
  })
  const fake: FakeServices = {
    calls: [],
    disconnects: [],
    forgotten: [],
    cleared: [],
    wakeups: [],
    entries: [entry(printerId, 'Desk One', '3dprinter'), entry(echoId, 'Echo', 'echo')],
    answer: undefined,
    discover: async () => fake.entries,
    information: async id =>
      fake.entries.some(each => each.id === id)
        ? {
            connect: { wifi: true, bluetooth: false, ble: false, nfc: false },
            supports: fake.entries.find(each => each.id === id)?.scopes ?? [],
            supportApis: {},
          }
        : undefined,
    async call(call, signal) {
      fake.calls.push(call)
      const service = fake.entries.find(each => each.id === call.serviceId)
      if (!service) return { result: 1, errorCode: 6, errorMessage: 'no such service' }
      if (!service.scopes.includes(call.profile.toLowerCase())) {
        return { result: 1, errorCode: 2, errorMessage: 'not served' }
      }
      if (fake.answer) return fake.answer(call, signal)
      return { result: 0, payload: { echo: { ...call.params }, action: call.action } }
    },
    plugins: () => [
      { id: 'sim', name: 'Printers', version: '1.0.0', supports: ['3dprinter'] },
      { id: 'echo', name: 'Echo', version: '1.0.0', supports: ['echo'] },
    ],
    async wakeup(pluginId) {
      fake.wakeups.push(pluginId)
      return pluginId === 'sim' || pluginId === 'echo'
        ? { result: 0, payload: {} }
        : { result: 1, errorCode: 10, errorMessage: 'no such plug-in' }
    },
    async clearEvents(caller) {
      fake.cleared.push(caller.origin)
    },
    disconnected: caller => fake.disconnects.push(caller.origin),
    forget: caller => fake.forgotten.push(caller.origin),
    on: emitter.on,
    emit: event => emitter.emit('event', event),
    emitServices: () => emitter.emit('services', fake.entries),
  }
  return fake
}

import { type Outcome, refuse } from '../../src/main/handlers/outcome.ts'
import { createEmitter } from '../../src/main/lib/emitter.ts'
import {
  type Guard,
  pluginIdOf,
  type ServiceCall,
  type ServiceEntry,
  type ServiceEvent,
  type ServiceHost,
  type ServiceHostEvents,
  type ThirdPartyPlugin,
} from '../../src/main/plugin-host/index.ts'

/** A plug-in host with one printer and one echo in memory; it records what reaches it and answers as told. */
export interface FakeServices extends ServiceHost {
  readonly calls: ServiceCall[]
  readonly disconnects: string[]
  readonly forgotten: string[]
  readonly cleared: string[]
  readonly wakeups: string[]
  /** Plug-ins whose folder cannot be read now. */
  readonly unread: Set<string>
  readonly left: { readonly origin: string; readonly pluginId: string }[]
  entries: ServiceEntry[]
  /** Which of the plug-ins did not come with Gantry: for these the guard is asked. */
  foreign: ThirdPartyPlugin[]
  /** In place of the usual answer. */
  answer: ((call: ServiceCall, signal?: AbortSignal) => Promise<Outcome> | Outcome) | undefined
  /** Until it resolves, `clearEvents` is under way. */
  clearing: Promise<void> | undefined
  emit(event: ServiceEvent): void
  emitServices(): void
  /** The owner switches a third-party plug-in off, or its folder is gone. */
  lose(pluginId: string): void
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

export function createFakeServices(foreign: readonly ThirdPartyPlugin[] = []): FakeServices {
  const emitter = createEmitter<ServiceHostEvents>(thrown => {
    throw thrown
  })
  let guard: Guard | undefined
  const fake: FakeServices = {
    calls: [],
    disconnects: [],
    forgotten: [],
    cleared: [],
    wakeups: [],
    left: [],
    unread: new Set(),
    isUnread: id => fake.unread.has(id),
    foreign: [...foreign],
    entries: [
      entry(printerId, 'Desk One', '3dprinter'),
      entry(echoId, 'Echo', 'echo'),
      ...foreign.filter(({ id }) => id !== 'echo').map(({ id, name }) => entry(`x1.${id}`, name, id)),
    ],
    answer: undefined,
    clearing: undefined,
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
      const thirdParty = fake.foreign.find(({ id }) => id === pluginIdOf(call.serviceId))
      const refused = thirdParty && (await guard?.(thirdParty, call.caller, signal))
      if (refused) return refused
      fake.calls.push(call)
      const service = fake.entries.find(each => each.id === call.serviceId)
      if (!service) return refuse('service.unknown', 'no such service')
      if (!service.scopes.includes(call.profile.toLowerCase())) {
        return refuse('request.unknown-profile', 'not served')
      }
      if (fake.answer) return fake.answer(call, signal)
      return { result: 0, payload: { echo: { ...call.params }, action: call.action } }
    },
    plugins: () => [
      { id: 'sim', name: 'Printers', version: '1.0.0', supports: ['3dprinter'] },
      { id: 'echo', name: 'Echo', version: '1.0.0', supports: ['echo'] },
    ],
    thirdParty: () => fake.foreign,
    guard(next) {
      guard = next
      return () => {
        guard = undefined
      }
    },
    async wakeup(pluginId, caller, signal) {
      const thirdParty = fake.foreign.find(({ id }) => id === pluginId)
      const refused = thirdParty && (await guard?.(thirdParty, caller, signal))
      if (refused) return refused

      fake.wakeups.push(pluginId)
      return pluginId === 'sim' || pluginId === 'echo'
        ? { result: 0, payload: {} }
        : refuse('plugin.unknown', 'no such plug-in')
    },
    async clearEvents(caller) {
      fake.cleared.push(caller.origin)
      await fake.clearing
    },
    disconnected({ origin }, pluginId) {
      if (pluginId === undefined) fake.disconnects.push(origin)
    },
    forget({ origin }, pluginId) {
      if (pluginId === undefined) fake.forgotten.push(origin)
      else fake.left.push({ origin, pluginId })
    },
    on: emitter.on,
    emit: event => emitter.emit('event', event),
    lose(pluginId) {
      fake.foreign = fake.foreign.filter(({ id }) => id !== pluginId)
      emitter.emit('thirdPartyLeft', { pluginId })
    },
    emitServices: () => emitter.emit('services', fake.entries),
  }
  return fake
}

import type { Caller } from '../handlers/caller.ts'
import { type Outcome, type Refusal, refuse } from '../handlers/outcome.ts'
import { answerOf, nobodyWaits, noSuchService, unanswered } from './answer.ts'
import type { Catalogue } from './catalogue.ts'
import type { Question } from './exchange.ts'
import type { PluginLimits } from './limits.ts'
import type { Resident } from './resident.ts'
import { type Guard, pluginIdOf, type ServiceEntry, type ServiceHost } from './service-host.ts'
import { thirdPartyOf } from './third-party.ts'

/** What the server asks on behalf of applications: from a service's id to the plug-in behind it and back. */
export function createApplications(deps: {
  readonly catalogue: Catalogue
  readonly limits: PluginLimits
  readonly sender: { readonly product: string; readonly version: string }
}): Omit<ServiceHost, 'on'> {
  const { catalogue, limits, sender } = deps
  let guard: Guard = () =>
    refuse('auth.denied', 'Nobody can say now whether this application may use the plug-in.')

  const find = async (
    serviceId: string,
  ): Promise<{ resident: Resident; service: ServiceEntry } | Refusal> => {
    if (serviceId === '') return refuse('service.missing', 'The call names no service.')
    const dot = serviceId.lastIndexOf('.')
    const resident = catalogue.find(pluginIdOf(serviceId))
    if (dot < 1 || resident === undefined) return noSuchService()
    const out = unavailable(resident, catalogue.isEnabled(resident.manifest.id))
    if (out) return out
    const service = await resident.find(serviceId.slice(0, dot))
    return service ? { resident, service } : noSuchService()
  }

  /** gotapi 7.4: what came with Gantry is Gantry; for the rest, somebody must have said yes. */
  const admit = async (
    resident: Resident,
    caller: Caller,
    signal?: AbortSignal,
  ): Promise<Refusal | undefined> => {
    if (resident.builtIn) return undefined
    const refused = await guard(thirdPartyOf(resident.manifest), caller, signal)
    if (refused) return refused
    if (signal?.aborted) return nobodyWaits()
    // The owner took their time: the plug-in may have been switched off or replaced meanwhile.
    const { id } = resident.manifest
    if (catalogue.find(id) !== resident) return noSuchService()
    return unavailable(resident, catalogue.isEnabled(id))
  }

  const ask = async (resident: Resident, question: Question): Promise<Outcome> => {
    const outcome = await resident.runtime.ask(question, limits.discoveryMs)
    return outcome.kind === 'answered' ? answerOf(outcome.response, resident.builtIn) : unanswered(outcome)
  }
  const chosen = (pluginId: string | undefined): readonly Resident[] =>
    catalogue.residents().filter(({ manifest }) => pluginId === undefined || manifest.id === pluginId)
  /** Who visits Gantry is no business of a third-party plug-in. */
  const hasHeardOf = ({ builtIn, relay }: Resident, caller: Caller) => builtIn || relay.knows(caller.id)
  const about = (caller: Caller) => ({ api: 'gotapi' as const, origin: caller.origin, params: {}, ...sender })

  return {
    async discover() {
      const told = await Promise.all(catalogue.running().map(resident => resident.discover()))
      return told.flatMap(services => services ?? [])
    },
    async information(serviceId) {
      const found = await find(serviceId)
      if ('result' in found) return undefined
      const { resident, service } = found
      const type = service.type?.toLowerCase()
      const { profiles } = resident.manifest
      const described = service.scopes.flatMap(name => (profiles[name] ? [[name, profiles[name]]] : []))
      return {
        connect: {
          wifi: type === 'wifi',
          bluetooth: type === 'bluetooth',
          ble: type === 'ble',
          nfc: type === 'nfc',
        },
        supports: service.scopes,
        supportApis: Object.fromEntries(described),
      }
    },
    async call(call, signal) {
      const found = await find(call.serviceId)
      if ('result' in found) return found
      const { resident, service } = found
      if (!service.scopes.some(name => name.toLowerCase() === call.profile.toLowerCase()))
        return refuse('request.unknown-profile', `The service has no profile "${call.profile}".`, {
          profile: call.profile,
        })
      const refused = resident.builtIn ? undefined : await admit(resident, call.caller, signal)
      return (
        refused ?? resident.relay.call(call, call.serviceId.slice(0, call.serviceId.lastIndexOf('.')), signal)
      )
    },
    plugins: () =>
      catalogue.residents().map(({ manifest: { id, name, version, profiles } }) => ({
        id,
        name,
        version,
        supports: Object.keys(profiles),
      })),
    isUnread: catalogue.isUnread,
    thirdParty: () =>
      catalogue
        .residents()
        .filter(({ builtIn, manifest }) => !builtIn && catalogue.isEnabled(manifest.id))
        .map(({ manifest }) => thirdPartyOf(manifest)),
    guard(next) {
      const before = guard
      guard = next
      return () => {
        guard = before
      }
    },
    async wakeup(pluginId, caller, signal) {
      const resident = catalogue.find(pluginId)
      if (resident === undefined) return refuse('plugin.unknown', 'pluginId: there is no such plug-in.')
      const out = unavailable(resident, catalogue.isEnabled(pluginId))
      const refused = out ?? (await admit(resident, caller, signal))
      const path = { profile: 'system', interface: 'device', attribute: 'wakeup' }
      return refused ?? ask(resident, { action: 'PUT', ...path, ...about(caller) })
    },
    async clearEvents(caller) {
      const question = { action: 'DELETE', profile: 'system', attribute: 'events', ...about(caller) } as const
      await Promise.all(
        catalogue.running().flatMap(resident => {
          if (!hasHeardOf(resident, caller)) return []
          const tokens = resident.relay.tokensOf(caller.id)
          resident.relay.unfollow(caller.id)
          if (tokens.length === 0) return [ask(resident, question)]
          return tokens.map(accessToken => ask(resident, { ...question, accessToken }))
        }),
      )
    },
    disconnected(caller, pluginId) {
      for (const resident of chosen(pluginId)) {
        const { runtime, relay } = resident
        if (!hasHeardOf(resident, caller)) continue
        const message = { action: 'EVENT_TRANSMIT_DISCONNECT', origin: caller.origin } as const
        const tokens = relay.tokensOf(caller.id)
        relay.unfollow(caller.id)
        if (tokens.length === 0) runtime.tell(message)
        for (const accessToken of tokens) runtime.tell({ ...message, accessToken })
      }
    },
    forget(caller, pluginId) {
      for (const { relay } of chosen(pluginId)) relay.forget(caller.id)
    },
  }
}

/** gotapi 7.5, 47: why a plug-in cannot be asked now. */
function unavailable({ runtime }: Resident, enabled: boolean): Refusal | undefined {
  const state = runtime.state()
  if (state.kind === 'running') return undefined
  if (!enabled) return refuse('plugin.disabled', 'The plug-in is switched off.')
  if (state.kind === 'waiting') {
    return refuse(
      'plugin.restarting',
      'The plug-in stopped and is being started again. Try again in a moment.',
    )
  }
  return refuse('plugin.stopped', 'The plug-in does not run. Start it again on the Apps screen.')
}

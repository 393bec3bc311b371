import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/log.ts'
import { said } from './answer.ts'
import type { PluginLimits } from './limits.ts'
import { type BuiltInManifest, type PluginService, pluginService } from './manifest.ts'
import { discovery } from './plugin.ts'
import type { Relay } from './relay.ts'
import type { Runtime } from './runtime.ts'
import type { ServiceEntry } from './service-host.ts'

/** A service nobody knows is asked for at most this often: calls for invented ids must not become a flood. */
const freshMs = 1_000
/** More services than any plug-in has. */
const mostServices = 1_000

/** One plug-in that is installed: what it says of itself, its life, its approvals, and its services as last told. */
export interface Resident {
  readonly manifest: BuiltInManifest
  readonly builtIn: boolean
  readonly runtime: Runtime
  readonly relay: Relay
  services(): readonly ServiceEntry[]
  /** The service as last told; where the plug-in has but one, it need not be named. */
  known(localId: string | undefined): ServiceEntry | undefined
  /** Asks for the services (gotapi 7.3); undefined when it did not say in time or could not. */
  discover(): Promise<readonly ServiceEntry[] | undefined>
  /** The service, asking the plug-in once when it is not known. */
  find(localId: string): Promise<ServiceEntry | undefined>
  /** A new life: only what the manifest promises is known. */
  reset(): void
}

export interface ResidentDeps {
  readonly manifest: BuiltInManifest
  readonly builtIn: boolean
  readonly runtime: Runtime
  readonly relay: Relay
  readonly clock: Clock
  readonly log: Logger
  readonly limits: PluginLimits
  readonly sender: { readonly product: string; readonly version: string }
}

export function createResident(deps: ResidentDeps): Resident {
  const { manifest, clock, log, limits } = deps
  const profiles = new Map(Object.keys(manifest.profiles).map(name => [name.toLowerCase(), name]))
  let known = new Map<string, ServiceEntry>()
  let askedMs = Number.NEGATIVE_INFINITY
  let pending: Promise<readonly ServiceEntry[] | undefined> | undefined

  const learn = (services: readonly PluginService[]) => {
    known = new Map(services.map(service => [service.localId, entryOf(service)]))
    return [...known.values()]
  }

  const entryOf = (service: PluginService): ServiceEntry => {
    const { localId, id: _id, serviceId: _serviceId, scopes, ...rest } = service
    const id = `${localId}.${manifest.id}`
    const served = (scopes ?? [...profiles.values()]).flatMap(name => profiles.get(name.toLowerCase()) ?? [])
    return { ...definedOf(rest), id, serviceId: id, name: rest.name, online: rest.online, scopes: served }
  }

  const ask = async (): Promise<readonly ServiceEntry[] | undefined> => {
    const question = { action: 'GET', api: 'gotapi', ...discovery, params: {}, ...deps.sender } as const
    const outcome = await deps.runtime.ask(question, limits.discoveryMs)
    askedMs = clock.elapsed()
    if (outcome.kind !== 'answered') {
      log.warn('a plug-in did not say its services', { outcome: outcome.kind })
      return undefined
    }
    const { response } = outcome
    if (response.result === 0 && Array.isArray(response.services))
      return learn(readServices(response.services.slice(0, mostServices), log))
    if (response.errorCode === said.profile) return learn(manifest.services)
    log.warn('a plug-in answered discovery with an error', { errorCode: response.errorCode })
    return undefined
  }

  const discover = () => {
    pending ??= ask().finally(() => {
      pending = undefined
    })
    return pending
  }

  learn(manifest.services)
  return {
    manifest,
    builtIn: deps.builtIn,
    runtime: deps.runtime,
    relay: deps.relay,
    services: () => [...known.values()],
    known(localId) {
      if (localId !== undefined) return known.get(localId)
      return known.size === 1 ? [...known.values()][0] : undefined
    },
    discover,
    async find(localId) {
      if (!known.has(localId) && clock.elapsed() - askedMs >= freshMs) await discover()
      return known.get(localId)
    },
    reset() {
      askedMs = Number.NEGATIVE_INFINITY
      learn(manifest.services)
    },
  }
}

function readServices(raw: readonly unknown[], log: Logger): readonly PluginService[] {
  return raw.flatMap(item => {
    const read = pluginService.safeParse(item)
    if (!read.success)
      log.warn('left out a service that makes no sense', { issues: read.error.issues.length })
    return read.success ? [read.data] : []
  })
}

type Optional = 'type' | 'config' | 'manufacturer' | 'version'

function definedOf(
  service: Partial<Record<Optional, string | undefined>>,
): Partial<Record<Optional, string>> {
  const { type, config, manufacturer, version } = service
  return {
    ...(type === undefined ? {} : { type }),
    ...(config === undefined ? {} : { config }),
    ...(manufacturer === undefined ? {} : { manufacturer }),
    ...(version === undefined ? {} : { version }),
  }
}

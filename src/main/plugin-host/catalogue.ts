import { GantryError } from '../contract/error.ts'
import type { ChildProcesses } from '../lib/child-process.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/log.ts'
import { openChildPort } from './child-port.ts'
import { type Found, readPluginFolder } from './folder.ts'
import type { PluginLimits } from './limits.ts'
import type { BuiltInManifest, Manifest } from './manifest.ts'
import type { EventMessage, StartPlugin } from './plugin.ts'
import { createPortPair, type HostPort } from './port.ts'
import type { PluginRecord } from './record.ts'
import { createRelay } from './relay.ts'
import { createResident, type Resident } from './resident.ts'
import { createRuntime } from './runtime.ts'
import { thirdPartyOf } from './third-party.ts'

/** A plug-in that comes with Gantry and runs in its process. */
export interface BuiltInPlugin {
  readonly manifest: BuiltInManifest
  readonly start: StartPlugin
}

/** Which plug-ins the owner switched off; kept over restarts. */
export interface PluginSwitches {
  isEnabled(pluginId: string): boolean
  setEnabled(pluginId: string, enabled: boolean): void
}

export interface CatalogueDeps {
  readonly clock: Clock
  readonly log: Logger
  readonly uuid: () => string
  readonly chance: () => number
  readonly limits: PluginLimits
  readonly processes: ChildProcesses
  /** The program that carries a plug-in in a process of its own. */
  readonly runner: string
  /** The whole environment of such a process. */
  readonly childEnv: Readonly<Record<string, string>>
  /** `<data>/plugins` */
  readonly dir: string
  readonly builtIns: readonly BuiltInPlugin[]
  readonly switches: PluginSwitches
  /** Profiles that are Gantry's own and that no plug-in may claim. */
  readonly ownProfiles: readonly string[]
  readonly sender: { readonly product: string; readonly version: string }
  readonly onEvent: (resident: Resident, event: EventMessage) => void
  /** Something about this plug-in changed. */
  readonly onState: (resident: Resident) => void
  /** A third-party plug-in was switched off, is gone, or is not who it was. */
  readonly onThirdPartyLeft: (pluginId: string) => void
}

/** All plug-ins there are, running or not, and the reasons why some are kept out. */
export interface Catalogue {
  residents(): readonly Resident[]
  running(): readonly Resident[]
  find(pluginId: string): Resident | undefined
  /** Nobody can say now whether it is still there. */
  isUnread(pluginId: string): boolean
  records(): readonly PluginRecord[]
  isEnabled(pluginId: string): boolean
  setEnabled(pluginId: string, enabled: boolean): Promise<void>
  restart(pluginId: string): Promise<void>
  rescan(): Promise<void>
  startBuiltIns(): void
  stop(): Promise<void>
}

export function createCatalogue(deps: CatalogueDeps): Catalogue {
  const residents = new Map<string, Resident>()
  const texts = new Map<string, string>()
  let kept: readonly Extract<Found, { problem: string }>[] = []
  let isFolderUnread = false

  const settle = (manifest: BuiltInManifest, builtIn: boolean, open: (log: Logger) => HostPort): Resident => {
    const { clock, limits, sender } = deps
    const log = deps.log.with({ plugin: manifest.id })
    const runtime = createRuntime({
      clock,
      log,
      limits,
      uuid: deps.uuid,
      chance: deps.chance,
      keepAlive: !builtIn,
      sender,
      open: () => open(log),
      onEvent: event => deps.onEvent(resident, event),
      onState: state => {
        if (state.kind === 'running') {
          resident.reset()
          relay.resume()
        }
        deps.onState(resident)
      },
    })
    const profiles = Object.keys(manifest.profiles)
    const relay = createRelay({ runtime, clock, limits, sender, profiles, builtIn })
    const resident = createResident({ manifest, builtIn, runtime, relay, clock, log, limits, sender })
    residents.set(manifest.id, resident)
    return resident
  }

  const admit = (manifest: Manifest, folder: string) => {
    texts.set(manifest.id, JSON.stringify(manifest))
    const resident = settle(manifest, false, log =>
      openChildPort({ ...deps, env: deps.childEnv, log }, manifest, folder),
    )
    if (deps.switches.isEnabled(manifest.id)) resident.runtime.switchOn()
  }

  const dismiss = async (id: string) => {
    const resident = residents.get(id)
    residents.delete(id)
    texts.delete(id)
    if (resident === undefined) return
    resident.runtime.tell({ action: 'MANAGER_TERMINATED' })
    await resident.runtime.switchOff()
  }

  const isUnread = (id: string) => isFolderUnread || kept.some(item => item.id === id && item.unread)

  const look = async (): Promise<Found[]> => {
    try {
      const found = await readPluginFolder(deps.dir, deps.ownProfiles)
      isFolderUnread = false
      return found
    } catch (thrown) {
      isFolderUnread = true
      throw thrown
    }
  }

  const mustFind = (id: string): Resident => {
    const resident = residents.get(id)
    if (resident === undefined)
      throw new GantryError('plugin.unknown', `There is no plug-in "${id}" that could run.`, { id })
    return resident
  }

  return {
    residents: () => [...residents.values()],
    running: () => [...residents.values()].filter(({ runtime }) => runtime.state().kind === 'running'),
    find: id => residents.get(id),
    isUnread,
    isEnabled: id => deps.switches.isEnabled(id),
    records: () => [
      ...[...residents.values()].map(resident => recordOf(resident, deps.switches)),
      ...kept.map(invalidRecord),
    ],
    async setEnabled(id, enabled) {
      const { runtime, builtIn } = mustFind(id)
      deps.switches.setEnabled(id, enabled)
      if (enabled) {
        runtime.switchOn()
        runtime.tell({ action: 'DEVICEPLUGIN_ENABLED' })
      } else {
        if (!builtIn) deps.onThirdPartyLeft(id)
        runtime.tell({ action: 'DEVICEPLUGIN_DISABLED' })
        await runtime.switchOff()
      }
    },
    async restart(id) {
      const { runtime } = mustFind(id)
      runtime.tell({ action: 'DEVICEPLUGIN_RESET' })
      await runtime.restart()
    },
    async rescan() {
      const found = await look()
      const builtIns = new Set(deps.builtIns.map(({ manifest }) => manifest.id))
      const good = found.filter(item => 'manifest' in item && !builtIns.has(item.id))
      kept = found.flatMap(item => {
        if ('problem' in item) return [item]
        if (!builtIns.has(item.id)) return []
        const { id, folder } = item
        return [{ id, folder, problem: 'A plug-in of this id comes with Gantry.', unread: false }]
      })
      for (const { id, problem } of kept) deps.log.warn('a plug-in is kept out', { plugin: id, problem })
      const wanted = new Map(good.flatMap(item => ('manifest' in item ? [[item.id, item]] : [])))
      for (const [id, text] of [...texts]) {
        // Nobody can say that it changed: it goes on as it is.
        if (isUnread(id)) continue
        const item = wanted.get(id)
        if (item !== undefined && JSON.stringify(item.manifest) === text) continue
        const before = residents.get(id)
        await dismiss(id)
        if (before && !isSame(before, item)) deps.onThirdPartyLeft(id)
      }
      for (const item of wanted.values()) if (!texts.has(item.id)) admit(item.manifest, item.folder)
    },
    startBuiltIns() {
      for (const { manifest, start } of deps.builtIns) {
        const { runtime } = settle(manifest, true, log => openBuiltIn(start, log))
        if (deps.switches.isEnabled(manifest.id)) runtime.switchOn()
      }
    },
    async stop() {
      await Promise.all([...residents.keys()].map(dismiss))
    },
  }
}

const isSame = ({ manifest }: Resident, next: Found | undefined) =>
  next !== undefined &&
  'manifest' in next &&
  thirdPartyOf(next.manifest).identity === thirdPartyOf(manifest).identity

function openBuiltIn(start: StartPlugin, log: Logger): HostPort {
  const { host, plugin } = createPortPair()
  // The host must listen to the port before the plug-in may fail.
  queueMicrotask(() => {
    Promise.resolve()
      .then(() => start(plugin))
      .catch((thrown: unknown) => {
        log.error('a built-in plug-in failed to start', { error: thrown })
        plugin.close()
      })
  })
  return host
}

function recordOf(resident: Resident, switches: PluginSwitches): PluginRecord {
  const { manifest, runtime } = resident
  const state = runtime.state()
  const startsAgainAt = runtime.startsAgainAt()
  return {
    id: manifest.id,
    name: manifest.name,
    version: manifest.version,
    about: manifest.about ?? '',
    builtIn: resident.builtIn,
    enabled: switches.isEnabled(manifest.id),
    state: state.kind,
    reason: 'reason' in state ? state.reason : '',
    restarts: runtime.restarts(),
    ...(startsAgainAt === undefined ? {} : { startsAgainAt }),
    profiles: Object.keys(manifest.profiles),
    services: state.kind === 'running' ? resident.services() : [],
  }
}

function invalidRecord({ id, problem }: { readonly id: string; readonly problem: string }): PluginRecord {
  return {
    id,
    name: id,
    version: '',
    about: '',
    builtIn: false,
    enabled: false,
    state: 'invalid',
    reason: problem,
    restarts: 0,
    profiles: [],
    services: [],
  }
}

import { isGantryError } from '../contract/error.ts'
import type { Dispose } from '../lib/dispose.ts'
import { createEmitter } from '../lib/emitter.ts'
import { createApplications } from './applications.ts'
import { type CatalogueDeps, createCatalogue } from './catalogue.ts'
import { isServiceChange, toServiceEvent } from './events.ts'
import { defaultLimits, type PluginLimits } from './limits.ts'
import type { PluginRecord } from './record.ts'
import type { Resident } from './resident.ts'
import type { ServiceHost, ServiceHostEvents } from './service-host.ts'

/** What the owner may do with plug-ins, beside what the server needs of them. */
export interface PluginHost extends ServiceHost {
  readonly name: string
  start(): Promise<void>
  stop(): Promise<void>
  list(): readonly PluginRecord[]
  /** Kept over restarts of Gantry; takes effect at once. */
  setEnabled(pluginId: string, enabled: boolean): Promise<void>
  /** Forgives old crashes. */
  restart(pluginId: string): Promise<void>
  /** Reads the folder again: new plug-ins start, changed ones start anew, lost ones end. */
  rescan(): Promise<void>
  onChange(listener: (plugins: readonly PluginRecord[]) => void): Dispose
}

export type PluginHostDeps = Omit<CatalogueDeps, 'limits' | 'onEvent' | 'onState' | 'onStrangerLeft'> & {
  readonly limits?: Partial<PluginLimits>
}

interface HostEvents extends ServiceHostEvents {
  readonly plugins: readonly PluginRecord[]
}

export function createPluginHost(deps: PluginHostDeps): PluginHost {
  const { log, sender } = deps
  const limits = { ...defaultLimits, ...deps.limits }
  const emitter = createEmitter<HostEvents>(error =>
    log.error('a listener of the plug-in host failed', { error }),
  )
  let open = false
  /** The owner's wishes, one after the other: a plug-in is never started and stopped at once. */
  let wishes = Promise.resolve()

  const catalogue = createCatalogue({
    ...deps,
    limits,
    onEvent(resident, event) {
      if (isServiceChange(event)) void tellServices(resident)
      else {
        const told = toServiceEvent(resident, event, log.with({ plugin: resident.manifest.id }))
        if (told === undefined) return
        resident.relay.prove(told)
        emitter.emit('event', told)
      }
    },
    onState(resident) {
      tellPlugins()
      if (open) void tellServices(resident)
    },
    onStrangerLeft(pluginId) {
      if (open) emitter.emit('strangerLeft', { pluginId })
    },
  })

  const tellPlugins = () => {
    if (open) emitter.emit('plugins', catalogue.records())
  }
  const tellServices = async (resident: Resident) => {
    if (resident.runtime.state().kind === 'running') await resident.discover()
    if (!open) return
    emitter.emit(
      'services',
      catalogue.running().flatMap(each => each.services()),
    )
    tellPlugins()
  }
  const wish = (act: () => Promise<void>): Promise<void> => {
    const done = wishes.then(act)
    wishes = done.catch(() => undefined)
    return done
  }

  return {
    ...createApplications({ catalogue, limits, sender }),
    name: 'plug-ins',
    async start() {
      open = true
      catalogue.startBuiltIns()
      // Those that came with Gantry do not wait for a disk that fails; the owner looks again on the Apps screen.
      await wish(catalogue.rescan).catch(thrown => {
        if (!isGantryError(thrown, 'plugin.unreadable')) throw thrown
        log.error('the folder of plug-ins cannot be read', { error: thrown })
      })
    },
    async stop() {
      open = false
      await wish(catalogue.stop)
    },
    on: emitter.on,
    list: catalogue.records,
    setEnabled: (id, enabled) => wish(() => catalogue.setEnabled(id, enabled)),
    restart: id => wish(() => catalogue.restart(id)),
    rescan: () => wish(catalogue.rescan).then(tellPlugins),
    onChange: listener => emitter.on('plugins', listener),
  }
}

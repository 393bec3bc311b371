import { isGantryError } from '../contract/error.ts'
import type { NoticeBoard } from '../contract/notice.ts'
import type { Handler } from '../handlers/handler.ts'
import { createEmitter } from '../lib/emitter.ts'
import { createApplications } from './applications.ts'
import { type CatalogueDeps, createCatalogue } from './catalogue.ts'
import { pluginEndpoints } from './endpoints.ts'
import { isServiceChange, toServiceEvent } from './events.ts'
import { defaultLimits, type PluginLimits } from './limits.ts'
import { tellOfStoppedPlugins } from './notices.ts'
import type { PluginCare } from './plugin-care.ts'
import type { PluginRecord } from './record.ts'
import type { Resident } from './resident.ts'
import type { ServiceHost, ServiceHostEvents } from './service-host.ts'

/** A room of the engine, a server's way to its services, and the owner's care of the plug-ins. */
export interface PluginHost extends ServiceHost, PluginCare {
  readonly name: string
  /** For the front door: the owner's care of the plug-ins. */
  readonly endpoints: readonly Handler[]
  start(): Promise<void>
  stop(): Promise<void>
}

export type PluginHostDeps = Omit<CatalogueDeps, 'limits' | 'onEvent' | 'onState' | 'onThirdPartyLeft'> & {
  readonly limits?: Partial<PluginLimits>
  /** Where the owner is told of a plug-in that was given up. */
  readonly notices?: NoticeBoard
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
    onThirdPartyLeft(pluginId) {
      if (open) emitter.emit('thirdPartyLeft', { pluginId })
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

  const care: PluginCare = {
    list: catalogue.records,
    setEnabled: (id, enabled) => wish(() => catalogue.setEnabled(id, enabled)),
    restart: id => wish(() => catalogue.restart(id)),
    rescan: () => wish(catalogue.rescan).then(tellPlugins),
    onChange: listener => emitter.on('plugins', listener),
  }
  if (deps.notices) tellOfStoppedPlugins(care, deps.notices)

  return {
    ...createApplications({ catalogue, limits, sender }),
    ...care,
    name: 'plug-ins',
    endpoints: pluginEndpoints(care),
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
  }
}

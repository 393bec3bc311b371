import { join } from 'node:path'
import type { RouteSpec } from '../contract/route.ts'
import { routes } from '../contract/routes.ts'
import type { LoggerFor } from '../lib/log.ts'
import {
  type BuiltInPlugin,
  createPluginHost,
  createPluginSwitches,
  type PluginHost,
} from '../plugin-host/index.ts'
import type { Store } from '../store/index.ts'
import type { Platform } from './platform.ts'

/** The plug-in host of this machine: built-in plug-ins, and the strangers' in `<data>/plugins`. */
export function createPlugins(deps: {
  readonly platform: Platform
  readonly store: Store
  readonly logger: LoggerFor
  readonly builtIns: readonly BuiltInPlugin[]
}): PluginHost {
  const { clock, dirs, processes, random, versions } = deps.platform
  return createPluginHost({
    clock,
    log: deps.logger('plugins'),
    uuid: () => uuidOf(random(16)),
    chance: () => (random(1)[0] ?? 0) / 255,
    processes,
    runner: join(dirs.program, 'plugin-runner.js'),
    dir: join(dirs.data, 'plugins'),
    builtIns: deps.builtIns,
    switches: createPluginSwitches(deps.store, clock),
    ownProfiles: ownProfiles(),
    sender: { product: 'Gantry', version: versions.gantry },
  })
}

/** Profiles of the route map that no service answers for. */
function ownProfiles(): string[] {
  const own = Object.entries(routes).filter(([, spec]: [string, RouteSpec]) => spec.service !== true)
  return [...new Set(own.map(([name]) => (name.split(' ')[1] ?? '').split('/')[0] ?? ''))]
}

/** RFC 9562, version 4. */
function uuidOf(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes)
  hex.writeUInt8((hex.readUInt8(6) & 0x0f) | 0x40, 6)
  hex.writeUInt8((hex.readUInt8(8) & 0x3f) | 0x80, 8)
  const text = hex.toString('hex')
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join(
    '-',
  )
}

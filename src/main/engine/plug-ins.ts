import { join } from 'node:path'
import { namesOf } from '../handlers/profiles.ts'
import type { LoggerFor } from '../lib/log.ts'
import { uuidFrom } from '../lib/uuid.ts'
import {
  type BuiltInPlugin,
  createPluginHost,
  createPluginSwitches,
  type PluginHost,
} from '../plugin-host/index.ts'
import type { Store } from '../store/index.ts'
import type { Platform } from './platform.ts'

/** What a program needs of its surroundings to run at all; nothing that tells who the person is. */
const plainVariables = ['PATH', 'LANG', 'TZ', 'TMPDIR', 'TEMP', 'SystemRoot']

/** The plug-in host on this machine. */
export function plugInRoom(deps: {
  readonly platform: Platform
  readonly store: Store
  readonly logger: LoggerFor
  readonly builtIns: readonly BuiltInPlugin[]
}): PluginHost {
  const { platform, store, logger, builtIns } = deps
  const { clock, dirs, processes, versions } = platform
  return createPluginHost({
    clock,
    log: logger('plugin-host'),
    uuid: () => uuidFrom(platform.random(16)),
    chance: () => Buffer.from(platform.random(4)).readUInt32LE() / 2 ** 32,
    processes,
    runner: join(dirs.program, 'plugin-runner.js'),
    childEnv: plainEnvironment(process.env),
    dir: join(dirs.data, 'plugins'),
    builtIns,
    switches: createPluginSwitches(store, clock),
    // Those of services are anybody's to offer.
    ownProfiles: namesOf(({ isOwn }) => isOwn),
    sender: { product: 'Gantry', version: versions.gantry },
  })
}

function plainEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    plainVariables.flatMap(name => {
      const value = env[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

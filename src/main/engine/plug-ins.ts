import { join } from 'node:path'
import type { NoticeBoard } from '../contract/notice.ts'
import { namesOf } from '../handlers/profiles.ts'
import {
  type BuiltInPlugin,
  createPluginHost,
  createPluginSwitches,
  type PluginHost,
} from '../plugin-host/index.ts'
import type { Ground } from './ground.ts'
import type { Platform } from './platform.ts'

/** What a program needs of its surroundings to run at all; nothing that tells who the person is. */
const plainVariables = ['PATH', 'LANG', 'TZ', 'TMPDIR', 'TEMP', 'SystemRoot']

/** The plug-in host on this machine. */
export function plugInRoom(
  { dirs, processes, versions }: Platform,
  deps: Ground & { readonly notices: NoticeBoard; readonly builtIns: readonly BuiltInPlugin[] },
): PluginHost {
  return createPluginHost({
    ...deps,
    log: deps.logger('plugin-host'),
    processes,
    runner: join(dirs.program, 'plugin-runner.js'),
    childEnv: plainEnvironment(process.env),
    dir: join(dirs.data, 'plugins'),
    switches: createPluginSwitches(deps.store, deps.clock),
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

/**
 * The plug-in of 3D printers: GotAPI's profile `3dprinter` (DWAPI-3DP) and Gantry's own profiles to see, touch and
 * set up printers, as one service for each printer and one, `room`, for all of them. Translation only: every
 * decision is made in `printers` and `discovery`. It speaks GotAPI-4 like any stranger's plug-in.
 */

import type { Contents } from '../../contents/index.ts'
import type { RouteSpec } from '../../contract/route.ts'
import { routes } from '../../contract/routes.ts'
import type { Uploads } from '../../files/index.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/log.ts'
import type { BuiltInPlugin } from '../../plugin-host/index.ts'
import type { PrinterGroups, Printers } from '../../printers/index.ts'
import { controlHandlers } from './control.ts'
import { fileHandlers } from './files.ts'
import { groupHandlers } from './groups.ts'
import { seeHandlers } from './see.ts'
import { printerProfiles, roomProfiles } from './services.ts'
import { type SetupDeps, setupHandlers } from './setup.ts'
import { startTalk } from './talk.ts'
import { threeDHandlers } from './three-d.ts'

export interface Printer3dDeps {
  readonly printers: Printers
  readonly groups: PrinterGroups
  readonly clock: Clock
  readonly log: Logger
  readonly uuid: () => string
  readonly zoneOffsetMin: (at: number) => number | undefined
  /** Where files wait on their way to a printer. */
  readonly uploads: Uploads
  readonly version: string
  /** Contents servers; without them the list is empty. */
  readonly contents?: Contents
  /** Adding printers and the doctor; a test of the rest goes without. */
  readonly setup?: Omit<SetupDeps, 'printers' | 'pluginId' | 'uuid'>
}

const pluginId = 'printer3d'

export function createPrinter3dPlugin(deps: Printer3dDeps): BuiltInPlugin {
  const handlers = [
    ...threeDHandlers({ ...deps, pluginId }),
    ...seeHandlers({ ...deps, pluginId }),
    ...controlHandlers(deps),
    ...groupHandlers(deps),
    ...fileHandlers(deps),
    ...(deps.setup ? setupHandlers({ ...deps, ...deps.setup, pluginId }) : []),
  ]
  const profiles = [...new Set([...printerProfiles, ...roomProfiles])]
  return {
    manifest: {
      id: pluginId,
      name: '3D printers',
      version: deps.version,
      about: 'The printers in the room, as services.',
      manufacturer: 'Gantry',
      profiles: Object.fromEntries(profiles.map(profile => [profile, describe(profile, deps.version)])),
      services: [],
    },
    start: port => startTalk(port, { ...deps, handlers }),
  }
}

/** gotapi 7.6: a plug-in brings a Swagger 2.0 outline of each of its profiles. */
function describe(profile: string, version: string) {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const [name, spec] of Object.entries(routes) as [string, RouteSpec][]) {
    const [method = '', path = ''] = name.split(' ')
    if (path.split('/')[0] !== profile) continue
    const at = `/${path.split('/').slice(1).join('/')}`
    const verbs = method === 'EVENT' ? ['put', 'delete'] : [method.toLowerCase()]
    paths[at] = { ...paths[at], ...Object.fromEntries(verbs.map(verb => [verb, { summary: spec.about }])) }
  }
  return { swagger: '2.0' as const, info: { title: profile, version }, paths }
}

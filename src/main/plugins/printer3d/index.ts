/**
 * The plug-in of 3D printers: GotAPI's profile `3dprinter` (DWAPI-3DP) and Gantry's own profiles to see, touch and
 * set up printers, as one service for each printer and one, `room`, for all of them. Translation only: every
 * decision is made in `printers` and `discovery`. It speaks GotAPI-4 like any third-party plug-in.
 */

import type { Contents } from '../../contents/index.ts'
import type { Uploads } from '../../files/index.ts'
import { describeProfiles } from '../../handlers/api-description.ts'
import { audienceOf } from '../../handlers/caller.ts'
import { namesOf } from '../../handlers/profiles.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/log.ts'
import type { BuiltInPlugin } from '../../plugin-host/index.ts'
import type { PrinterGroups, Printers } from '../../printers/index.ts'
import { controlHandlers } from './control.ts'
import { createFileCalls } from './files.ts'
import { groupHandlers } from './groups.ts'
import { seeHandlers } from './see.ts'
import { servePort, type TellRefusal } from './serve-port.ts'
import { createServices } from './services.ts'
import { type SetupDeps, setupHandlers } from './setup.ts'
import { sightOf } from './sight.ts'
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
  const files = createFileCalls(deps)
  const handlers = [
    ...threeDHandlers({ ...deps, pluginId }),
    ...seeHandlers({ ...deps, pluginId }),
    ...controlHandlers(deps),
    ...groupHandlers(deps),
    ...files.handlers,
    ...(deps.setup ? setupHandlers({ ...deps, ...deps.setup, pluginId }) : []),
  ]
  return {
    manifest: {
      id: pluginId,
      name: '3D printers',
      version: deps.version,
      about: 'The printers in the room, as services.',
      manufacturer: 'Gantry',
      profiles: describeProfiles(
        namesOf(({ isOwn }) => !isOwn),
        deps.version,
      ),
      services: [],
    },
    start: port =>
      servePort(port, {
        ...deps,
        handlers,
        services: createServices(deps.printers, deps.clock),
        tellRefusal: refusalsOf(deps.printers),
        forget(token) {
          files.forget(token)
          deps.contents?.forget(token)
        },
      }),
  }
}

/** What went wrong with a printer is told as who asked may know it. */
function refusalsOf(printers: Printers): TellRefusal {
  return (refusal, { serviceId, caller }) => {
    const view = printers.list().find(({ id }) => id === serviceId)
    return sightOf(audienceOf(caller.isOwner)).refusal(refusal, view)
  }
}

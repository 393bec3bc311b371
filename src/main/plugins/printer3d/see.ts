import type { RouteResult } from '../../contract/routes.ts'
import { type Audience, audienceOf } from '../../handlers/caller.ts'
import { answers, follows, type RouteHandler } from '../../handlers/handler.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Printers, PrinterView, TerminalLine } from '../../printers/index.ts'
import { createRoomFeed, type RoomFeed } from './room-feed.ts'
import { type SeenPrinter, sightOf } from './sight.ts'

type Summary = RouteResult<'GET printers/list'>['printers'][number]

const terminalTickMs = 250
const terminalLines = 200
const hourMs = 3_600_000

/** To see: printers, their terminal, their past. */
export function seeHandlers({
  printers,
  clock,
  pluginId,
}: {
  readonly printers: Printers
  readonly clock: Clock
  readonly pluginId: string
}): RouteHandler[] {
  const summaryFor = (audience: Audience) => (view: PrinterView) =>
    summaryOf(sightOf(audience).printer(view), pluginId)
  const rooms: Readonly<Record<Audience, RoomFeed>> = {
    owner: createRoomFeed({ printers, clock }, summaryFor('owner')),
    applications: createRoomFeed({ printers, clock }, summaryFor('applications')),
  }
  const span = ({ from, to }: { from?: number | undefined; to?: number | undefined }) => {
    const until = to ?? clock.now()
    return [from ?? until - hourMs, until] as const
  }

  return [
    answers('GET printers/list', (_, { caller }) => rooms[audienceOf(caller.isOwner)].latest()),
    answers('GET printers/one', (_, { serviceId, caller }) => ({
      printer: summaryFor(audienceOf(caller.isOwner))(printers.get(serviceId)),
    })),
    follows('EVENT printers/list', (_, { caller }) => rooms[audienceOf(caller.isOwner)]),
    follows('EVENT printers/terminal', (_, { serviceId: id, caller }, emit) => {
      const sight = sightOf(audienceOf(caller.isOwner))
      let lines: TerminalLine[] = []
      // One that is being removed still speaks, and is not in the list any more.
      let view = printers.get(id)
      const stopLooking = printers.on('changed', changed => {
        if (changed === id) view = printers.get(id)
      })
      const lookAway = printers.focus(id)
      const stopLines = printers.on('line', ({ printerId, at, way, text }) => {
        if (printerId === id && lines.length < terminalLines) lines.push(sight.line({ at, way, text }, view))
      })
      const stopTick = clock.every(terminalTickMs, 'printer3d terminal', () => {
        if (lines.length === 0) return
        emit({ lines })
        lines = []
      })
      return () => {
        stopLooking()
        stopLines()
        stopTick()
        lookAway()
      }
    }),
    answers('GET printerhistory/temperatures', (params, { serviceId }) => ({
      series: printers.history.temperatures(serviceId, ...span(params), params.points),
    })),
    answers('GET printerhistory/states', (params, { serviceId, caller }) => {
      const sight = sightOf(audienceOf(caller.isOwner))
      const view = printers.get(serviceId)
      return {
        states: printers.history.states(serviceId, ...span(params)).map(state => sight.state(state, view)),
      }
    }),
  ]
}

function summaryOf(seen: SeenPrinter, pluginId: string): Summary {
  const { id, name, driver, driverName, simulated, bedToClear, addedAt, snapshot } = seen
  const { address, movedFrom, notes, transfer, transferError } = seen
  return {
    ...{ id, serviceId: `${id}.${pluginId}`, name, driver, driverName },
    ...(address !== undefined && { address }),
    ...(movedFrom !== undefined && { movedFrom }),
    ...((notes?.length ?? 0) > 0 && { notes }),
    ...{ simulated, bedToClear },
    ...(transfer !== undefined && { transfer }),
    ...(transferError !== undefined && { transferError }),
    ...{ addedAt, snapshot },
  }
}

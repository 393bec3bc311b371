import type { RouteResult } from '../../contract/routes.ts'
import { answers, follows, type RouteHandler } from '../../handlers/handler.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Printers, PrinterView, TerminalLine } from '../../printers/index.ts'
import { createRoomFeed } from './room-feed.ts'

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
  const summary = (view: PrinterView): Summary => {
    const { movedFrom, notes, transfer, transferError } = view
    return {
      id: view.id,
      serviceId: `${view.id}.${pluginId}`,
      name: view.name,
      driver: view.driver,
      driverName: view.driverName,
      address: view.address,
      ...(movedFrom !== undefined && { movedFrom }),
      ...((notes?.length ?? 0) > 0 && { notes }),
      simulated: view.simulated,
      bedToClear: view.bedToClear,
      ...(transfer !== undefined && { transfer }),
      ...(transferError !== undefined && { transferError }),
      addedAt: view.addedAt,
      snapshot: view.snapshot,
    }
  }
  const room = createRoomFeed({ printers, clock }, summary)
  const span = ({ from, to }: { from?: number | undefined; to?: number | undefined }) => {
    const until = to ?? clock.now()
    return [from ?? until - hourMs, until] as const
  }

  return [
    answers('GET printers/list', room.latest),
    answers('GET printers/one', (_, { serviceId }) => ({ printer: summary(printers.get(serviceId)) })),
    follows('EVENT printers/list', () => room),
    follows('EVENT printers/terminal', (_, { serviceId: id }, emit) => {
      let lines: TerminalLine[] = []
      const lookAway = printers.focus(id)
      const stopLines = printers.on('line', ({ printerId, at, way, text }) => {
        if (printerId === id && lines.length < terminalLines) lines.push({ at, way, text })
      })
      const stopTick = clock.every(terminalTickMs, 'printer3d terminal', () => {
        if (lines.length === 0) return
        emit({ lines })
        lines = []
      })
      return () => {
        stopLines()
        stopTick()
        lookAway()
      }
    }),
    answers('GET printerhistory/temperatures', (params, { serviceId }) => ({
      series: printers.history.temperatures(serviceId, ...span(params), params.points),
    })),
    answers('GET printerhistory/states', (params, { serviceId }) => ({
      states: printers.history.states(serviceId, ...span(params)),
    })),
  ]
}

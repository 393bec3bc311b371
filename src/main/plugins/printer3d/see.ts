import type { Snapshot } from '../../contract/printer.ts'
import type { RouteResult } from '../../contract/routes.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Printers, PrinterView, TerminalLine } from '../../printers/index.ts'
import { answers, follows, type Handler } from './handlers.ts'

type Summary = RouteResult<'GET printers/list'>['printers'][number]

/** printer-protocols 12: at most two pictures a second per viewer, whatever a hundred printers say. */
const tickMs = 500
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
}): Handler[] {
  const summary = (view: PrinterView): Summary => {
    const { movedFrom, transfer, transferError } = view
    return {
      id: view.id,
      serviceId: `${view.id}.${pluginId}`,
      name: view.name,
      driver: view.driver,
      driverName: view.driverName,
      address: view.address,
      ...(movedFrom !== undefined && { movedFrom }),
      simulated: view.simulated,
      bedToClear: view.bedToClear,
      ...(transfer !== undefined && { transfer }),
      ...(transferError !== undefined && { transferError }),
      addedAt: view.addedAt,
      snapshot: plain(view.snapshot),
    }
  }
  const all = () => printers.list().map(summary)
  const span = ({ from, to }: { from?: number | undefined; to?: number | undefined }) => {
    const until = to ?? clock.now()
    return [from ?? until - hourMs, until] as const
  }

  return [
    answers('GET printers/list', () => ({ sequence: 0, full: true, printers: all(), removed: [] })),
    answers('GET printers/one', id => ({ printer: summary(printers.get(id)) })),
    follows('EVENT printers/list', (_, __, emit) => {
      let sequence = 0
      let changed = new Set<string>()
      let removed = new Set<string>()
      emit({ sequence: sequence++, full: true, printers: all(), removed: [] })
      const stops = [
        printers.on('changed', id => {
          changed.add(id)
          removed.delete(id)
        }),
        printers.on('removed', id => {
          changed.delete(id)
          removed.add(id)
        }),
        clock.every(tickMs, 'printer3d tick', () => {
          if (changed.size === 0 && removed.size === 0) return
          const [now, gone] = [changed, removed]
          changed = new Set()
          removed = new Set()
          const told = printers.list().filter(({ id }) => now.has(id))
          emit({ sequence: sequence++, full: false, printers: told.map(summary), removed: [...gone] })
        }),
      ]
      return () => {
        for (const stop of stops) stop()
      }
    }),
    follows('EVENT printers/terminal', (id, _, emit) => {
      let lines: TerminalLine[] = []
      printers.focus(id, true)
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
        if (printers.list().some(each => each.id === id)) printers.focus(id, false)
      }
    }),
    answers('GET printerhistory/temperatures', (id, params) => {
      printers.get(id)
      return { series: printers.history.temperatures(id, ...span(params), params.points) }
    }),
    answers('GET printerhistory/states', (id, params) => {
      printers.get(id)
      return { states: printers.history.states(id, ...span(params)) }
    }),
  ]
}

/** A copy without what is undefined: GotAPI's JSON knows only what is there. */
function plain(snapshot: Snapshot): Snapshot {
  return structuredClone(snapshot)
}

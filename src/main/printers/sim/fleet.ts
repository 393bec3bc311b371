import { GantryError } from '../../contract/error.ts'
import type { Clock } from '../../lib/clock.ts'
import { ownOf } from '../../lib/own.ts'
import { createSimBoard, serveSimBoard } from './marlin/board.ts'
import type { SimFault } from './model.ts'
import { createMoonrakerSim } from './moonraker.ts'
import { createOctoPrintSim } from './octoprint.ts'
import { createPrusaLinkSim } from './prusalink.ts'
import { createSimPrinter, fileOf, type SimPrinter } from './sim-printer.ts'
import type { SimServer } from './sim-server.ts'

/** A simulated printer a user added: a server of its make on this machine, and the means to play with it. */
export interface FleetPrinter {
  readonly sim: SimPrinter
  readonly server: Pick<SimServer, 'cut' | 'restore' | 'move' | 'rubbish' | 'late' | 'stop'> & {
    /** There where a board has a button, and nothing else helps. */
    reset?(): void
  }
  /** How its driver reaches it; changes when it moves. */
  config(): Readonly<Record<string, string>>
}

export type FleetFault =
  | SimFault
  | 'cable'
  | 'cable-back'
  | 'move'
  | 'slow'
  | 'rubbish'
  | 'well'
  | 'load-filament'

type Start = (sim: SimPrinter, name: string) => Promise<Omit<FleetPrinter, 'sim'>>

const simKey = 'simulated'
/** A print fed line by line takes as long as its moves. */
const marlinMoveMs = 20

/** One line per make that can be simulated. */
const makes: Readonly<Record<string, Start>> = {
  octoprint: async (sim, name) => {
    const server = await createOctoPrintSim(sim, { apiKey: simKey, name })
    return { server, config: () => ({ url: server.url, apiKey: simKey }) }
  },
  moonraker: async (sim, name) => {
    const server = await createMoonrakerSim(sim, { name, fetches: true })
    return { server, config: () => ({ url: server.url }) }
  },
  prusalink: async (sim, name) => {
    const server = await createPrusaLinkSim(sim, { password: simKey, name })
    return { server, config: () => ({ url: server.url, password: simKey }) }
  },
  // A serial printer behind a bridge: the same wire, and a process of its own can reach it.
  marlin: async (sim, name) => {
    const board = createSimBoard(sim, { machine: name, moveMs: marlinMoveMs }, { path: 'simulated' })
    const server = await serveSimBoard(board)
    return { server, config: () => ({ port: server.url }) }
  },
}

export const simulatedMakes: readonly string[] = Object.keys(makes)

/** Newcomers should see a print end before their coffee does. */
const speed = 10
const slowMs = 8_000

export async function startFleetPrinter(make: string, name: string, clock: Clock): Promise<FleetPrinter> {
  const start = ownOf(makes, make)
  if (start === undefined)
    throw new GantryError('printer.unsupported', 'This make cannot be simulated.', { make })
  const sample = (path: string, durationS: number) =>
    fileOf(
      path,
      `;TIME:${durationS}\n;LAYER_COUNT:${Math.round(durationS / 20)}\n`,
      durationS * 900,
      clock.now(),
    )
  const sim = createSimPrinter({
    clock,
    speed,
    files: [
      sample('calibration-cube.gcode', 1_800),
      sample('benchy.gcode', 5_400),
      sample('vase.gcode', 9_000),
    ],
  })
  return { sim, ...(await start(sim, name)) }
}

/** For practice: something goes wrong, or is well again. */
export async function breakFleetPrinter({ sim, server }: FleetPrinter, fault: FleetFault): Promise<void> {
  switch (fault) {
    case 'cable':
      return server.cut()
    case 'cable-back':
      return server.restore()
    case 'move':
      return server.move()
    case 'slow':
      server.late(slowMs)
      return
    case 'rubbish':
      server.rubbish(true)
      return
    case 'well':
      server.rubbish(false)
      server.late(0)
      if (sim.state().machine === 'error') server.reset?.()
      return server.restore()
    case 'load-filament':
      sim.act({ kind: 'load-filament' })
      return
    default:
      sim.act({ kind: 'break', fault })
  }
}

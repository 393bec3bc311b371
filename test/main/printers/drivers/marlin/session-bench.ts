import { marlin } from '../../../../../src/main/printers/drivers/marlin/index.ts'
import {
  createSimBoard,
  createSimPorts,
  type SimBoard,
} from '../../../../../src/main/printers/sim/marlin/board.ts'
import type { MarlinTraits } from '../../../../../src/main/printers/sim/marlin/traits.ts'
import { createSimPrinter } from '../../../../../src/main/printers/sim/sim-printer.ts'
import type { FakeClock } from '../../../../fakes/clock.ts'
import { type Bench, createBench, settled, type Watched } from '../../driver-kit.ts'

/** A simulated Marlin on a port, and a session with it. */
export interface SessionBench extends Bench {
  readonly board: SimBoard
  readonly watched: Watched
  /** Lets injected time pass, with everything served in between. */
  pass(ms: number): Promise<void>
  type(line: string): Promise<void>
}

/** `before` the session opens: what the printer does by then. */
export async function openMarlin(
  traits: Partial<MarlinTraits> = {},
  before: (board: SimBoard, clock: FakeClock) => void | Promise<void> = () => {},
): Promise<SessionBench> {
  let made: SimBoard | undefined
  const bench = await createBench({
    driver: marlin,
    createPeer: async clock => {
      const sim = createSimPrinter({ clock })
      sim.addFile('cube.gcode', ';TIME:600\nM104 S210\nM140 S60\n', 50_000)
      const board = createSimBoard(sim, traits)
      made = board
      return {
        config: { port: board.port.path },
        serial: createSimPorts([board]),
        cut: () => board.cut(),
        restore: () => board.restore(),
        rubbish: () => board.rubbish(),
        late: delayMs => board.late(delayMs),
        stop: async () => board.stop(),
      }
    },
  })
  if (!made) throw new Error('unreachable')
  await before(made, bench.clock)
  const watched = await bench.open()
  return {
    ...bench,
    board: made,
    watched,
    async pass(ms) {
      for (let gone = 0; gone < ms; gone += 250) await bench.clock.advance(Math.min(250, ms - gone))
    },
    type: line => settled(bench.clock, watched.session.perform({ kind: 'send-gcode', line })),
  }
}

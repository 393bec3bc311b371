import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { systemClock } from '../../../src/main/lib/clock.ts'
import { createSimBoard, serveSimBoard } from '../../../src/main/printers/sim/marlin/board.ts'
import { createSimPrinter } from '../../../src/main/printers/sim/sim-printer.ts'

/** A printer that Gantry feeds line by line. It runs in the test, so that it outlives the Gantry that feeds it. */
export interface CablePrinter {
  /** Where Gantry finds it, for the form of USB printers. */
  readonly port: string
  /** A print for it of some minutes, as `file:///…`. */
  readonly uri: string
  /** Hot, and moving. */
  isPrinting(): boolean
  /** Heaters off, and the last thing it heard was that its motors may rest. */
  isParked(): boolean
  /** From now on each of its answers takes this long. */
  late(delayMs: number): void
  stop(): Promise<void>
}

export async function plugInPrinter(dir: string): Promise<CablePrinter> {
  const board = createSimBoard(createSimPrinter({ clock: systemClock }), { moveMs: 15, resetsOnOpen: false })
  const bridge = await serveSimBoard(board)
  const file = join(dir, 'long.gcode')
  await writeFile(file, `M104 S200\nM140 S60\nG28\n${'G1 X10 Y10 F6000\nG1 X90 Y90\n'.repeat(20_000)}`)
  const heat = () => {
    const { nozzle, bed } = board.sim.state()
    return nozzle.targetC + bed.targetC
  }
  return {
    port: bridge.url,
    uri: pathToFileURL(file).href,
    isPrinting: () => heat() > 0 && board.marlin.executed.includes('G1 X90 Y90'),
    isParked: () => heat() === 0 && board.marlin.executed.at(-1) === 'M84',
    late: board.late,
    stop: bridge.stop,
  }
}

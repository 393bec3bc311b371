import { Readable } from 'node:stream'
import {
  createSerialHost,
  type SerialHost,
} from '../../../../../../src/main/printers/drivers/marlin/host/host.ts'
import type {
  FromHost,
  PrintPlan,
  StreamStatus,
} from '../../../../../../src/main/printers/drivers/marlin/host/protocol.ts'
import {
  createSimBoard,
  createSimPorts,
  type SimBoard,
} from '../../../../../../src/main/printers/sim/marlin/board.ts'
import type { MarlinTraits } from '../../../../../../src/main/printers/sim/marlin/traits.ts'
import { createSimPrinter } from '../../../../../../src/main/printers/sim/sim-printer.ts'
import { createFakeClock, type FakeClock } from '../../../../../fakes/clock.ts'
import { until } from '../../../driver-kit.ts'

/** A host on a simulated board, all in one process and one injected time. */
export interface HostBench {
  readonly clock: FakeClock
  readonly board: SimBoard
  readonly host: SerialHost
  readonly told: FromHost[]
  /** What the firmware executed beyond the opening. */
  executed(): readonly string[]
  status(): StreamStatus | undefined
  open(): Promise<void>
  command(text: string): Promise<readonly string[]>
  print(lines: readonly string[], plan?: Partial<PrintPlan>): Promise<void>
  until(what: string, holds: () => boolean, withinMs?: number): Promise<void>
  last<Kind extends FromHost['kind']>(kind: Kind): Extract<FromHost, { kind: Kind }> | undefined
}

export function createHostBench(traits: Partial<MarlinTraits> = {}): HostBench {
  const clock = createFakeClock()
  const board = createSimBoard(createSimPrinter({ clock }), traits)
  const told: FromHost[] = []
  let file = Buffer.alloc(0)
  let ids = 0
  let seen = 0
  const host = createSerialHost({
    clock,
    ports: createSimPorts([board]),
    tell: message => {
      told.push(message)
    },
    read: () => Readable.from(piecesOf(file), { objectMode: false }),
  })
  const last: HostBench['last'] = kind => {
    type Wanted = Extract<FromHost, { kind: typeof kind }>
    return told.findLast((message): message is Wanted => message.kind === kind)
  }
  const bench: HostBench = {
    clock,
    board,
    host,
    told,
    executed: () => board.marlin.executed.slice(seen),
    status: () => last('stream')?.status,
    last,
    until: (what, holds, withinMs) => until(clock, what, holds, withinMs),
    async open() {
      host.take({
        kind: 'open',
        path: board.port.path,
        baudRate: 115200,
        signals: false,
        startWaitMs: 10_000,
      })
      await bench.until('the line is open', () => last('opened') !== undefined)
      seen = board.marlin.executed.length
    },
    async command(text) {
      ids += 1
      const id = ids
      host.take({ kind: 'command', id, text })
      const answer = () => told.find(each => each.kind === 'answer' && each.id === id)
      await bench.until(`an answer to ${text}`, () => answer() !== undefined, 120_000)
      const found = answer()
      if (found?.kind !== 'answer') throw new Error('unreachable')
      if (found.problem) throw new Error(found.problem.message)
      return found.lines
    },
    async print(lines, plan = {}) {
      file = Buffer.from(lines.map(line => `${line}\n`).join(''))
      seen = board.marlin.executed.length
      host.take({
        kind: 'print',
        id: 0,
        plan: {
          path: 'cube.gcode',
          sizeBytes: file.length,
          prolog: [],
          epilog: [],
          lineLimitBytes: 96,
          reach: { min: { x: 0, y: 0, z: 0 }, max: { x: 220, y: 220, z: 250 } },
          delta: false,
          tellsFactors: true,
          ...plan,
        },
      })
      await bench.until('the print began', () => bench.status() !== undefined)
    },
  }
  return bench
}

function piecesOf(file: Buffer): Buffer[] {
  const pieces: Buffer[] = []
  for (let at = 0; at < file.length; at += 1_000) pieces.push(file.subarray(at, at + 1_000))
  return pieces
}

/** A little print: heat, then so many short moves. */
export function cube(moves: number): string[] {
  return [
    '; a cube',
    'M82',
    'G28 ; home',
    ...Array.from(
      { length: moves },
      (_value, at) => `G1 X${10 + (at % 50)} Y${20 + (at % 7)} E${((at + 1) * 0.05).toFixed(3)} F1800`,
    ),
    '',
    'M107 ; done',
  ]
}

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { systemClock } from '../../../../../src/main/lib/clock.ts'
import {
  createSimBoard,
  type SimBoard,
  serveSimBoard,
} from '../../../../../src/main/printers/sim/marlin/board.ts'
import { createSimPrinter } from '../../../../../src/main/printers/sim/sim-printer.ts'
import { makeTempDir } from '../../../../fakes/temp-dir.ts'
import { buildProgram, type RunningProgram, runProgram } from '../../../../fakes/typescript-child.ts'
import { cube } from './host/host-bench.ts'

vi.setConfig({ testTimeout: 60_000 })

let streamProgram = ''
let ownerProgram = ''

beforeAll(async () => {
  streamProgram = await buildProgram('src/main/printers/drivers/marlin/serial-stream.ts')
  ownerProgram = await buildProgram('test/fakes/programs/print-owner.ts')
}, 60_000)

interface Told {
  readonly bedToClear?: boolean
  readonly link?: string
  readonly machine?: string
  readonly job?: { readonly state: string; readonly name?: string; readonly progress?: number }
  readonly feed?: { readonly live: boolean; readonly fileLine: number }
  readonly faults?: readonly { readonly class: string; readonly text: string }[]
  readonly notice?: { readonly sentence: string; readonly params: Readonly<Record<string, string | number>> }
}

/** A slow printer behind a bridge, hot and printing, fed by real processes. */
async function stage() {
  const board = createSimBoard(createSimPrinter({ clock: systemClock }), { moveMs: 15, resetsOnOpen: false })
  const bridge = await serveSimBoard(board)
  onTestFinished(() => bridge.stop())
  const dir = makeTempDir()
  const file = join(dir, 'cube.gcode')
  writeFileSync(file, ['M104 S200', 'M140 S60', ...cube(5_000)].join('\n'))
  const start = (...args: string[]) => {
    const program = runProgram(ownerProgram, [dir, streamProgram, bridge.url, ...args])
    return { program, until: untilIn(program) }
  }
  return { board, file, start }
}

function untilIn(program: RunningProgram) {
  return async (holds: (told: Told) => boolean): Promise<Told> => {
    for (;;) {
      const told: Told = JSON.parse(await program.nextLine())
      if (holds(told)) return told
    }
  }
}

/** Long enough that the line it is at was written down more than once. */
const isPrinting = ({ machine, feed }: Told) => machine === 'printing' && (feed?.fileLine ?? 0) > 250

async function coldAndLeft(board: SimBoard): Promise<void> {
  await vi.waitFor(
    () => {
      const { nozzle, bed } = board.sim.state()
      expect([nozzle.targetC, bed.targetC]).toEqual([0, 0])
      expect(board.marlin.executed.at(-1)).toBe('M84')
    },
    { timeout: 20_000, interval: 50 },
  )
}

describe.skipIf(process.platform !== 'linux')(
  'a print fed from here, when a process is killed in the middle of it',
  () => {
    it('is cooled by the process that feeds it when Gantry is killed, and shown as broken off after the restart', async () => {
      const { board, file, start } = await stage()
      const first = start(file)
      const { feed: before } = await first.until(isPrinting)
      first.program.child.kill('SIGKILL')
      await coldAndLeft(board)
      expect(board.marlin.executed.slice(-4)).toEqual(['G91', 'G1 Z10 F600', 'G90', 'M84'])
      const moves = board.marlin.executed.length

      const second = start()
      const { notice } = await second.until(told => told.notice !== undefined)
      expect(notice).toMatchObject({
        sentence: 'print-broken-off',
        params: { printer: 'Left', file: 'cube.gcode' },
      })
      expect(Number(notice?.params.line)).toBeGreaterThan(0)
      expect(Number(notice?.params.line)).toBeLessThanOrEqual((before?.fileLine ?? 0) + 500)
      const shown = await second.until(({ link, machine }) => link === 'online' && machine === 'idle')
      expect(shown).toMatchObject({ bedToClear: true, job: { state: 'failed', name: 'cube.gcode' } })
      expect(shown.job?.progress).toBeGreaterThan(0)
      expect(board.marlin.executed.slice(moves).filter(line => /^G[0-9]/.test(line))).toEqual([])

      second.program.child.kill('SIGKILL')
      const third = start()
      const again = await third.until(({ link, machine, notice }) => {
        expect(notice).toBeUndefined()
        return link === 'online' && machine === 'idle'
      })
      expect(again).toMatchObject({ bedToClear: true, job: { state: 'failed' } })
    })

    it('is cancelled and cooled before Gantry ends when it is asked to, and told after the restart', async () => {
      const { board, file, start } = await stage()
      const { program, until } = start(file)
      await until(isPrinting)
      program.child.kill('SIGTERM')
      expect(await program.exit()).toBe(0)
      const { nozzle, bed } = board.sim.state()
      expect([nozzle.targetC, bed.targetC, board.marlin.executed.at(-1)]).toEqual([0, 0, 'M84'])
      const { notice } = await start().until(told => told.notice !== undefined)
      expect(notice?.sentence).toBe('print-broken-off')
    })

    it('has failed, with a warning about its heaters, when the process that feeds it is killed', async () => {
      const { board, file, start } = await stage()
      const { program, until } = start(file)
      await until(isPrinting)
      const feeder = childOf(program.child.pid ?? 0)
      process.kill(feeder, 'SIGKILL')
      const lost = await until(({ faults }) => faults?.some(each => each.class === 'link-lost') ?? false)
      expect(lost.job?.state).toBe('failed')
      expect(lost.faults?.find(each => each.class === 'link-lost')?.text).toMatch(/heaters may still be on/)
      // A new process takes the line again and says what it finds, but moves nothing.
      const moves = board.marlin.executed.length
      const back = await until(
        ({ link, faults }) => link === 'online' && (faults?.some(each => each.class === 'other') ?? false),
      )
      expect(back).toMatchObject({ job: { state: 'failed' }, bedToClear: true, feed: { live: false } })
      expect(board.marlin.executed.slice(moves).filter(line => /^G[0-9]/.test(line))).toEqual([])
    })
  },
)

/** The one process it has started. */
function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0])
}

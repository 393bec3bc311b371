import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { isGantryError } from '../../../src/main/contract/error.ts'
import { createPrintersRoom, type PrintersRoom } from '../../../src/main/printers/room.ts'
import { createSimBoard, createSimPorts, type SimBoard } from '../../../src/main/printers/sim/marlin/board.ts'
import { createSimPrinter } from '../../../src/main/printers/sim/sim-printer.ts'
import { diskFile } from '../../../src/main/printers/wire/print-file.ts'
import { createFakeClock, type FakeClock } from '../../fakes/clock.ts'
import { createLogRecorder } from '../../fakes/log.ts'
import { openTestStore } from '../../fakes/store.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'
import { settled, until } from './driver-kit.ts'

vi.setConfig({ testTimeout: 30_000 })

let clock: FakeClock
let board: SimBoard
let other: SimBoard
let printers: PrintersRoom
let id: string
let held: string[]
let notices: string[]

/** One printer on a cable, with a long print for it on the disk. */
beforeEach(async () => {
  clock = createFakeClock()
  board = createSimBoard(createSimPrinter({ clock }), { resetsOnOpen: false, moveMs: 20 })
  other = createSimBoard(createSimPrinter({ clock }), {}, { path: '/dev/ttyUSB1' })
  held = []
  notices = []
  let count = 0
  printers = createPrintersRoom({
    clock,
    logger: () => createLogRecorder().log,
    store: await openTestStore(clock),
    secrets: { protect: text => text, reveal: text => text },
    serial: createSimPorts([board, other]),
    notices: { raise: notice => notices.push(notice.id), withdraw: () => undefined },
    random: () => 0.5,
    uuid: () => `aaaaaaaaaa${String(count++).padStart(2, '0')}`,
    demo: false,
    keepAwake(reason) {
      held.push(reason)
      return () => held.push('let go')
    },
    readBattery: async () => ({ draining: true, percent: 5 }),
  })
  await printers.start()
  onTestFinished(() => ended(printers.stop()))
  id = await printers.add({ driver: 'marlin', name: 'Bench', config: { port: board.port.path } })
  await becomes('the printer is idle', () => printers.get(id).snapshot.label === 'idle')
})

/** Time goes on until it holds. The host reads the print from a real disk. */
const becomes = (what: string, holds: () => boolean) => until(clock, what, holds, 200_000)

const ended = (promise: Promise<void>) => settled(clock, promise, 200_000)

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (thrown: unknown) => (isGantryError(thrown) ? thrown.code : String(thrown)),
  )

async function print(): Promise<void> {
  const path = join(makeTempDir(), 'long.gcode')
  const text = `M104 S200\nG28\n${'G1 X10 Y10 F6000\nG1 X90 Y90\n'.repeat(4_000)}`
  writeFileSync(path, text)
  const signal = new AbortController().signal
  await printers.send(id, diskFile(path, 'long.gcode', text.length), true, signal)
  const fed = () => printers.get(id).snapshot.feed?.live === true && board.marlin.executed.includes('G28')
  await becomes('the print is fed', fed)
}

const isCold = () => board.sim.state().nozzle.targetC === 0 && board.marlin.executed.at(-1) === 'M84'

describe('the room of printers', () => {
  it('drains by cooling and parking what it feeds, with the machine held awake until it stops', async () => {
    await print()
    expect(held).toEqual(['Bench: printing'])
    expect(isCold()).toBe(false)
    await ended(printers.drain())
    expect([isCold(), held.length]).toEqual([true, 1])
    await ended(printers.stop())
    expect(held).toEqual(['Bench: printing', 'let go'])
  })

  it('cools and parks it all the same when it is stopped without having drained', async () => {
    await print()
    await ended(printers.stop())
    expect(isCold()).toBe(true)
  })

  it('objects to quitting while it feeds a print, and has time to end it', async () => {
    expect(printers.quitVeto()).toBeUndefined()
    await print()
    expect(printers.quitVeto()).toMatchObject({ room: 'printers', printers: ['Bench'] })
    // The host of a line takes a minute at the most, and some seconds to close it.
    expect(printers.stopLimitMs).toBeGreaterThan(65_000)
  })

  it('once drained, opens no line any more and begins no print', async () => {
    const lines = () => board.marlin.executed.length
    await ended(printers.drain())
    const before = lines()
    const file = diskFile('/nowhere', 'late.gcode', 10)
    expect(await codeOf(printers.send(id, file, true, new AbortController().signal))).toBe('printer.offline')
    printers.reconnect(id)
    printers.configure(id, { baudRate: 250_000 })
    await printers.add({ driver: 'marlin', name: 'Late', config: { port: other.port.path } })
    await clock.advance(60_000)
    expect([lines(), other.marlin.executed]).toEqual([before, []])
  })

  it('warns of a low battery only while it feeds', async () => {
    await clock.advance(120_000)
    expect(notices).toEqual([])
    await print()
    await becomes('the battery is asked about', () => notices.includes('battery'))
  })

  it('gives a driver what it needs to ask a place that is no printer yet', () => {
    const { signal } = new AbortController()
    expect(printers.context(signal)).toMatchObject({ clock, signal, http: expect.anything() })
  })
})

import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { mayNow } from '../../../src/main/contract/may-now.ts'
import type { PrinterCommand } from '../../../src/main/contract/printer-command.ts'
import { allows } from '../../../src/main/printers/driver/capabilities.ts'
import { printFile } from './print-file.ts'
import { createRoomBench, type RoomBench, roomMakes } from './room-bench.ts'

vi.setConfig({ testTimeout: 30_000 })

let bench: RoomBench

/** Each of these spoils a print that runs. */
const spoilers: readonly PrinterCommand[] = [
  { kind: 'home', axes: '' },
  { kind: 'jog', zMm: -5 },
  { kind: 'extrude', mm: 20 },
  { kind: 'run-macro', name: 'LOAD_FILAMENT' },
  { kind: 'run-macro', name: 'Level the bed' },
  { kind: 'send-gcode', line: 'G28' },
  { kind: 'send-gcode', line: 'G91' },
  { kind: 'send-gcode', line: 'M104 S0' },
  { kind: 'set-temperature', heater: 'nozzle0', targetC: 0 },
  { kind: 'set-temperature', heater: 'bed', targetC: 0 },
  { kind: 'restart-machine' },
]
const begin = () => bench.codeOf(bench.printers.begin(bench.id, bench.path))
const perform = (command: PrinterCommand) => bench.codeOf(bench.printers.perform(bench.id, command))
/** What reached the machine, where the make lets it be heard. */
const heard = () => [...(bench.board?.marlin.executed ?? []), ...(bench.moonraker?.lines ?? [])]
const askedByItself = /^(?:M105|M27|M155|M114)/

describe.each(roomMakes)('%s, in the room', make => {
  beforeEach(async () => {
    bench = await createRoomBench(make)
    expect(await begin()).toBe('fine')
    await bench.becomes('printing', ({ machine }) => machine.state === 'printing', 400_000)
  })
  afterEach(async () => bench.end())

  it('gets nothing that would spoil a running print', async () => {
    const { can } = bench.snapshot()
    const before = { heard: heard(), nozzle: bench.sim.state().nozzle.targetC }
    for (const command of spoilers) {
      const wanted = allows(can, command) ? 'printer.printing' : 'printer.unsupported'
      expect([command, await perform(command)]).toEqual([command, wanted])
    }
    expect(await begin()).toBe('printer.printing')
    const file = printFile('vase.gcode', 'G28\n')
    const sending = bench.printers.send(bench.id, file, true, new AbortController().signal)
    expect(await bench.codeOf(sending)).toBe('printer.printing')
    await bench.passes(5_000)
    expect(
      heard()
        .slice(before.heard.length)
        .filter(line => !askedByItself.test(line)),
    ).toEqual([])
    expect(['preparing', 'printing']).toContain(bench.sim.state().machine)
    expect(bench.sim.state()).toMatchObject({
      nozzle: { targetC: before.nozzle },
      files: [{ path: 'cube.gcode' }],
    })
    expect(before.nozzle).toBe(210)
  })

  it('may be touched in a pause as far as the rule says, then goes on to its end', async () => {
    const { can } = bench.snapshot()
    expect(await perform({ kind: 'pause' })).toBe('fine')
    await bench.becomes('paused', ({ machine }) => machine.state === 'paused')
    await bench.passes(2_000)
    for (const command of spoilers) {
      if (!allows(can, command)) continue
      const why = mayNow(command, bench.snapshot())?.code ?? 'fine'
      expect([command, await perform(command)]).toEqual([command, why])
    }
    if (can.temperatures) {
      expect(bench.sim.state().nozzle.targetC).toBe(0)
      expect(await perform({ kind: 'set-temperature', heater: 'nozzle0', targetC: 210 })).toBe('fine')
      expect(await perform({ kind: 'set-temperature', heater: 'bed', targetC: 60 })).toBe('fine')
    }
    expect(bench.sim.state().machine).toBe('paused')
    expect(await perform({ kind: 'resume' })).toBe('fine')
    await bench.becomes('printing', ({ machine }) => machine.state === 'printing')
    expect(await perform({ kind: 'cancel' })).toBe('fine')
    await bench.becomes('over', ({ job }) => job.state === 'cancelled')
  })

  it('is not steered where nothing is printed, nor started on a bed that is not clear', async () => {
    expect(await perform({ kind: 'resume' })).toBe('printer.not-paused')
    expect(await perform({ kind: 'cancel' })).toBe('fine')
    await bench.becomes('over', ({ job }) => job.state === 'cancelled')
    expect(await begin()).toBe('printer.bed-to-clear')
    bench.printers.clearBed(bench.id, 'owner')
    for (const kind of ['pause', 'resume', 'cancel'] as const) {
      expect([kind, await perform({ kind })]).toEqual([kind, 'printer.not-printing'])
    }
  })
})

describe('a file on a slow way', () => {
  afterEach(async () => bench.end())

  it('starts nothing onto the part of a print that began and ended while it came', async () => {
    bench = await createRoomBench('octoprint')
    const file = printFile('vase.gcode', 'G1 X1\n')
    const slow = {
      ...file,
      open() {
        const stream = new PassThrough()
        // Somebody prints at the printer itself, and their part lies on the bed before the file is there.
        bench.sim.act({ kind: 'start', path: 'cube.gcode' })
        bench.clock.after(2_000, 'test cancel', () => bench.sim.act({ kind: 'cancel' }))
        bench.clock.after(8_000, 'test file', () => file.open().pipe(stream))
        return stream
      },
    }
    const sending = bench.printers.send(bench.id, slow, true, new AbortController().signal)
    expect(await bench.codeOf(sending)).toBe('printer.bed-to-clear')
    expect(bench.printers.get(bench.id).bedToClear).toBe(true)
    expect(bench.sim.state()).toMatchObject({ machine: 'cancelled', job: { file: { path: 'cube.gcode' } } })
  })
})

it('a pause of Klipper is purged without a mode or the count of filament left changed', async () => {
  bench = await createRoomBench('moonraker')
  await perform({ kind: 'extrude', mm: 20 })
  expect(bench.moonraker?.lines).toEqual([
    'SAVE_GCODE_STATE NAME=gantry',
    'M83',
    'G1 E20 F300',
    'RESTORE_GCODE_STATE NAME=gantry',
  ])
  await bench.end()
})

import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Job, MachineState, Snapshot } from '../../../src/main/contract/printer.ts'
import { dialectNames } from '../../../src/main/printers/sim/marlin/dialects.ts'
import { driverTable, type PrintCase, printCases } from './driver-table.ts'
import { printFile } from './print-file.ts'
import { createRoomBench, type RoomBench } from './room-bench.ts'
import { rooms } from './rooms.ts'

vi.setConfig({ testTimeout: 60_000 })

const head = ';TIME:300\nM104 S210\nM140 S60\n'
const isMachine =
  (...states: MachineState[]) =>
  ({ machine }: Snapshot) =>
    states.includes(machine.state)
const isJob =
  (...states: Job['state'][]) =>
  ({ job }: Snapshot) =>
    states.includes(job.state)
const warmS = 400_000

describe.each(rooms.map(room => [room.name, room] as const))('%s', (_name, room) => {
  let bench: RoomBench
  let path: string
  const begin = () => bench.codeOf(bench.printers.begin(bench.id, path))
  const tell = (kind: 'pause' | 'resume' | 'cancel' | 'emergency-stop') =>
    bench.codeOf(bench.printers.perform(bench.id, { kind }))
  const run = () => bench.snapshot().job.run
  const isOn = (snapshot: Snapshot) => isMachine('printing')(snapshot) && isJob('running')(snapshot)
  const prints = () => bench.becomes('it prints', isOn, warmS)
  const ends = () => bench.becomes('it is done', isJob('done'), warmS * 2)
  const open = async () => {
    bench = await createRoomBench(room.make, room.traits)
    path = bench.addFile('short.gcode', head)
  }
  const back = () => bench.becomes('it is back', ({ link }) => link.state === 'online', 240_000)

  /** Each of the table's cases; what a make has no way to do is left out by its name. */
  const cases: Readonly<Record<PrintCase, () => Promise<void>>> = {
    async 'to its end'() {
      expect(await begin()).toBe('fine')
      await prints()
      const first = run()
      expect(first).toBeTruthy()
      await ends()
      expect([run(), bench.printers.get(bench.id).bedToClear]).toEqual([first, true])
      expect(await begin()).toBe('printer.bed-to-clear')
      bench.printers.clearBed(bench.id, 'owner')
      expect(await begin()).toBe('fine')
      await prints()
      expect(run()).not.toBe(first)
    },
    async 'paused and resumed'() {
      await begin()
      await prints()
      const before = run()
      expect(await tell('pause')).toBe('fine')
      await bench.becomes('it is paused', isMachine('paused'))
      expect([bench.snapshot().job.state, run()]).toEqual(['paused', before])
      expect(await tell('resume')).toBe('fine')
      await prints()
      await ends()
      expect(run()).toBe(before)
    },
    async cancelled() {
      await begin()
      await prints()
      expect(await tell('cancel')).toBe('fine')
      await bench.becomes('it is cancelled', isJob('cancelled'))
      await bench.passes(5_000)
      expect([bench.snapshot().job.state, bench.sim.state().nozzle.targetC]).toEqual(['cancelled', 0])
      expect(bench.printers.get(bench.id).bedToClear).toBe(true)
    },
    async 'stopped in an emergency'() {
      await begin()
      await prints()
      expect(await tell('emergency-stop')).toBe('fine')
      await bench.becomes('it has stopped', isMachine('error'))
      await bench.becomes('it is held', ({ holds }) => holds.length > 0)
      expect(bench.sim.state().nozzle.targetC).toBe(0)
    },
    async 'out of filament'() {
      await begin()
      await prints()
      bench.sim.act({ kind: 'break', fault: 'filament-runout' })
      await bench.becomes('it waits for somebody', isMachine('attention', 'paused'))
      expect(bench.snapshot().job.state).not.toBe('failed')
      expect(await begin()).toBe('printer.printing')
    },
    async 'a fault dismissed'() {
      await begin()
      await prints()
      bench.sim.act({ kind: 'break', fault: 'filament-runout' })
      await bench.becomes('it tells a fault', ({ faults }) => faults.length > 0)
      const before = bench.sim.state().machine
      bench.printers.dismissFault(bench.id)
      await bench.passes(10_000)
      expect(bench.sim.state().machine).toBe(before)
    },
    async 'a second one refused'() {
      await begin()
      await prints()
      expect(await begin()).toBe('printer.printing')
      expect(await bench.codeOf(bench.printers.perform(bench.id, { kind: 'restart-machine' }))).toBe(
        bench.snapshot().can.restart === 'none' ? 'printer.unsupported' : 'printer.printing',
      )
      expect(['preparing', 'printing']).toContain(bench.sim.state().machine)
    },
    async 'a file that came too late'() {
      const file = printFile('vase.gcode', 'G28\nG1 X1\n')
      await begin()
      await prints()
      const sending = bench.printers.send(bench.id, file, true, new AbortController().signal)
      expect(await bench.codeOf(sending)).toBe('printer.printing')
      await tell('cancel')
      await bench.becomes('it is cancelled', isJob('cancelled'))
      const late = bench.printers.send(bench.id, file, true, new AbortController().signal)
      expect(await bench.codeOf(late)).toBe('printer.bed-to-clear')
      await bench.passes(10_000)
      expect(bench.sim.state().machine).toBe('cancelled')
    },
    async 'again while Gantry was away'() {
      await begin()
      await prints()
      await ends()
      const first = run()
      bench.printers.clearBed(bench.id, 'owner')
      await bench.cut()
      await bench.becomes('it is gone', ({ link }) => link.state !== 'online', 240_000)
      bench.sim.act({ kind: 'start', path: 'short.gcode' })
      await bench.passes(800_000)
      expect(bench.sim.state().machine).toBe('finished')
      await bench.restore()
      await bench.becomes('its part is known', isJob('done'), 240_000)
      expect(bench.printers.get(bench.id).bedToClear).toBe(true)
      expect(run()).not.toBe(first)
    },
    async 'the line cut while it heats'() {
      await begin()
      await bench.becomes('it heats', isJob('running'))
      await cutAndBack()
    },
    async 'the line cut while it prints'() {
      await begin()
      await prints()
      await cutAndBack()
    },
    async 'the line cut while it is paused'() {
      await begin()
      await prints()
      await tell('pause')
      await bench.becomes('it is paused', isMachine('paused'))
      await bench.cut()
      await bench.becomes('it is gone', ({ link }) => link.state !== 'online', 240_000)
      await bench.restore()
      await back()
      await bench.becomes('it is known to be paused', isMachine('paused'))
      expect(bench.sim.state().machine).toBe('paused')
    },
    async 'Gantry ended and began'() {
      await begin()
      await prints()
      const before = run()
      await bench.restart()
      await back()
      await prints()
      if (room.namesRuns) expect(run()).toBe(before)
      expect(bench.snapshot().bed.state).toBe('occupied')
      await ends()
      const ended = run()
      bench.printers.clearBed(bench.id, 'owner')
      await bench.restart()
      await back()
      await bench.passes(10_000)
      if (room.namesEnded) expect([bench.snapshot().bed.state, ended]).toEqual(['clear', before])
    },
  }
  const cutAndBack = async () => {
    const before = run()
    await bench.cut()
    await bench.becomes('it is gone', ({ link }) => link.state !== 'online', 240_000)
    expect(['preparing', 'printing', 'finished']).toContain(bench.sim.state().machine)
    await bench.restore()
    await back()
    await ends()
    if (room.namesRuns) expect(run()).toBe(before)
    expect(bench.sim.state().machine).toBe('finished')
    expect(bench.printers.get(bench.id).bedToClear).toBe(true)
  }

  afterEach(async () => bench.end())

  for (const name of printCases) {
    if (room.without[name] !== undefined) continue
    it(`prints: ${name}`, async () => {
      await open()
      await cases[name]()
    })
  }
})

it('is what docs/drivers.md shows; `npx vitest run --project unit test/main/printers/prints.test.ts -u` renews it', async () => {
  const path = join(import.meta.dirname, '../../../docs/drivers.md')
  await expect(driverTable(rooms, dialectNames)).toMatchFileSnapshot(path)
})

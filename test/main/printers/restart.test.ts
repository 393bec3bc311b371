import { afterEach, describe, expect, it, vi } from 'vitest'
import { createRoomBench, type RoomBench, type RoomMake } from './room-bench.ts'

vi.setConfig({ testTimeout: 30_000 })

let bench: RoomBench
afterEach(async () => bench.end())

const start = () => bench.settled(bench.printers.begin(bench.id, bench.path))
const restart = () => bench.codeOf(bench.printers.perform(bench.id, { kind: 'restart-machine' }))
const isPrinting = () => ['preparing', 'printing'].includes(bench.snapshot().machine.state)

/** The machine says something that is no reason to stop, while it prints. */
const grumbles: readonly (readonly [RoomMake, () => void])[] = [
  ['moonraker', () => bench.moonraker?.notify('notify_gcode_response', ['!! Move out of range: 300 0 0'])],
  ['marlin', () => bench.board?.marlin.say('Error:Probing failed')],
]

describe('a fault on the screen of a printer that prints', () => {
  it.each(grumbles)(
    'of %s is dismissed without the printer hearing of it, and no restart kills the print',
    async (make, grumble) => {
      bench = await createRoomBench(make)
      await start()
      await bench.becomes('printing', isPrinting)
      grumble()
      await bench.becomes('faulty', ({ faults }) => faults.length === 1)
      const sent = bench.board?.marlin.executed.length ?? 0
      bench.printers.dismissFault(bench.id)
      expect(bench.snapshot().faults).toEqual([])
      expect(await restart()).toBe('printer.printing')
      await bench.passes(20_000)
      expect(isPrinting()).toBe(true)
      expect(bench.sim.state().nozzle.targetC).toBe(210)
      const told = bench.board?.marlin.executed.slice(sent) ?? []
      expect(told.filter(line => !/^M(?:105|27)\b/.test(line))).toEqual([])
    },
  )

  it('may be dismissed alone, by its class', async () => {
    bench = await createRoomBench('marlin')
    bench.board?.marlin.say('Error:Probing failed')
    await bench.becomes('faulty', ({ faults }) => faults.length === 1)
    const [fault] = bench.snapshot().faults
    bench.printers.dismissFault(bench.id, fault?.class === 'fan' ? 'clog' : 'fan')
    expect(bench.snapshot().faults).toEqual([fault])
    bench.printers.dismissFault(bench.id, fault?.class)
    expect(bench.snapshot().faults).toEqual([])
  })

  it('is not restarted while it is paused either', async () => {
    bench = await createRoomBench('moonraker')
    await start()
    await bench.becomes('printing', ({ machine }) => machine.state === 'printing', 400_000)
    await bench.settled(bench.printers.perform(bench.id, { kind: 'pause' }))
    await bench.becomes('paused', ({ machine }) => machine.state === 'paused')
    expect(await restart()).toBe('printer.printing')
    expect(bench.snapshot().machine.state).toBe('paused')
  })
})

describe('a Marlin that has shut itself down', () => {
  const halt = async () => {
    bench.sim.act({ kind: 'break', fault: 'thermal-runaway' })
    await bench.becomes('halted', ({ machine }) => machine.state === 'error')
  }

  it('stays stopped whatever is taken off the screen', async () => {
    bench = await createRoomBench('marlin')
    await halt()
    bench.printers.dismissFault(bench.id)
    await bench.passes(3_000)
    expect(bench.snapshot()).toMatchObject({ faults: [], machine: { state: 'error' }, label: 'error' })
  })

  it('starts anew when its board can be reset over the cable, and then has no fault any more', async () => {
    bench = await createRoomBench('marlin')
    expect(bench.snapshot().can.restart).toBe('board')
    await halt()
    expect(await restart()).toBe('fine')
    await bench.becomes('idle', ({ label }) => label === 'idle')
    expect(bench.snapshot().faults).toEqual([])
  })

  it('has failed the print from its card, which starts no more', async () => {
    bench = await createRoomBench('marlin')
    await start()
    await bench.becomes('printing', isPrinting)
    await halt()
    expect(bench.snapshot().job.state).toBe('running')
    expect(await restart()).toBe('fine')
    await bench.becomes('there again', ({ link, job }) => link.state === 'online' && job.state === 'failed')
    expect(bench.printers.get(bench.id).bedToClear).toBe(true)
    // That it started anew was asked for; what stopped it before was not, and somebody has to look.
    expect(bench.snapshot().holds.map(hold => hold.class)).toEqual(['thermal-runaway'])
    bench.printers.clearBed(bench.id, 'owner')
    expect(await bench.codeOf(bench.printers.begin(bench.id, bench.path))).toBe('printer.held')
    bench.printers.releaseHold(bench.id, 'thermal-runaway')
    expect(await bench.codeOf(bench.printers.begin(bench.id, bench.path))).toBe('fine')
  })

  it('and starts anew by itself in a print is held, for nobody asked for that', async () => {
    bench = await createRoomBench('marlin')
    await start()
    await bench.becomes('printing', isPrinting)
    bench.board?.marlin.reset()
    await bench.becomes('there again', ({ link, job }) => link.state === 'online' && job.state === 'failed')
    expect(bench.snapshot().holds.map(hold => hold.class)).toEqual(['printer-reset'])
  })

  it('is never called done when the board does not hear: the person is told to press its button', async () => {
    bench = await createRoomBench('marlin', { resetsOnOpen: false })
    expect(bench.snapshot().can.restart).toBe('wake')
    await halt()
    expect(await restart()).toBe('printer.refused')
    expect(bench.snapshot()).toMatchObject({ machine: { state: 'error' } })
    expect(bench.snapshot().faults.length).toBeGreaterThan(0)
  })
})

it('a Marlin that lives is told to leave its stop, and answers before it counts as done', async () => {
  bench = await createRoomBench('marlin', { resetsOnOpen: false })
  bench.board?.marlin.say('Error:Probing failed')
  await bench.becomes('faulty', ({ faults }) => faults.length === 1)
  expect(await restart()).toBe('fine')
  expect(bench.board?.marlin.executed).toContain('M999')
  expect(bench.snapshot().faults).toEqual([])
})

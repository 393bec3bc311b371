import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { settled } from '../../driver-kit.ts'
import { createHostBench, cube } from './host/host-bench.ts'
import { openMarlin, type SessionBench } from './session-bench.ts'

describe('a printer with two tools, the second of which prints', () => {
  let bench: SessionBench
  const targets = () => {
    const { nozzle, nozzle1 } = bench.board.sim.state()
    return [nozzle.targetC, nozzle1.targetC]
  }
  const heat = (heater: string, targetC: number) =>
    settled(bench.clock, bench.watched.session.perform({ kind: 'set-temperature', heater, targetC }))
  const shown = async (id: string, targetC: number) =>
    bench.watched.next('heaters', ({ heaters }) =>
      heaters.some(heater => heater.id === id && heater.targetC === targetC),
    )

  beforeEach(async () => {
    bench = await openMarlin({ tools: 2 })
    await bench.type('T1')
  })
  afterEach(async () => bench.end())

  it('heats the nozzle that was named, whichever prints', async () => {
    await heat('nozzle0', 200)
    expect(targets()).toEqual([200, 0])
    await shown('nozzle0', 200)
    await heat('nozzle1', 150)
    expect(targets()).toEqual([200, 150])
    await shown('nozzle1', 150)
    await heat('nozzle0', 0)
    expect(targets()).toEqual([0, 150])
  })

  it('is said to print with it, and with the first again after that', async () => {
    await bench.watched.next('tool', ({ active }) => active === 1)
    await bench.type('T0')
    await bench.watched.next('tool', ({ active }) => active === 0)
  })

  it('cools both by the macro', async () => {
    await heat('nozzle0', 200)
    await heat('nozzle1', 150)
    await settled(bench.clock, bench.watched.session.perform({ kind: 'run-macro', name: 'Cool down' }))
    expect(targets()).toEqual([0, 0])
  })

  it('cools both when its print from card is cancelled', async () => {
    bench.board.sim.act({ kind: 'start', path: 'cube.gcode' })
    await heat('nozzle1', 150)
    await bench.watched.next('job', ({ job }) => job.state === 'running', 20_000)
    await settled(bench.clock, bench.watched.session.perform({ kind: 'cancel' }))
    expect(targets()).toEqual([0, 0])
  })
})

describe('two tools that the firmware does not count', () => {
  it('are known from its temperatures, and cooled', async () => {
    const bench = await openMarlin({ tools: 2, countsTools: false })
    await bench.type('M104 T0 S200')
    await bench.type('M104 T1 S180')
    await settled(bench.clock, bench.watched.session.perform({ kind: 'run-macro', name: 'Cool down' }))
    const { nozzle, nozzle1 } = bench.board.sim.state()
    expect([nozzle.targetC, nozzle1.targetC]).toEqual([0, 0])
    await bench.end()
  })

  it('are both cooled by the way out, when the process beside Gantry was told of them', async () => {
    const bench = createHostBench({ tools: 2, moveMs: 50 })
    await bench.open()
    bench.host.take({
      kind: 'know',
      emergencyParser: true,
      cool: ['M104 T0 S0', 'M104 T1 S0', 'M140 S0'],
      resetsByDtr: true,
    })
    await bench.print(['M104 T0 S200', 'M104 T1 S180', ...cube(2_000)])
    await bench.until('it prints', () => bench.status()?.state === 'printing', 60_000)
    const gone = bench.host.orphan()
    await bench.until('the line is closed', () => bench.last('closed') !== undefined, 60_000)
    await gone
    const { nozzle, nozzle1 } = bench.board.sim.state()
    expect([nozzle.targetC, nozzle1.targetC]).toEqual([0, 0])
  })
})

import { describe, expect, it } from 'vitest'
import type { MarlinTraits } from '../../../../../../src/main/printers/sim/marlin/traits.ts'
import { createHostBench, type HostBench } from './host-bench.ts'

let bench: HostBench

const many = (count: number, line: (at: number) => string) =>
  Array.from({ length: count }, (_value, at) => line(at))
const moves = (count: number) =>
  many(count, at => `G1 X${50 + (at % 9)} Y60 E${((at + 1) * 0.05).toFixed(2)}`)

/** Prints the lines until it lays material, and pauses there. */
async function pausedIn(
  lines: readonly string[],
  traits: Partial<MarlinTraits> = {},
  plan: Parameters<HostBench['print']>[1] = {},
): Promise<void> {
  bench = createHostBench({ moveMs: 50, ...traits })
  await bench.open()
  await bench.print(lines, plan)
  await bench.until('it prints', () => bench.status()?.state === 'printing', 300_000)
  await bench.until('it has moved', () => (bench.status()?.acknowledgedLines ?? 0) > lines.length / 3, 60_000)
  bench.host.take({ kind: 'pause' })
  await paused()
}
const paused = () => bench.until('it is paused', () => bench.status()?.state === 'paused', 60_000)
/** What is executed from here until the file goes on. */
async function resumed(): Promise<readonly string[]> {
  const before = bench.executed().length
  bench.host.take({ kind: 'resume' })
  await bench.until('it goes on', () => bench.status()?.state === 'printing', 600_000)
  return bench.executed().slice(before)
}
const done = () => bench.until('it is done', () => bench.status()?.state === 'finished', 600_000)

describe('a resumed print', () => {
  it('is as hot as it was before anything moves', async () => {
    await pausedIn(['M190 S60', 'M109 S200', 'G28', ...moves(200)])
    for (const command of ['M104 S0', 'M140 S0']) await bench.command(command)
    await bench.clock.advance(300_000)
    const script = await resumed()
    const firstMove = script.findIndex(line => line.startsWith('G1'))
    expect(script.slice(0, firstMove)).toEqual([
      'M105',
      'M104 S200',
      'M140 S60',
      'M109 S200',
      'M190 S60',
      'M114',
      'M220 S100',
      'M221 S100',
      'G90',
    ])
    expect(bench.board.sim.state().nozzle.actualC).toBeGreaterThan(195)
    await done()
  })

  it('is not waited for where it stayed hot, and not cooled where somebody made it hotter', async () => {
    await pausedIn(['M109 S200', 'G28', ...moves(200)])
    await bench.command('M104 S215')
    await bench.clock.advance(30_000)
    expect((await resumed()).filter(line => /^M1(?:04|09|40|90)/.test(line))).toEqual([])
    expect(bench.board.sim.state().nozzle.targetC).toBe(215)
  })

  it('heats each of two tools by its own number, and prints with the one it printed with', async () => {
    await pausedIn(['M109 T0 S200', 'M104 T1 S180', 'T1', 'M109 T1 S180', 'G28', ...moves(200)], { tools: 2 })
    for (const command of ['M104 T0 S0', 'M104 T1 S0', 'T0']) await bench.command(command)
    await bench.clock.advance(120_000)
    const script = await resumed()
    expect(script).toEqual(expect.arrayContaining(['M109 T0 S200', 'M109 T1 S180', 'T1']))
    expect(script.indexOf('T1')).toBeLessThan(script.findIndex(line => /^G1 X/.test(line)))
  })

  it('comes back with its modes, fan, speed and flow', async () => {
    await pausedIn([
      'M109 S200',
      'G28',
      'G91',
      'M83',
      'M106 S100',
      ...many(300, () => 'G1 X0.01 E0.01 F1200'),
    ])
    await bench.command('M220 S100')
    const { factors } = bench.board.marlin
    for (const command of ['G90', 'M82', 'M107', 'M220 S30', 'M221 S80']) await bench.command(command)
    const script = await resumed()
    expect(script.slice(script.indexOf('M106 S100'))).toEqual(
      expect.arrayContaining(['M106 S100', 'G91', 'M83', 'G1 F1200']),
    )
    expect(factors).toEqual({ M220: 100, M221: 100 })
    expect(Math.round(bench.board.sim.state().fanPercent)).toBe(39)
  })

  it('leaves speed and flow alone on a firmware that would take the question for a command', async () => {
    await pausedIn(['M109 S200', 'G28', ...moves(200)], {}, { tellsFactors: false })
    await resumed()
    expect(bench.executed().filter(line => /^M22[01]/.test(line))).toEqual([])
  })

  it('goes up before it goes anywhere, when the nozzle was jogged down in the pause', async () => {
    await pausedIn(['M109 S200', 'G28', 'G1 Z20', ...moves(200)])
    for (const command of ['G91', 'G1 Z-25', 'G90']) await bench.command(command)
    const script = (await resumed()).filter(line => /^G1 [XYZ]/.test(line))
    expect(script.slice(0, 3)).toEqual([
      'G1 Z30 F600',
      expect.stringMatching(/^G1 X5\d Y60 F6000$/),
      'G1 Z20 F600',
    ])
  })

  it('does not come down on its way when the nozzle was jogged up', async () => {
    await pausedIn(['M109 S200', 'G28', 'G1 Z20', ...moves(200)])
    for (const command of ['G91', 'G1 Z50', 'G90']) await bench.command(command)
    const script = (await resumed()).filter(line => /^G1 [XYZ]/.test(line))
    expect(script.slice(0, 2)).toEqual([expect.stringMatching(/^G1 X5\d Y60 F6000$/), 'G1 Z20 F600'])
  })

  it('can be paused again while it still heats', async () => {
    await pausedIn(['M109 S200', 'G28', ...moves(200)])
    bench.host.take({ kind: 'know', emergencyParser: true, cool: [], resetsByDtr: true })
    await bench.command('M104 S0')
    await bench.clock.advance(300_000)
    bench.host.take({ kind: 'resume' })
    await bench.clock.advance(1_000)
    expect(bench.status()?.state).toBe('resuming')
    const before = bench.executed().length
    bench.host.take({ kind: 'pause' })
    await paused()
    // It never left its corner, and the place it came from is not forgotten.
    expect(bench.executed().slice(before)).toEqual([])
    await resumed()
    await done()
    expect(bench.executed().filter(line => /^G1 X.*E/.test(line))).toHaveLength(200)
  })
})

describe('a parked head', () => {
  const corner = () => bench.executed().findLast(line => /^G1 X.*F6000$/.test(line))
  const reach = (min: readonly [number, number, number], max: readonly [number, number, number]) => {
    const [[x, y, z], [X, Y, Z]] = [min, max]
    return { min: { x, y, z }, max: { x: X, y: Y, z: Z } }
  }

  it('stands in the corner of a bed whose origin is its middle', async () => {
    const centred = reach([-100, -100, 0], [100, 100, 200])
    await pausedIn(['M109 S200', 'G28', ...moves(200)], { reach: centred }, { reach: centred })
    expect(corner()).toBe('G1 X-100 Y-100 F6000')
    await resumed()
    await done()
    expect(bench.board.marlin.outside).toEqual([])
  })

  it.each([
    ['by its kinematics', true],
    ['by how it tells its place', false],
  ])('stands at the edge of the circle of a delta, known %s', async (_name, delta) => {
    const round = reach([-90, -90, 0], [90, 90, 250])
    await pausedIn(
      ['M109 S200', 'G28', ...moves(200)],
      { reach: round, delta: true },
      { reach: round, delta },
    )
    expect(corner()).toBe('G1 X0 Y-81 F6000')
    await resumed()
    await done()
    expect(bench.board.marlin.outside).toEqual([])
  })

  it('is lifted no higher than it may go', async () => {
    const low = reach([0, 0, 0], [220, 220, 24])
    await pausedIn(['M109 S200', 'G28', 'G1 Z20', ...moves(200)], { reach: low }, { reach: low })
    expect(bench.executed()).toContain('G1 Z24 F600')
    await resumed()
    await done()
    expect(bench.board.marlin.outside).toEqual([])
  })

  it('is only lifted where nobody knows how far it may go', async () => {
    await pausedIn(['M109 S200', 'G28', 'G1 Z20', ...moves(200)], {}, { reach: undefined })
    expect(corner()).toBeUndefined()
    expect(bench.executed()).toContain('G1 Z30 F600')
  })
})

describe('a print that its firmware asks to pause for want of filament', () => {
  it('is not resumed as long as the sensor says that there is none, and says so', async () => {
    bench = createHostBench({ moveMs: 50 })
    await bench.open()
    await bench.print(['M109 S200', 'G28', ...moves(300)])
    await bench.until('it prints', () => bench.status()?.state === 'printing', 300_000)
    bench.board.sim.act({ kind: 'break', fault: 'filament-runout' })
    bench.board.marlin.say('//action:pause filament_runout T0')
    await paused()
    bench.host.take({ kind: 'resume' })
    await bench.until(
      'it was asked',
      () => bench.told.some(each => each.kind === 'heard' && each.text === 'filament: open'),
      20_000,
    )
    await paused()
    const before = bench.executed().length
    await bench.clock.advance(30_000)
    expect(bench.executed().slice(before)).toEqual([])
    bench.board.sim.act({ kind: 'load-filament' })
    bench.host.take({ kind: 'resume' })
    await done()
  })
})

import { beforeEach, describe, expect, it } from 'vitest'
import { createHostBench, cube, type HostBench } from './host-bench.ts'

let bench: HostBench

beforeEach(async () => {
  bench = createHostBench()
  await bench.open()
})

describe('a host on an open line', () => {
  it('answers a command with what the firmware printed before its ok', async () => {
    expect(await bench.command('M105')).toEqual([expect.stringMatching(/^ok T:21\.00 \/0\.00 B:21\.00/)])
    expect((await bench.command('M115')).some(line => line.startsWith('FIRMWARE_NAME:Marlin'))).toBe(true)
  })

  it('repeats what the firmware asks for, and nobody notices', async () => {
    bench.board.marlin.harm('damage', 3)
    expect(await bench.command('M105')).toEqual([expect.stringMatching(/^ok T:/)])
    expect(bench.told.filter(each => each.kind === 'heard' && each.text === 'Resend: 1')).toHaveLength(3)
  })

  it.each([
    ['a line feed', '\n'],
    ['a carriage return', '\r'],
    ['a null', '\0'],
  ])('sends no command that holds %s, since what follows it would be another one', async (_name, end) => {
    await expect(bench.command(`M23 a${end}M104 S290`)).rejects.toThrowError(/line break/)
    bench.host.take({ kind: 'shout', text: `M876 S0${end}M104 S290` })
    await bench.command('M105')
    expect(bench.board.sim.state().nozzle.targetC).toBe(0)
    expect(bench.told.filter(each => each.kind === 'sent' && each.text.includes('S290'))).toEqual([])
    expect(bench.last('ended')).toBeUndefined()
  })

  it.each(['\r', '\0'])('fails a print, cool, at a line of its file that holds %j', async end => {
    await bench.print(['G28', 'M104 S200', `M117 a${end}M104 S290`, 'G1 X1'])
    await bench.until('it failed', () => bench.status()?.state === 'failed')
    expect(bench.status()?.reason).toContain('Line 3')
    await bench.until('it is cool', () => bench.executed().includes('M84'))
    expect(bench.executed().join(' ')).not.toContain('S290')
    expect(bench.board.sim.state().nozzle.targetC).toBe(0)
  })

  it('gets over a line that never arrived and an ok that never came', async () => {
    bench.board.marlin.harm('lose')
    expect(await bench.command('M114')).toEqual(expect.arrayContaining([expect.stringMatching(/^X:0\.00/)]))
    bench.board.marlin.harm('swallow-ok')
    await bench.command('M114')
    expect(bench.last('ended')).toBeUndefined()
  })

  it('says why when the cable is pulled in the middle of a command', async () => {
    bench.host.take({ kind: 'command', id: 99, text: 'G28' })
    await bench.clock.advance(200)
    bench.board.cut()
    await bench.until('the end', () => bench.last('ended') !== undefined)
    expect(bench.last('ended')).toMatchObject({ problem: { code: 'wire.closed' }, fault: 'link-lost' })
    expect(bench.told.find(each => each.kind === 'answer' && each.id === 99)).toMatchObject({
      problem: { code: 'wire.closed' },
    })
    expect(bench.clock.waiting().filter(name => name.startsWith('printers.'))).toEqual([])
  })

  it('ends when the firmware starts anew', async () => {
    bench.board.marlin.reset()
    await bench.until('the end', () => bench.last('ended') !== undefined)
    expect(bench.last('ended')).toMatchObject({ fault: 'printer-reset' })
  })

  it('gives up on a wire that damages everything, and switches nothing off that it does not feed', async () => {
    bench.board.marlin.harm('damage', 1_000)
    bench.host.take({ kind: 'command', id: 1, text: 'M105' })
    await bench.until('the end', () => bench.last('ended') !== undefined, 60_000)
    expect(bench.last('ended')).toMatchObject({
      fault: 'resend',
      problem: { code: 'wire.malformed' },
      cooled: false,
    })
    expect(bench.executed()).toEqual([])
  })

  it('gives up on a wire that damages everything under its print, heaters off as far as words reach', async () => {
    await bench.print(['M104 S200', 'G4 S10', ...cube(100)])
    await bench.until('it heats', () => bench.board.sim.state().nozzle.targetC === 200, 5_000)
    bench.board.marlin.harm('damage', 1_000)
    await bench.until('the end', () => bench.last('ended') !== undefined, 60_000)
    expect(bench.last('ended')).toMatchObject({ fault: 'resend', cooled: true })
    expect(bench.executed().slice(-3)).toEqual(['M104 S0', 'M140 S0', 'M107'])
    expect(bench.board.sim.state().nozzle.targetC).toBe(0)
  })

  it('stops everything at once in an emergency, past a command that takes minutes', async () => {
    bench.host.take({ kind: 'command', id: 1, text: 'M109 S210' })
    await bench.clock.advance(1_000)
    bench.host.take({ kind: 'emergency' })
    await bench.until(
      'the kill',
      () => bench.told.some(each => each.kind === 'heard' && each.text.includes('kill()')),
      100,
    )
    expect(bench.board.sim.state()).toMatchObject({ machine: 'error', nozzle: { targetC: 0 } })
  })

  it('resets a board without an emergency parser by its DTR wire', async () => {
    bench = createHostBench({ emergencyParser: false })
    await bench.open()
    bench.host.take({ kind: 'know', emergencyParser: false, cool: ['M104 S0'], resetsByDtr: true })
    bench.host.take({ kind: 'command', id: 1, text: 'M109 S210' })
    await bench.clock.advance(1_000)
    bench.host.take({ kind: 'emergency' })
    await bench.until('the reset', () => bench.last('ended') !== undefined)
    expect(bench.board.sim.state().nozzle.targetC).toBe(0)
  })

  it('takes no message it does not understand', () => {
    for (const message of [
      undefined,
      7,
      'open',
      {},
      { kind: 'open' },
      { kind: 'command', id: 'x' },
      { kind: 'print' },
    ]) {
      bench.host.take(message)
    }
    expect(bench.last('ended')).toBeUndefined()
  })
})

describe('a line that cannot be opened', () => {
  it('is told as such', async () => {
    bench = createHostBench()
    bench.board.cut()
    bench.host.take({
      kind: 'open',
      path: '/dev/ttyUSB0',
      baudRate: 115200,
      signals: false,
      startWaitMs: 10_000,
    })
    await bench.until('the answer', () => bench.last('not-opened') !== undefined)
    expect(bench.last('not-opened')).toMatchObject({ problem: { code: 'printer.offline' }, noise: false })
  })

  it('is told to be noise when it is', async () => {
    bench = createHostBench()
    bench.board.rubbish()
    bench.host.take({
      kind: 'open',
      path: '/dev/ttyUSB0',
      baudRate: 250000,
      signals: false,
      startWaitMs: 10_000,
    })
    await bench.until('the answer', () => bench.last('not-opened') !== undefined, 60_000)
    expect(bench.last('not-opened')).toMatchObject({ problem: { code: 'wire.timeout' }, noise: true })
  })
})

describe('a print from disk', () => {
  const done = () => ['finished', 'cancelled', 'failed'].includes(bench.status()?.state ?? '')

  it('arrives line by line, in order, without its comments, and is done when the last line is', async () => {
    const lines = cube(2_000)
    await bench.print(lines)
    await bench.until('the print is over', done, 120_000)
    const expected = lines.map(line => line.replace(/;.*/, '').trim()).filter(line => line !== '')
    expect(bench.executed()).toEqual([...expected, 'M400'])
    expect(bench.status()).toMatchObject({
      state: 'finished',
      acknowledgedLines: expected.length,
      underruns: 0,
    })
    expect(bench.status()?.acknowledgedBytes).toBe(bench.status()?.sizeBytes)
  })

  it('tells how far it is by what the printer has taken, byte for byte', async () => {
    bench = createHostBench({ moveMs: 100 })
    await bench.open()
    const lines = cube(200)
    await bench.print(lines)
    await bench.until('a part is printed', () => (bench.status()?.acknowledgedLines ?? 0) >= 60, 60_000)
    const { acknowledgedLines = 0, acknowledgedBytes } = bench.status() ?? {}
    const commands = lines.filter(line => line !== '' && !line.startsWith(';'))
    const at = lines.indexOf(commands[acknowledgedLines - 1] ?? '')
    const bytes = lines.slice(0, at + 1).reduce((sum, line) => sum + line.length + 1, 0)
    expect(acknowledgedBytes).toBe(bytes)
    expect(bench.status()?.state).toBe('printing')
  })

  it('survives a cable that damages every tenth line', async () => {
    bench = createHostBench({ wantsNumbers: true })
    await bench.open()
    const lines = cube(300)
    await bench.print(lines)
    for (let round = 0; round < 30; round++) {
      bench.board.marlin.harm(round % 3 === 0 ? 'lose-number' : 'damage')
      await bench.clock.advance(10)
    }
    await bench.until('the print is over', done, 240_000)
    expect(bench.status()?.state).toBe('finished')
    expect(bench.executed().filter(line => line.startsWith('G1'))).toEqual(
      lines.filter(line => line.startsWith('G1')),
    )
  })

  it('pauses by parking and goes on where it was', async () => {
    bench = createHostBench({ moveMs: 50 })
    await bench.open()
    const lines = cube(200)
    await bench.print(lines)
    await bench.until('it prints', () => bench.status()?.state === 'printing', 60_000)
    bench.host.take({ kind: 'pause' })
    await bench.until('it is parked', () => bench.status()?.state === 'paused', 60_000)
    const [left] = await bench.command('M114')
    expect(left).toMatch(/^X:0\.00 Y:0\.00 Z:10\.00/)
    const before = bench.executed().length
    await bench.clock.advance(10_000)
    expect(bench.executed().length).toBe(before)
    bench.host.take({ kind: 'resume' })
    await bench.until('the print is over', done, 120_000)
    expect(bench.status()?.state).toBe('finished')
    const restored = bench.executed().slice(before)
    expect(restored.slice(restored.indexOf('G90')).slice(0, 5)).toEqual([
      'G90',
      expect.stringMatching(/^G1 X\d+ Y\d+ F6000$/),
      'G1 Z0 F600',
      'M83',
      'G1 E2 F2100',
    ])
    expect(restored).toEqual(expect.arrayContaining(['M82', 'G1 F1800']))
    const moves = bench.executed().filter(line => lines.includes(line) && line.startsWith('G1'))
    expect(moves).toEqual(lines.filter(line => line.startsWith('G1')))
  })

  it('cancels by cooling, even in the middle of a wait for heat', async () => {
    bench.host.take({
      kind: 'know',
      emergencyParser: true,
      cool: ['M104 S0', 'M140 S0', 'M107', 'M84'],
      resetsByDtr: true,
    })
    await bench.print(['M140 S60', 'M109 S210', ...cube(100)])
    await bench.clock.advance(3_000)
    expect(bench.board.sim.state().nozzle.targetC).toBe(210)
    bench.host.take({ kind: 'cancel' })
    await bench.until('it is cancelled', () => bench.status()?.state === 'cancelled', 2_000)
    expect(bench.board.sim.state()).toMatchObject({ nozzle: { targetC: 0 }, bed: { targetC: 0 } })
    expect(bench.executed().some(line => line.startsWith('G1'))).toBe(false)
  })

  it('does not move blindly when it is cancelled or paused before it was homed', async () => {
    bench = createHostBench({ moveMs: 50 })
    await bench.open()
    await bench.print(['M140 S60', 'G4 P500', ...Array<string>(200).fill('G4 P50')])
    await bench.until('it waits', () => bench.executed().includes('G4 P50'), 20_000)
    bench.host.take({ kind: 'pause' })
    await bench.until('it is paused', () => bench.status()?.state === 'paused', 20_000)
    bench.host.take({ kind: 'resume' })
    await bench.until('it goes on', () => bench.status()?.state === 'preparing', 20_000)
    bench.host.take({ kind: 'cancel' })
    await bench.until('it is cancelled', () => bench.status()?.state === 'cancelled', 20_000)
    expect(bench.executed().filter(line => /^G[01]\b.*[XYZE]/.test(line))).toEqual([])
    expect(bench.executed().at(-1)).toBe('M84')
    expect(bench.board.sim.state().bed.targetC).toBe(0)
  })

  it('pushes no filament through a cold nozzle, and lifts no axis that was not homed', async () => {
    bench = createHostBench({ moveMs: 50 })
    await bench.open()
    await bench.print(['G28 X Y', ...Array<string>(200).fill('G1 X20 Y20')])
    await bench.until('it moves', () => bench.executed().includes('G1 X20 Y20'), 20_000)
    bench.host.take({ kind: 'pause' })
    await bench.until('it is paused', () => bench.status()?.state === 'paused', 20_000)
    const park = bench.executed().slice(bench.executed().indexOf('M400'))
    expect(park).toEqual(['M400', 'M114', 'M105', 'M220', 'M221', 'G90', 'M400'])
  })

  it('fails by a storm of ten thousand resends, once, with the heaters off', async () => {
    await bench.print(['M104 S200', 'G4 S60', ...cube(100)])
    await bench.clock.advance(500)
    for (let times = 0; times < 10_000; times++)
      bench.board.marlin.say('Error:checksum mismatch, Last Line: 1', 'Resend: 2', 'ok')
    await bench.until('the end', () => bench.last('ended') !== undefined, 60_000)
    expect(bench.last('ended')).toMatchObject({ fault: 'resend' })
    expect(bench.status()?.state).toBe('failed')
    expect(bench.told.filter(({ kind }) => kind === 'ended')).toHaveLength(1)
    expect(bench.told.filter(({ kind }) => kind === 'heard').length).toBeLessThan(1_000)
  })

  it('fails when the number of a resend is damaged into one that was never sent', async () => {
    await bench.print(['M104 S200', 'G4 S60', ...cube(100)])
    await bench.clock.advance(500)
    bench.board.marlin.say('Resend: 34497', 'ok')
    await bench.until('the end', () => bench.last('ended') !== undefined, 20_000)
    expect(bench.last('ended')).toMatchObject({ fault: 'resend', problem: { code: 'wire.malformed' } })
  })

  it('is paused by an M0 in the file, which is kept from the firmware', async () => {
    await bench.print(['G28', 'G1 X1 E1', 'M0 Insert the nut', 'M110 N5', 'G1 X2 E2'])
    await bench.until('it is paused', () => bench.status()?.state === 'paused', 20_000)
    bench.host.take({ kind: 'resume' })
    await bench.until('the print is over', done, 20_000)
    expect(bench.executed()).not.toEqual(expect.arrayContaining([expect.stringMatching(/^M(?:0|110)\b/)]))
    expect(bench.executed()).toContain('G1 X2 E2')
  })

  it('stops feeding when the firmware has parked for new filament, and goes on when it says so', async () => {
    bench = createHostBench({ moveMs: 50 })
    await bench.open()
    await bench.print(cube(200))
    await bench.until('it prints', () => bench.status()?.state === 'printing', 60_000)
    bench.board.sim.act({ kind: 'break', fault: 'filament-runout' })
    await bench.until('it is paused', () => bench.status()?.state === 'paused', 20_000)
    bench.host.take({ kind: 'shout', text: 'M876 S1' })
    await bench.until('the print is over', done, 120_000)
    expect(bench.status()?.state).toBe('finished')
  })

  it('fails and is stopped when the firmware reports a fault', async () => {
    bench = createHostBench({ moveMs: 50 })
    await bench.open()
    await bench.print(cube(200))
    await bench.until('it prints', () => bench.status()?.state === 'printing', 60_000)
    bench.board.sim.act({ kind: 'break', fault: 'thermal-runaway' })
    await bench.until('it failed', () => bench.status()?.state === 'failed', 20_000)
    expect(bench.status()?.reason).toMatch(/Thermal Runaway/)
  })

  it('fails when the printer starts anew, and is never taken up again', async () => {
    bench = createHostBench({ moveMs: 50 })
    await bench.open()
    await bench.print(cube(200))
    await bench.until('it prints', () => bench.status()?.state === 'printing', 60_000)
    bench.board.marlin.reset()
    await bench.until('the end', () => bench.last('ended') !== undefined)
    expect(bench.status()?.state).toBe('failed')
    const before = bench.board.marlin.executed.length
    await bench.clock.advance(60_000)
    expect(bench.board.marlin.executed.length).toBe(before)
  })

  it('refuses a line the firmware would cut, by its number in the file, and cools', async () => {
    bench.host.take({ kind: 'know', emergencyParser: true, cool: ['M104 S0', 'M140 S0'], resetsByDtr: true })
    await bench.print(['M104 S200', `G1 X1 ${'Y1 '.repeat(40)}`])
    await bench.until('it failed', () => bench.status()?.state === 'failed', 20_000)
    expect(bench.status()?.reason).toMatch(/^Line 2 /)
    await bench.until('it cools', () => bench.board.sim.state().nozzle.targetC === 0, 5_000)
  })

  it('refuses a second print beside the first', async () => {
    bench = createHostBench({ moveMs: 50 })
    await bench.open()
    await bench.print(cube(200))
    await bench.until('it prints', () => bench.status()?.state === 'printing', 60_000)
    bench.host.take({ kind: 'print', id: 7, plan: { path: 'x', sizeBytes: 1, lineLimitBytes: 96 } })
    expect(bench.last('answer')).toMatchObject({ id: 7, problem: { code: 'printer.busy' } })
    await bench.until('the first goes on', done, 120_000)
    expect(bench.status()?.state).toBe('finished')
  })

  it('is parked and cooled when its owner is gone, and the line is let go', async () => {
    bench = createHostBench({ moveMs: 50 })
    await bench.open()
    await bench.print(['M104 S200', 'M140 S60', ...cube(2_000)])
    await bench.until('it prints', () => bench.status()?.state === 'printing', 60_000)
    const gone = bench.host.orphan()
    await bench.until('the line is closed', () => bench.last('closed') !== undefined, 60_000)
    await gone
    expect(bench.board.sim.state()).toMatchObject({ nozzle: { targetC: 0 }, bed: { targetC: 0 } })
    expect(bench.executed().slice(-3)).toEqual(['G1 Z10 F600', 'G90', 'M84'])
    expect(bench.clock.waiting().filter(name => name.startsWith('printers.'))).toEqual([])
  })

  it('leaves no heater on behind an owner who is gone, where it is sure that nothing prints', async () => {
    await bench.command('M104 S200')
    bench.host.take({ kind: 'card', prints: 'no' })
    const gone = bench.host.orphan()
    await bench.until('the line is closed', () => bench.last('closed') !== undefined, 60_000)
    await gone
    expect(bench.board.sim.state().nozzle.targetC).toBe(0)
  })

  it('leaves the heaters as they are behind an owner who is gone, where a print from card may run', async () => {
    await bench.command('M104 S200')
    for (const prints of ['no', 'unknown'] as const) bench.host.take({ kind: 'card', prints })
    const gone = bench.host.orphan()
    await bench.until('the line is closed', () => bench.last('closed') !== undefined, 60_000)
    await gone
    expect(bench.board.sim.state().nozzle.targetC).toBe(200)
  })

  it('is not disturbed from the card when the owner is gone', async () => {
    bench.board.sim.addFile('cube.gcode', ';TIME:600\nM104 S200\n')
    for (const text of ['M23 CUBE.GCO', 'M24']) await bench.command(text)
    await bench.clock.advance(1_000)
    await bench.command('M27')
    const gone = bench.host.orphan()
    await bench.until('the line is closed', () => bench.last('closed') !== undefined, 60_000)
    await gone
    expect(bench.board.sim.state().nozzle.targetC).toBe(200)
  })
})

describe('a firmware that tells how much room it has', () => {
  it('gets more than one line at a time and every one of them once', async () => {
    bench = createHostBench({ advancedOk: true })
    await bench.open()
    const lines = cube(1_000)
    await bench.print(lines)
    await bench.until('the print is over', () => bench.status()?.state === 'finished', 120_000)
    expect(bench.executed().filter(line => line.startsWith('G1'))).toEqual(
      lines.filter(line => line.startsWith('G1')),
    )
  })
})

import { afterEach, describe, expect, it } from 'vitest'
import { marlin } from '../../../../../src/main/printers/drivers/marlin/index.ts'
import { parseReply } from '../../../../../src/main/printers/drivers/marlin/wire/reply.ts'
import { settled } from '../../driver-kit.ts'
import { openMarlin, type SessionBench } from './session-bench.ts'

let bench: SessionBench

const faults = () => bench.watched.events.flatMap(event => (event.kind === 'fault' ? [event.fault] : []))
const machine = () => bench.watched.events.findLast(event => event.kind === 'machine')?.state

describe('a fault that no “Error:” announces', () => {
  afterEach(async () => bench.end())

  it.each([
    ['Hotend fan speed is lower than expected', 'fan'],
    ['Print fan speed is lower than expected', 'fan'],
    ['TM: error triggered!', 'thermal-runaway'],
    ['TM: error |12.5|>9.0', 'heating-failed'],
    ['echo:MMU2:FINDA DIDNT TRIGGER', 'clog'],
    ['echo:MMU2:IDLER CANNOT MOVE', 'motion'],
    ['echo:MMU2:MMU NOT RESPONDING', 'other'],
  ])('is heard: %s', async (line, kind) => {
    bench = await openMarlin()
    bench.board.marlin.say(line)
    const { fault } = await bench.watched.next('fault')
    expect(fault).toMatchObject({ class: kind, text: line.replace('echo:', '') })
  })

  it('is not heard in what only tells of progress', () => {
    for (const line of [
      'echo:MMU2:Feeding to FINDA',
      'echo:MMU2:FILAMENT EJECTED',
      'echo:MMU2:OK',
      'TM: error cleared',
      'hotend fan speed:50',
    ]) {
      expect([line, parseReply(line).map(({ kind }) => kind)]).toEqual([line, ['text']])
    }
  })
})

describe('a Marlin that was killed', () => {
  afterEach(async () => bench.end())

  it('is never idle, whatever is asked of it and however long it says nothing', async () => {
    bench = await openMarlin({ resetsOnOpen: false })
    await bench.watched.next('machine', ({ state }) => state === 'idle')
    bench.board.marlin.say('Error:Printer halted. kill() called!')
    bench.board.late(100_000_000)
    await bench.watched.next('machine', ({ state }) => state === 'error')
    bench.watched.mark()
    await bench.pass(300_000)
    expect(machine()).toBe('error')
    const states = bench.watched.events.flatMap(event => (event.kind === 'machine' ? [event.state] : []))
    expect(states.slice(states.indexOf('error'))).toEqual(['error'])
    expect(faults().filter(fault => fault.class === 'killed').length).toBeGreaterThan(0)
  })
})

describe('a Marlin that has stopped itself and answers as if nothing were', () => {
  afterEach(async () => bench.end())

  it('still says so when it is opened again, and no more once it was told to go on', async () => {
    bench = await openMarlin({ resetsOnOpen: false })
    bench.board.marlin.stopItself()
    await bench.watched.next('fault', ({ fault }) => fault.severity === 'critical')
    const learnt = bench.watched.events.findLast(event => event.kind === 'learnt')?.config
    expect(learnt).toMatchObject({ opening: 'harmless', leave: 'halted' })
    await settled(bench.clock, bench.watched.session.close())

    const again = await bench.open({ ...bench.peer.config, ...learnt })
    await again.next('fault', ({ fault }) => fault.class === 'killed')
    await again.next('machine', ({ state }) => state === 'error')
    await settled(bench.clock, again.session.close())

    bench.board.marlin.receive('M999\n')
    const third = await bench.open({ ...bench.peer.config, ...learnt })
    await third.next('machine', ({ state }) => state === 'idle')
    expect(marlin.fields).toContain('leave')
  })
})

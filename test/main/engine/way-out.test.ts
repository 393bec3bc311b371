import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { GantryError } from '../../../src/main/contract/error.ts'
import type { Trouble } from '../../../src/main/engine/trouble.ts'
import { createWayOut } from '../../../src/main/engine/way-out.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { createLogRecorder } from '../../fakes/log.ts'
import { buildProgram, runProgram } from '../../fakes/typescript-child.ts'

const never = () => new Promise<void>(() => undefined)
const turn = () => new Promise<void>(resolve => setImmediate(resolve))

function setUp({
  stop = async () => {},
  tell = async () => {},
}: Partial<Record<'stop' | 'tell', () => Promise<void>>> = {}) {
  const source = new EventEmitter()
  const clock = createFakeClock()
  const { log, lines } = createLogRecorder()
  /** What happened, in order. */
  const said: string[] = []
  const told: [Trouble, string][] = []
  const wayOut = createWayOut({
    source,
    clock,
    exit: code => said.push(`exit ${code}`),
    tell: (trouble, sentence) => {
      told.push([trouble, sentence])
      return tell()
    },
  })
  const leadThrough = () =>
    wayOut.leadThrough({
      log,
      stop: async () => {
        said.push('stop')
        await stop()
        said.push('stopped')
      },
    })
  return { source, clock, lines, said, told, wayOut, leadThrough }
}

describe('a signal', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('%s stops first and leaves then', async signal => {
    const { source, said, told, wayOut, leadThrough } = setUp()
    leadThrough()
    expect(wayOut.isLeaving()).toBe(false)
    source.emit(signal, signal)
    expect([wayOut.isLeaving(), said]).toEqual([true, []])
    await turn()
    expect(said).toEqual(['stop', 'stopped', 'exit 0'])
    expect(told).toEqual([])
  })

  it('is the system’s own to answer until there is something to stop', () => {
    const { source, leadThrough } = setUp()
    expect(source.listenerCount('SIGTERM')).toBe(0)
    leadThrough()
    leadThrough()
    expect(source.listenerCount('SIGTERM')).toBe(1)
  })

  it('the second one leaves at once', async () => {
    const { source, said, leadThrough } = setUp({ stop: never })
    leadThrough()
    source.emit('SIGINT')
    await turn()
    source.emit('SIGTERM')
    expect(said).toEqual(['stop', 'exit 130'])
  })

  it('tells with its code when stopping failed', async () => {
    const { source, said, lines, leadThrough } = setUp({ stop: () => Promise.reject(new Error('stuck')) })
    leadThrough()
    source.emit('SIGTERM')
    await turn()
    expect(said).toEqual(['stop', 'exit 1'])
    expect(lines.at(-1)).toMatchObject({ level: 'error', sentence: 'stopping failed' })
  })

  it('leaves as it is when stopping takes longer than a service manager waits', async () => {
    const { source, said, clock, leadThrough } = setUp({ stop: never })
    leadThrough()
    source.emit('SIGTERM')
    await turn()
    await clock.advance(84_999)
    expect(said).toEqual(['stop'])
    await clock.advance(1)
    expect(said).toEqual(['stop', 'exit 1'])
    expect(clock.waiting()).toEqual([])
  })
})

it('a process in which nothing else is alive still ends by its limit, not unseen before', async () => {
  const program = await buildProgram('test/fakes/programs/hanging-stop.ts')
  expect(await runProgram(program, []).exit()).toBe(1)
}, 30_000)

describe('whoever quits', () => {
  it('stops once, however often it is asked for', async () => {
    const { said, wayOut, leadThrough } = setUp()
    leadThrough()
    await Promise.all([wayOut.leave(), wayOut.leave()])
    expect(said).toEqual(['stop', 'stopped', 'exit 0'])
  })

  it('is not hurried by one signal, which may come from the system that asked too', async () => {
    const { source, said, wayOut, leadThrough } = setUp({ stop: never })
    leadThrough()
    void wayOut.leave()
    await turn()
    source.emit('SIGTERM')
    expect(said).toEqual(['stop'])
    source.emit('SIGTERM')
    expect(said).toEqual(['stop', 'exit 130'])
  })

  it('takes the way that leads through what runs by then', async () => {
    const { said, wayOut, leadThrough } = setUp()
    leadThrough()
    const { log } = createLogRecorder()
    wayOut.leadThrough({ log, stop: async () => void said.push('stop all of it') })
    await wayOut.leave()
    expect(said).toEqual(['stop all of it', 'exit 0'])
  })
})

describe.each(['uncaughtException', 'unhandledRejection'])('a mistake nobody caught: %s', name => {
  const mistake = new TypeError('x is not a function\n  of y, token=abc')

  it('is logged with its stack, told in a sentence without one, and ends Gantry in order', async () => {
    const { source, said, told, lines, leadThrough } = setUp()
    leadThrough()
    source.emit(name, mistake)
    await turn()
    expect(said).toEqual(['stop', 'stopped', 'exit 1'])
    expect(told).toEqual([
      [
        'mistake',
        'Something inside Gantry went wrong (x is not a function). It ends what it feeds to printers and stops. Start it again; if it happens again, report it with the log.',
      ],
    ])
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 'error', fields: expect.objectContaining({ cause: mistake }) }),
    )
  })

  it('is told at once, and what stops does not wait until it is read', async () => {
    let read = () => {}
    const { source, said, told, leadThrough } = setUp({
      tell: () =>
        new Promise(resolve => {
          read = resolve
        }),
    })
    leadThrough()
    source.emit(name, mistake)
    expect(told).toHaveLength(1)
    await turn()
    expect(said).toEqual(['stop', 'stopped'])
    read()
    await turn()
    expect(said).toEqual(['stop', 'stopped', 'exit 1'])
  })

  it('is told once; what else breaks on the way out is only logged', async () => {
    const { source, said, told, lines, leadThrough } = setUp()
    leadThrough()
    source.emit(name, mistake)
    source.emit(name, new Error('and another'))
    await turn()
    expect([said, told.length]).toEqual([['stop', 'stopped', 'exit 1'], 1])
    expect(lines.filter(({ sentence }) => sentence.startsWith('a mistake nobody caught'))).toHaveLength(2)
  })

  it('on the way out keeps nobody, but shows in the code', async () => {
    const { source, said, told, wayOut, leadThrough } = setUp()
    leadThrough()
    const left = wayOut.leave()
    source.emit(name, mistake)
    await left
    expect([said, told]).toEqual([['stop', 'stopped', 'exit 1'], []])
  })

  it('ends Gantry even where the person cannot be told', async () => {
    const { source, said, leadThrough } = setUp({ tell: () => Promise.reject(new Error('no dialog')) })
    leadThrough()
    source.emit(name, mistake)
    await turn()
    expect(said).toEqual(['stop', 'stopped', 'exit 1'])
  })

  it('gives a print the time to end: one signal does not cut that off, a second one does', async () => {
    const { source, said, leadThrough } = setUp({ stop: never })
    leadThrough()
    source.emit(name, mistake)
    await turn()
    source.emit('SIGTERM')
    expect(said).toEqual(['stop'])
    source.emit('SIGTERM')
    expect(said).toEqual(['stop', 'exit 130'])
  })
})

describe('a start that fails', () => {
  const taken = new GantryError('port.taken', 'Port 4035 is held by another program.')

  it('is told in its own words, and ends with 1 once that is read', async () => {
    const { said, told, wayOut } = setUp()
    await wayOut.fail(taken)
    expect([told, said]).toEqual([[['start', taken.message]], ['exit 1']])
  })

  it('ends by a signal while nobody has read why, also where nothing had started', async () => {
    const { source, said, wayOut } = setUp({ tell: never })
    void wayOut.fail(taken)
    await turn()
    source.emit('SIGINT')
    expect(said).toEqual(['exit 1'])
  })

  it('stops what had started already', async () => {
    const { said, wayOut, leadThrough } = setUp()
    leadThrough()
    await wayOut.fail(taken)
    expect(said).toEqual(['stop', 'stopped', 'exit 1'])
  })

  it('that a signal called off is no failure', async () => {
    const { source, said, told, wayOut, leadThrough } = setUp()
    leadThrough()
    source.emit('SIGINT')
    await wayOut.fail(new GantryError('cancelled', 'Gantry stops before “http” is up.'))
    expect([said, told]).toEqual([['stop', 'stopped', 'exit 0'], []])
  })

  it('on the way out is logged, and tells nobody', async () => {
    const { source, said, told, lines, wayOut, leadThrough } = setUp()
    leadThrough()
    source.emit('SIGINT')
    await wayOut.fail(taken)
    expect([said, told]).toEqual([['stop', 'stopped', 'exit 1'], []])
    expect(lines.at(-1)).toMatchObject({ sentence: 'starting failed on the way out' })
  })
})

import { describe, expect, it } from 'vitest'
import type { Room } from '../../../src/main/engine/room.ts'
import { createRoomRow } from '../../../src/main/engine/room-row.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { createLogRecorder } from '../../fakes/log.ts'

function setUp() {
  const clock = createFakeClock()
  const { log, lines } = createLogRecorder()
  const row = createRoomRow({ clock, log, startLimitMs: 20_000, stopLimitMs: 8_000 })
  const told: string[] = []
  const room = (name: string, more: Partial<Room> = {}): Room => ({
    name,
    async start() {
      told.push(`start ${name}`)
    },
    async stop() {
      told.push(`stop ${name}`)
    },
    ...more,
  })
  return { clock, row, room, told, lines }
}

const never = () => new Promise<void>(() => undefined)

/** A promise the test settles itself. */
function promised() {
  let keep = () => {}
  let breakIt = (_why: Error) => {}
  const promise = new Promise<void>((resolve, reject) => {
    keep = resolve
    breakIt = reject
  })
  return { promise, keep, breakIt }
}

describe('the row of rooms', () => {
  it('starts in order and stops in reverse', async () => {
    const { row, room, told } = setUp()
    for (const name of ['a', 'b', 'c']) await row.start(room(name))
    await row.stop()
    expect(told).toEqual(['start a', 'start b', 'start c', 'stop c', 'stop b', 'stop a'])
    expect(row.states().map(({ state }) => state)).toEqual(['stopped', 'stopped', 'stopped'])
  })

  it('gives up on a room that does not start in time, by name', async () => {
    const { row, room, clock, lines } = setUp()
    const starting = row.start(room('printers', { start: never }))
    const refused = expect(starting).rejects.toMatchObject({
      code: 'room.timeout',
      message: '“printers” did not start within 20 seconds.',
    })
    await clock.advance(20_000)
    await refused
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 'error', fields: expect.objectContaining({ room: 'printers' }) }),
    )
    expect(clock.waiting()).toEqual([])
  })

  it('names a room that hangs while stopping and stops the others all the same', async () => {
    const { row, room, clock, told, lines } = setUp()
    await row.start(room('a'))
    await row.start(room('hangs', { stop: never }))
    await row.start(room('fails', { stop: () => Promise.reject(new Error('no')) }))
    const stopped = row.stop()
    // The one before it must have failed until its own time begins.
    await clock.advance(0)
    await clock.advance(8_000)
    await stopped
    expect(told.at(-1)).toBe('stop a')
    const failed = lines.filter(({ sentence }) => sentence === 'room did not stop cleanly')
    expect(failed.map(({ fields }) => fields.room)).toEqual(['fails', 'hangs'])
  })

  it('gives a room that ends something in the real world the time it asks for, and only that one', async () => {
    const { row, room, clock, told } = setUp()
    await row.start(room('a'))
    await row.start(room('printers', { drain: never, stop: never, stopLimitMs: 70_000 }))
    await row.start(room('hangs', { stop: never }))
    const stateOf = (name: string) => row.states().find(each => each.name === name)?.state
    const stopped = row.stop()
    await clock.advance(0)
    await clock.advance(69_999)
    expect(stateOf('printers')).toBe('stopping')
    await clock.advance(1)
    expect(stateOf('printers')).toBe('failed')
    await clock.advance(7_999)
    expect(stateOf('hangs')).toBe('stopping')
    await clock.advance(1)
    expect(stateOf('hangs')).toBe('failed')
    await clock.advance(69_999)
    expect(told).not.toContain('stop a')
    await clock.advance(1)
    await stopped
    expect(told).toContain('stop a')
    expect(clock.waiting()).toEqual([])
  })

  it('drains all of it, newest first, before it stops any', async () => {
    const { row, room, told } = setUp()
    const drains = (name: string) => room(name, { drain: async () => void told.push(`drain ${name}`) })
    await row.start(room('store'))
    await row.start(drains('printers'))
    await row.start(room('discovery'))
    await row.start(drains('contents'))
    await row.start(drains('http'))
    told.length = 0
    await row.stop()
    expect(told).toEqual([
      'drain http',
      'drain contents',
      'drain printers',
      'stop http',
      'stop contents',
      'stop discovery',
      'stop printers',
      'stop store',
    ])
    expect(row.states().map(({ state }) => state)).toEqual(Array(5).fill('stopped'))
  })

  it('waits for one that drains before the next one does, and names one that cannot', async () => {
    const { row, room, told, lines } = setUp()
    const closed = promised()
    await row.start(room('printers', { drain: async () => void told.push('drain printers') }))
    await row.start(room('fails', { drain: () => Promise.reject(new Error('no')) }))
    await row.start(room('http', { drain: () => closed.promise }))
    const stopped = row.stop()
    await new Promise(resolve => setImmediate(resolve))
    expect(told).not.toContain('drain printers')
    closed.keep()
    await stopped
    expect(told.slice(3)).toEqual(['drain printers', 'stop http', 'stop fails', 'stop printers'])
    expect(lines).toContainEqual(
      expect.objectContaining({
        sentence: 'room did not drain cleanly',
        fields: expect.objectContaining({ room: 'fails' }),
      }),
    )
  })

  it('asks nothing of a room beyond the parts it has', async () => {
    const { row, lines } = setUp()
    await row.start({ name: 'bare' })
    expect(row.states()).toEqual([{ name: 'bare', state: 'running' }])
    await row.stop()
    expect(row.states()).toEqual([{ name: 'bare', state: 'stopped' }])
    expect(lines).toEqual([])
  })

  it('also stops the room that failed to start, as it may hold half of what it wanted, and does not drain it', async () => {
    const { row, room, told } = setUp()
    await row.start(room('a'))
    const broken = room('broken', {
      start: () => Promise.reject(new Error('no port')),
      drain: async () => void told.push('drain broken'),
    })
    await expect(row.start(broken)).rejects.toThrow('no port')
    await row.stop()
    expect(told).toEqual(['start a', 'stop broken', 'stop a'])
  })

  it('starts nothing more once it was told to stop', async () => {
    const { row, room, told } = setUp()
    await row.start(room('a'))
    await row.stop()
    await expect(row.start(room('late'))).rejects.toMatchObject({ code: 'cancelled' })
    expect(told).toEqual(['start a', 'stop a'])
  })

  it('told to stop while a room starts, waits until it has what it must let go of', async () => {
    const { row, room, told } = setUp()
    const started = promised()
    await row.start(room('a'))
    const drain = async () => void told.push('drain slow')
    const starting = row.start(room('slow', { start: () => started.promise, drain }))
    const cancelled = expect(starting).rejects.toMatchObject({ code: 'cancelled' })
    const stopped = row.stop()
    await new Promise(resolve => setImmediate(resolve))
    expect([told, row.states().at(-1)?.state]).toEqual([['start a'], 'starting'])
    started.keep()
    await Promise.all([stopped, cancelled])
    expect(told).toEqual(['start a', 'drain slow', 'stop slow', 'stop a'])
  })

  it('told to stop while a start fails, stops all the same', async () => {
    const { row, room, told } = setUp()
    const started = promised()
    const starting = row.start(room('broken', { start: () => started.promise }))
    const failed = expect(starting).rejects.toThrow('no port')
    const stopped = row.stop()
    started.breakIt(new Error('no port'))
    await Promise.all([stopped, failed])
    expect(told).toEqual(['stop broken'])
  })

  it('told to stop while a start hangs, waits no longer than the start may take', async () => {
    const { row, room, told, clock } = setUp()
    await row.start(room('a'))
    const hangs = expect(row.start(room('hangs', { start: never }))).rejects.toMatchObject({
      code: 'room.timeout',
    })
    await clock.advance(15_000)
    const stopped = row.stop()
    await clock.advance(4_999)
    expect(told).toEqual(['start a'])
    await clock.advance(1)
    await Promise.all([stopped, hangs])
    expect(told).toEqual(['start a', 'stop hangs', 'stop a'])
  })

  it('keeps a second stop waiting until the first is through', async () => {
    const { row, room, clock } = setUp()
    await row.start(room('hangs', { stop: never }))
    const first = row.stop()
    let isThrough = false
    const second = row.stop().then(() => {
      isThrough = true
    })
    await clock.advance(0)
    await clock.advance(7_999)
    expect(isThrough).toBe(false)
    await clock.advance(1)
    await Promise.all([first, second])
  })

  it('does nothing on a second stop', async () => {
    const { row, room, told } = setUp()
    await row.start(room('a'))
    await Promise.all([row.stop(), row.stop()])
    expect(told).toEqual(['start a', 'stop a'])
  })

  it('counts a room that throws before its promise as failed', async () => {
    const { row, room } = setUp()
    const start = () => {
      throw new Error('at once')
    }
    await expect(row.start(room('hasty', { start }))).rejects.toThrow('at once')
  })

  it('asks every running room whether it may quit, and only those', async () => {
    const { row, room } = setUp()
    const veto = { room: 'printers', reason: 'Two printers are printing.' }
    await row.start(room('a'))
    expect(row.quitVeto()).toBeUndefined()
    await row.start(room('printers', { quitVeto: () => veto }))
    expect(row.quitVeto()).toEqual(veto)
    await row.stop()
    expect(row.quitVeto()).toBeUndefined()
  })
})

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

  it('also stops the room that failed to start, as it may hold half of what it wanted', async () => {
    const { row, room, told } = setUp()
    await row.start(room('a'))
    const broken = room('broken', { start: () => Promise.reject(new Error('no port')) })
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

  it('keeps a second stop waiting until the first is through', async () => {
    const { row, room, clock } = setUp()
    await row.start(room('hangs', { stop: never }))
    const first = row.stop()
    let isThrough = false
    const second = row.stop().then(() => {
      isThrough = true
    })
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

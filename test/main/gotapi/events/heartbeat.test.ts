import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../../fakes/clock.ts'
import { type Body, createTestApp, createTestDoor } from '../../../fakes/gotapi.ts'

const settled = () => new Promise<void>(resolve => setImmediate(() => setImmediate(resolve)))

async function openDoor() {
  const clock = createFakeClock()
  const door = await createTestDoor({ clock })
  const enter = async (origin: string, scope = 'system') => {
    const app = createTestApp(door, origin)
    await app.beAllowed(scope)
    const beats: Body[] = []
    const line = app.connect(frame => beats.push(frame))
    return { app, beats, line }
  }
  const timers = () => clock.waiting().filter(name => name === 'gotapi: heartbeat')
  return { clock, enter, timers }
}

describe('The heartbeat of a line', () => {
  it('beats at once and then every two seconds, with the engine’s clock', async () => {
    const { clock, enter } = await openDoor()
    const { app, beats } = await enter('http://a.test')
    const at = clock.now()
    expect(await app.call('PUT system/heartbeat')).toMatchObject({ result: 0 })
    await settled()
    const beat = { result: 0, profile: 'system', attribute: 'heartbeat', everyMs: 2_000 }
    expect(beats).toEqual([{ ...beat, at }])
    await clock.advance(1_999)
    expect(beats).toHaveLength(1)
    await clock.advance(1)
    await clock.advance(2_000)
    expect(beats).toEqual([
      { ...beat, at },
      { ...beat, at: at + 2_000 },
      { ...beat, at: at + 4_000 },
    ])
  })

  it('is one timer for all who follow, and none when the last is gone', async () => {
    const { clock, enter, timers } = await openDoor()
    const a = await enter('http://a.test')
    const b = await enter('http://b.test')
    expect(timers()).toEqual([])
    await a.app.call('PUT system/heartbeat')
    await clock.advance(1_500)
    await b.app.call('PUT system/heartbeat')
    await settled()
    expect(timers()).toHaveLength(1)
    await clock.advance(500)
    expect([a.beats.length, b.beats.length]).toEqual([2, 2])
    await a.app.call('DELETE system/heartbeat')
    await clock.advance(2_000)
    expect([a.beats.length, b.beats.length]).toEqual([2, 3])
    b.line.close()
    await clock.advance(10_000)
    expect(timers()).toEqual([])
    await a.app.call('PUT system/heartbeat')
    expect(timers()).toHaveLength(1)
  })

  it('needs the scope system, like the rest of the profile', async () => {
    const { enter } = await openDoor()
    const { app } = await enter('http://a.test', 'echo')
    expect(await app.call('PUT system/heartbeat')).toMatchObject({ errorCode: 14 })
  })
})

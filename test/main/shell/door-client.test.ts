import { beforeEach, describe, expect, it } from 'vitest'
import type { Body } from '../../../src/main/shell/door-answer.ts'
import { createDoorClient } from '../../../src/main/shell/door-client.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { createFakeDoor } from '../../fakes/door.ts'
import { createLogRecorder } from '../../fakes/log.ts'

const path = 'settings/changes'

function setUp(scopes = ['all']) {
  const door = createFakeDoor()
  const clock = createFakeClock()
  const { log, lines } = createLogRecorder()
  const client = createDoorClient({ door, clock, log, about: 'test', device: 'test-window', scopes })
  const follow = (params: Record<string, string> = {}) => {
    const frames: Body[] = []
    const refusals: Body[] = []
    const stop = client.follow(path, params, {
      onEvent: frame => frames.push(frame),
      onRefused: answer => refusals.push(answer),
    })
    return { frames, refusals, stop }
  }
  const settle = () => clock.advance(0)
  return { door, clock, client, lines, follow, settle }
}

let world: ReturnType<typeof setUp>
beforeEach(() => {
  world = setUp()
})

describe('the window’s calls', () => {
  it('carry a token that was got once, by invitation', async () => {
    const { client, door } = world
    await Promise.all([client.call('GET', 'system', {}), client.call('GET', 'settings', {})])
    expect(door.tokens).toHaveLength(1)
    expect(door.calls.map(call => call.params.accessToken)).toEqual([door.tokens[0], door.tokens[0]])
    expect(door.calls[0]?.origin).toEqual({ origin: 'app://gantry' })
  })

  it('give the page the door’s answer as it is, refusals included', async () => {
    const { client, door } = world
    door.answers['GET system'] = () => ({ result: 1, errorCode: 16, errorMessage: 'no' })
    expect(await client.call('GET', 'system', {})).toMatchObject({ result: 1, errorCode: 16 })
    expect(door.calls).toHaveLength(1)
  })

  it('get one new token together when theirs was taken back', async () => {
    const { client, door } = world
    await client.call('GET', 'system', {})
    door.revokeAll()
    const answers = await Promise.all([1, 2, 3].map(() => client.call('GET', 'system', {})))
    expect(answers.map(answer => answer.result)).toEqual([0, 0, 0])
    expect(door.tokens).toHaveLength(2)
  })

  it('ask for a new token once and then accept the no', async () => {
    const { client, door } = world
    door.answers['GET system'] = () => ({ result: 1, errorCode: 12, errorMessage: 'expired' })
    expect(await client.call('GET', 'system', {})).toMatchObject({ errorCode: 12 })
    expect(door.tokens).toHaveLength(2)
  })

  it('stay within the scopes the window was given', async () => {
    const { client } = setUp(['approvals'])
    expect(await client.call('GET', 'settings', {})).toMatchObject({ result: 1, errorCode: 14 })
    expect(await client.call('GET', 'approvals', {})).toMatchObject({ result: 0 })
  })

  it('say so in a sentence when the engine lets nobody in, and try again at the next call', async () => {
    const { client, door } = world
    const invite = door.invite
    door.invite = () => 'a code nobody knows'
    expect(await client.call('GET', 'system', {})).toMatchObject({ result: 1, errorMessage: /refused/ })
    door.invite = invite
    expect(await client.call('GET', 'system', {})).toMatchObject({ result: 0 })
  })

  it('never put the token into the log', async () => {
    const { client, door, lines } = world
    door.answers['GET system'] = () => Promise.reject(new Error('broken'))
    await client.call('GET', 'system', {})
    expect(lines).toHaveLength(1)
    expect(JSON.stringify(lines)).not.toContain('secret-token')
  })
})

describe('what the window follows', () => {
  it('arrives until it is followed no more', async () => {
    const { door, follow, settle } = world
    const { frames, stop } = follow()
    await settle()
    door.emit(path, { theme: 'dark' })
    stop()
    await settle()
    door.emit(path, { theme: 'light' })
    expect(frames.map(frame => frame.theme)).toEqual(['dark'])
    expect(door.registrations()).toEqual([])
  })

  it('is registered once for many followers, and ended with the last of them', async () => {
    const { door, follow, settle } = world
    const [first, second] = [follow(), follow()]
    await settle()
    door.emit(path, {})
    expect([first.frames, second.frames].map(frames => frames.length)).toEqual([1, 1])
    first.stop()
    first.stop()
    await settle()
    expect(door.registrations()).toHaveLength(1)
    second.stop()
    await settle()
    expect(door.calls.map(call => call.method)).toEqual(['PUT', 'PUT', 'DELETE'])
  })

  it('tells services apart', async () => {
    const { door, follow, settle } = world
    const [one, two] = [follow({ serviceId: 'one' }), follow({ serviceId: 'two' })]
    await settle()
    door.emit(path, {}, 'two')
    expect([one.frames, two.frames].map(frames => frames.length)).toEqual([0, 1])
  })

  it('survives being left and followed again at once', async () => {
    const { door, follow, settle } = world
    follow().stop()
    const { frames } = follow()
    await settle()
    door.emit(path, {})
    expect(frames).toHaveLength(1)
  })

  it('works again after the last follower left and the server closed the line', async () => {
    const { door, follow, settle } = world
    const first = follow()
    await settle()
    first.stop()
    await settle()
    const { frames } = follow()
    await settle()
    door.emit(path, {})
    expect(frames).toHaveLength(1)
  })

  it('comes back by itself when the line breaks or the token is taken back', async () => {
    const { door, clock, follow, settle } = world
    const { frames } = follow()
    await settle()
    for (const breakIt of [door.dropLines, door.revokeAll]) {
      breakIt()
      await clock.advance(10_000)
      door.emit(path, {})
    }
    expect(frames).toHaveLength(2)
  })

  it('asks slower and slower while the engine refuses the line, and not at all once nothing is followed', async () => {
    const { door, clock, follow, settle } = world
    const { stop } = follow()
    await settle()
    const connect = door.connect
    let tries = 0
    door.connect = () => {
      tries += 1
      return { answer: { result: 1, errorCode: 3, errorMessage: 'no' }, close: () => {} }
    }
    door.dropLines()
    await clock.advance(60_000)
    expect(tries).toBeGreaterThan(4)
    expect(tries).toBeLessThan(60)
    door.connect = connect
    stop()
    await clock.advance(60_000)
    expect(clock.waiting()).toEqual([])
  })

  it('tells the follower when the engine says no, and does not ask again', async () => {
    const { door, clock, follow, settle } = world
    door.answers[`PUT ${path}`] = () => ({ result: 1, errorCode: 6, errorMessage: 'no such service' })
    const { refusals } = follow()
    await settle()
    await clock.advance(60_000)
    expect(refusals).toMatchObject([{ errorCode: 6 }])
    expect(door.calls).toHaveLength(1)
  })

  it('leaves nothing behind when the window goes', async () => {
    const { client, door, clock, follow, settle } = world
    const { frames } = follow()
    await settle()
    client.close()
    door.emit(path, {})
    door.dropLines()
    await clock.advance(60_000)
    expect(frames).toEqual([])
    expect(clock.waiting()).toEqual([])
  })
})

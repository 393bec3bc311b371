import { beforeEach, describe, expect, it } from 'vitest'
import type { Body } from '../../../src/main/shell/gateway-answer.ts'
import { createGatewayClient } from '../../../src/main/shell/gateway-client.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { createFakeDoor } from '../../fakes/gateway.ts'
import { createLogRecorder } from '../../fakes/log.ts'

const path = 'settings/changes'

function setUp(scopes = ['all']) {
  const gateway = createFakeDoor()
  const clock = createFakeClock()
  const { log, lines } = createLogRecorder()
  const client = createGatewayClient({ gateway, clock, log, about: 'test', device: 'test-window', scopes })
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
  return { gateway, clock, client, lines, follow, settle }
}

let world: ReturnType<typeof setUp>
beforeEach(() => {
  world = setUp()
})

describe('the window’s calls', () => {
  it('carry a token that was got once, by invitation', async () => {
    const { client, gateway } = world
    await Promise.all([client.call('GET', 'system', {}), client.call('GET', 'settings', {})])
    expect(gateway.tokens).toHaveLength(1)
    expect(gateway.calls.map(call => call.params.accessToken)).toEqual([gateway.tokens[0], gateway.tokens[0]])
    expect(gateway.calls[0]?.origin).toEqual({ origin: 'app://gantry' })
  })

  it('give the page the gateway’s answer as it is, refusals included', async () => {
    const { client, gateway } = world
    gateway.answers['GET system'] = () => ({ result: 1, errorCode: 16, errorMessage: 'no' })
    expect(await client.call('GET', 'system', {})).toMatchObject({ result: 1, errorCode: 16 })
    expect(gateway.calls).toHaveLength(1)
  })

  it('get one new token together when theirs was taken back', async () => {
    const { client, gateway } = world
    await client.call('GET', 'system', {})
    gateway.revokeAll()
    const answers = await Promise.all([1, 2, 3].map(() => client.call('GET', 'system', {})))
    expect(answers.map(answer => answer.result)).toEqual([0, 0, 0])
    expect(gateway.tokens).toHaveLength(2)
  })

  it('ask for a new token once and then accept the no', async () => {
    const { client, gateway } = world
    gateway.answers['GET system'] = () => ({ result: 1, errorCode: 12, errorMessage: 'expired' })
    expect(await client.call('GET', 'system', {})).toMatchObject({ errorCode: 12 })
    expect(gateway.tokens).toHaveLength(2)
  })

  it('stay within the scopes the window was given', async () => {
    const { client } = setUp(['approvals'])
    expect(await client.call('GET', 'settings', {})).toMatchObject({ result: 1, errorCode: 14 })
    expect(await client.call('GET', 'approvals', {})).toMatchObject({ result: 0 })
  })

  it('say so in a sentence when the engine lets nobody in, and try again at the next call', async () => {
    const { client, gateway } = world
    const invite = gateway.invite
    gateway.invite = () => 'a code nobody knows'
    expect(await client.call('GET', 'system', {})).toMatchObject({ result: 1, errorMessage: /refused/ })
    gateway.invite = invite
    expect(await client.call('GET', 'system', {})).toMatchObject({ result: 0 })
  })

  it('never put the token into the log', async () => {
    const { client, gateway, lines } = world
    gateway.answers['GET system'] = () => Promise.reject(new Error('broken'))
    await client.call('GET', 'system', {})
    expect(lines).toHaveLength(1)
    expect(JSON.stringify(lines)).not.toContain('secret-token')
  })
})

describe('what the window follows', () => {
  it('arrives until it is followed no more', async () => {
    const { gateway, follow, settle } = world
    const { frames, stop } = follow()
    await settle()
    gateway.emit(path, { theme: 'dark' })
    stop()
    await settle()
    gateway.emit(path, { theme: 'light' })
    expect(frames.map(frame => frame.theme)).toEqual(['dark'])
    expect(gateway.registrations()).toEqual([])
  })

  it('is registered once for many followers, and ended with the last of them', async () => {
    const { gateway, follow, settle } = world
    const [first, second] = [follow(), follow()]
    await settle()
    gateway.emit(path, {})
    expect([first.frames, second.frames].map(frames => frames.length)).toEqual([1, 1])
    first.stop()
    first.stop()
    await settle()
    expect(gateway.registrations()).toHaveLength(1)
    second.stop()
    await settle()
    expect(gateway.calls.map(call => call.method)).toEqual(['PUT', 'PUT', 'DELETE'])
  })

  it('tells services apart', async () => {
    const { gateway, follow, settle } = world
    const [one, two] = [follow({ serviceId: 'one' }), follow({ serviceId: 'two' })]
    await settle()
    gateway.emit(path, {}, 'two')
    expect([one.frames, two.frames].map(frames => frames.length)).toEqual([0, 1])
  })

  it('survives being left and followed again at once', async () => {
    const { gateway, follow, settle } = world
    follow().stop()
    const { frames } = follow()
    await settle()
    gateway.emit(path, {})
    expect(frames).toHaveLength(1)
  })

  it('works again after the last follower left and the server closed the line', async () => {
    const { gateway, follow, settle } = world
    const first = follow()
    await settle()
    first.stop()
    await settle()
    const { frames } = follow()
    await settle()
    gateway.emit(path, {})
    expect(frames).toHaveLength(1)
  })

  it('comes back by itself when the line breaks or the token is taken back', async () => {
    const { gateway, clock, follow, settle } = world
    const { frames } = follow()
    await settle()
    for (const breakIt of [gateway.dropLines, gateway.revokeAll]) {
      breakIt()
      await clock.advance(10_000)
      gateway.emit(path, {})
    }
    expect(frames).toHaveLength(2)
  })

  it('asks slower and slower while the engine refuses the line, and not at all once nothing is followed', async () => {
    const { gateway, clock, follow, settle } = world
    const { stop } = follow()
    await settle()
    const connect = gateway.connect
    let tries = 0
    gateway.connect = () => {
      tries += 1
      return { answer: { result: 1, errorCode: 3, errorMessage: 'no' }, close: () => {} }
    }
    gateway.dropLines()
    await clock.advance(60_000)
    expect(tries).toBeGreaterThan(4)
    expect(tries).toBeLessThan(60)
    gateway.connect = connect
    stop()
    await clock.advance(60_000)
    expect(clock.waiting()).toEqual([])
  })

  it('tells the follower when the engine says no, and does not ask again', async () => {
    const { gateway, clock, follow, settle } = world
    gateway.answers[`PUT ${path}`] = () => ({ result: 1, errorCode: 6, errorMessage: 'no such service' })
    const { refusals } = follow()
    await settle()
    await clock.advance(60_000)
    expect(refusals).toMatchObject([{ errorCode: 6 }])
    expect(gateway.calls).toHaveLength(1)
  })

  it('leaves nothing behind when the window goes', async () => {
    const { client, gateway, clock, follow, settle } = world
    const { frames } = follow()
    await settle()
    client.close()
    gateway.emit(path, {})
    gateway.dropLines()
    await clock.advance(60_000)
    expect(frames).toEqual([])
    expect(clock.waiting()).toEqual([])
  })
})

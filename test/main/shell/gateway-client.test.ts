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

  it.each([
    ['data.full', { errorCode: 17, reason: 'data.full' }],
    ['auth.too-often', { errorCode: 1, reason: 'internal.bug' }],
    ['auth.denied', { errorCode: 1, reason: 'internal.bug' }],
    [undefined, { errorCode: 1, reason: 'internal.bug' }],
  ])('tell why when the engine gives the window no token: %s', async (reason, told) => {
    const { client, gateway } = world
    const body = { result: 1, errorCode: 11, errorMessage: 'no', reason }
    gateway.handle = async () => ({ status: 403, body })
    expect(await client.call('GET', 'system', {})).toMatchObject({
      result: 1,
      ...told,
      errorMessage: 'The engine refused Gantry’s own window: no',
    })
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
    const first = follow()
    await settle()
    // Asked for again: the answer to a PUT is the latest value, which the second has not seen.
    const second = follow()
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

  it('never ends what was left and followed again meanwhile', async () => {
    const { gateway, clock, follow, settle } = world
    const first = follow()
    await settle()
    let goOn = () => {}
    gateway.answers[`DELETE ${path}`] = () =>
      new Promise(resolve => {
        goOn = () => resolve({})
      })
    first.stop()
    follow()
    await settle()
    expect(gateway.calls.map(call => call.method)).toEqual(['PUT', 'DELETE'])
    goOn()
    // The last one went, so the engine closed the line.
    await settle()
    await clock.advance(1_000)
    expect(gateway.registrations()).toHaveLength(1)
  })

  it('is asked for again when the engine could not take it after a break', async () => {
    const { gateway, clock, follow, settle } = world
    const { frames, refusals } = follow()
    await settle()
    gateway.answers[`PUT ${path}`] = () => ({ result: 1, errorCode: 6, errorMessage: 'not there yet' })
    gateway.dropLines()
    await clock.advance(10_000)
    delete gateway.answers[`PUT ${path}`]
    await clock.advance(30_000)
    gateway.emit(path, {})
    expect(frames).toHaveLength(1)
    expect(refusals).toEqual([])
  })

  it('is asked for over a new line when the engine says it has none', async () => {
    const { gateway, clock, follow, settle } = world
    gateway.answers[`PUT ${path}`] = () => ({ line: false })
    const connect = gateway.connect
    // As the real one: whoever closes a line is told of it as well.
    gateway.connect = (hello, line) => {
      const { answer, close } = connect(hello, line)
      const closeAndTell = () => {
        close()
        line.onClose('closed')
      }
      return { answer, close: closeAndTell }
    }
    const { frames } = follow()
    await settle()
    delete gateway.answers[`PUT ${path}`]
    await clock.advance(250)
    expect(gateway.calls.map(call => call.method)).toEqual(['PUT', 'PUT'])
    gateway.emit(path, {})
    expect(frames).toHaveLength(1)
    expect(gateway.tokens).toHaveLength(1)
    expect(clock.waiting()).toEqual([])
  })

  it('comes over one line, also for those who come together', async () => {
    const { gateway, follow, settle } = world
    follow()
    follow({ serviceId: 'two' })
    await settle()
    expect(gateway.tokens).toHaveLength(1)
    expect(gateway.registrations()).toHaveLength(2)
  })

  it('is asked for at once, over a new line, when somebody comes after a break', async () => {
    const { gateway, clock, follow, settle } = world
    const { frames } = follow()
    await settle()
    gateway.dropLines()
    follow({ serviceId: 'two' })
    await settle()
    expect(gateway.calls.map(call => call.method)).toEqual(['PUT', 'PUT', 'PUT'])
    gateway.emit(path, {})
    expect(frames).toHaveLength(1)
    expect(clock.waiting()).toEqual([])
  })

  it('comes back soon after a break, however long the one before took', async () => {
    const { gateway, clock, follow, settle } = world
    const { frames } = follow()
    await settle()
    const connect = gateway.connect
    gateway.connect = () => ({ answer: { result: 1, errorCode: 3, errorMessage: 'no' }, close: () => {} })
    gateway.dropLines()
    await clock.advance(20_000)
    gateway.connect = connect
    await clock.advance(10_000)
    gateway.dropLines()
    await clock.advance(250)
    gateway.emit(path, {})
    expect(frames).toHaveLength(1)
  })

  it('needs no line once it is followed no more', async () => {
    const { clock, follow, settle } = world
    const { stop } = follow()
    await settle()
    stop()
    await settle()
    expect(clock.waiting()).toEqual([])
  })

  it('leaves nothing behind when the window goes', async () => {
    const { client, gateway, clock, follow, settle } = world
    const { frames, stop } = follow()
    await settle()
    client.close()
    stop()
    gateway.emit(path, {})
    gateway.dropLines()
    follow()
    await clock.advance(60_000)
    expect(frames).toEqual([])
    expect(gateway.calls).toHaveLength(1)
    expect(clock.waiting()).toEqual([])
  })

  it('opens no line for a window that went while it was being opened', async () => {
    const { client, gateway, follow, settle } = world
    let tries = 0
    const connect = gateway.connect
    gateway.connect = (...hello) => {
      tries += 1
      return connect(...hello)
    }
    follow()
    client.close()
    await settle()
    expect(tries).toBe(0)
    expect(gateway.tokens).toHaveLength(1)
  })

  it('asks for nothing at all once the window went', async () => {
    const { client, gateway, follow, settle } = world
    client.close()
    follow()
    await settle()
    expect(gateway.tokens).toEqual([])
  })
})

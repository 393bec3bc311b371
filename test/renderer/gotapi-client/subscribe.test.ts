// @vitest-environment node
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createGotapiClient } from '../../../src/renderer/gotapi-client/index.ts'
import { createScriptedServer } from '../fakes/scripted-server.ts'

let server = createScriptedServer()
const states: string[] = []
const retries: number[] = []

async function signedIn(asksAgain = false) {
  const onSignedOut = vi.fn()
  const page = createGotapiClient({
    server: 'http://127.0.0.1:4035',
    scopes: ['clock'],
    world: server.world,
    asksAgain,
    onSignedOut,
    onLink: ({ state, retryInMs }) => {
      states.push(state)
      if (retryInMs !== undefined) retries.push(retryInMs)
    },
  })
  await page.authorise()
  return { page, onSignedOut }
}

const tick = { serviceId: 'c.1', profile: 'clock', attribute: 'tick', result: 0, time: 1 }

async function quiet() {
  for (let turn = 0; turn < 6; turn += 1) await server.settle()
}

beforeEach(() => {
  server = createScriptedServer()
  states.length = 0
  retries.length = 0
})

describe('following events', () => {
  it('opens the line, starts the registration after the handshake and hands over what comes', async () => {
    const { page } = await signedIn()
    const heard = vi.fn()
    page.subscribe('EVENT clock/tick', { serviceId: 'c.1' }, heard)
    await quiet()
    expect(server.calls('clock/tick').map(({ method }) => method)).toEqual(['PUT'])
    server.emit(tick)
    expect(heard).toHaveBeenCalledExactlyOnceWith(tick)
    expect(states).toEqual(['connecting', 'live'])
  })

  it('matches names without case and services with case', async () => {
    const { page } = await signedIn()
    const heard = vi.fn()
    page.subscribe('EVENT Clock/onTick', { serviceId: 'c.1' }, heard)
    await quiet()
    server.emit({ ...tick, attribute: 'ontick' })
    server.emit({ ...tick, attribute: 'ontick', serviceId: 'C.1' })
    server.emit({ ...tick, attribute: 'other' })
    expect(heard).toHaveBeenCalledOnce()
  })

  it('starts one registration for two listeners and ends it with the second', async () => {
    const { page } = await signedIn()
    const first = vi.fn()
    const second = vi.fn()
    const stopFirst = page.subscribe('EVENT clock/tick', { serviceId: 'c.1' }, first)
    const stopSecond = page.subscribe('EVENT clock/tick', { serviceId: 'c.1' }, second)
    await quiet()
    stopFirst()
    await quiet()
    server.emit(tick)
    expect(first).not.toHaveBeenCalled()
    expect(second).toHaveBeenCalledOnce()
    stopSecond()
    stopSecond()
    await quiet()
    expect(server.calls('clock/tick').map(({ method }) => method)).toEqual(['PUT', 'DELETE'])
  })

  it('lets the server close the line after the last DELETE and does not come back', async () => {
    const { page } = await signedIn()
    page.subscribe('EVENT clock/tick', { serviceId: 'c.1' }, () => {})()
    await quiet()
    const stop = page.subscribe('EVENT clock/tick', { serviceId: 'c.1' }, () => {})
    await quiet()
    stop()
    await quiet()
    expect(states.at(-1)).toBe('off')
    await server.pass(60_000)
    expect(server.live).toBeUndefined()
  })

  it('comes back when something new is followed while the server closes the line', async () => {
    const { page } = await signedIn()
    const stop = page.subscribe('EVENT clock/tick', { serviceId: 'c.1' }, () => {})
    await quiet()
    stop()
    const heard = vi.fn()
    await server.settle()
    page.subscribe('EVENT clock/tick', { serviceId: 'c.2' }, heard)
    await quiet()
    await server.pass(60_000)
    await quiet()
    server.emit({ ...tick, serviceId: 'c.2' })
    expect(heard).toHaveBeenCalledOnce()
  })

  it('reconnects with growing pauses and starts every registration again', async () => {
    const { page } = await signedIn()
    const heard = vi.fn()
    page.subscribe('EVENT clock/tick', { serviceId: 'c.1' }, heard)
    await quiet()
    server.down()
    for (let attempt = 0; attempt < 7; attempt += 1) {
      await server.pass(10_000)
      await quiet()
    }
    expect(retries).toEqual([500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000])
    server.up()
    await server.pass(30_000)
    await quiet()
    expect([...server.registrations]).toEqual(['clock/tick c.1'])
    server.emit(tick)
    expect(heard).toHaveBeenCalledOnce()
  })

  it('drops a line whose server never answers the handshake', async () => {
    const { page } = await signedIn()
    const silent = { ...server.world }
    page.close()
    const opened = vi.fn(server.world.openSocket)
    silent.openSocket = url => {
      const socket = opened(url)
      socket.send = () => {}
      return socket
    }
    const other = createGotapiClient({ server: 'http://h', scopes: [], world: silent, asksAgain: true })
    await other.authorise()
    other.subscribe('EVENT clock/tick', {}, () => {})
    await quiet()
    await server.pass(10_000)
    expect(opened).toHaveBeenCalledOnce()
    await server.pass(60_000)
    expect(opened).toHaveBeenCalledTimes(2)
  })

  it('waits its turn when another page of the same origin has the line', async () => {
    const first = await signedIn()
    const second = await signedIn()
    first.page.subscribe('EVENT clock/tick', { serviceId: 'c.1' }, () => {})
    await quiet()
    const heard = vi.fn()
    second.page.subscribe('EVENT clock/tick', { serviceId: 'c.9' }, heard)
    await quiet()
    expect(states.at(-1)).toBe('waiting')
    first.page.close()
    await server.pass(30_000)
    await quiet()
    server.emit({ ...tick, serviceId: 'c.9' })
    expect(heard).toHaveBeenCalledOnce()
  })

  it('ends nothing at the server that it never started there', async () => {
    const first = await signedIn()
    const second = await signedIn()
    first.page.subscribe('EVENT clock/tick', { serviceId: 'c.1' }, () => {})
    await quiet()
    const stop = second.page.subscribe('EVENT clock/tick', { serviceId: 'c.1' }, () => {})
    await quiet()
    stop()
    await quiet()
    expect([...server.registrations]).toEqual(['clock/tick c.1'])
  })

  it('signs out when the server refuses the token on the line', async () => {
    const { page, onSignedOut } = await signedIn()
    server.revoke()
    page.subscribe('EVENT clock/tick', { serviceId: 'c.1' }, () => {})
    await quiet()
    expect(onSignedOut).toHaveBeenCalledOnce()
    expect(states.at(-1)).toBe('off')
  })

  it('asks again and follows on when it may', async () => {
    const { page } = await signedIn(true)
    const heard = vi.fn()
    page.subscribe('EVENT clock/tick', { serviceId: 'c.1' }, heard)
    await quiet()
    server.revoke()
    server.live?.hangUp()
    await server.pass(1000)
    await quiet()
    await server.pass(1000)
    await quiet()
    server.emit(tick)
    expect(heard).toHaveBeenCalledOnce()
    expect(server.calls('authorization/accesstoken')).toHaveLength(2)
  })

  it('tells a listener why nothing will come', async () => {
    const { page } = await signedIn()
    const failed = vi.fn()
    page.subscribe('EVENT clock/tick', { serviceId: 'c.1' }, () => {})
    await quiet()
    const outside = {
      result: 1,
      errorCode: 14,
      errorMessage: 'outside the scope',
      reason: 'auth.scope-missing',
      reasonParams: { profile: '3dprinter' },
    }
    server.saysAlways(outside)
    page.subscribe('EVENT 3dprinter/status', { serviceId: 'p.1' }, () => {}, failed)
    await quiet()
    expect(failed).toHaveBeenCalledExactlyOnceWith(outside)
  })

  it.each(['', '{', '[]', '7', 'null'])('survives the frame %j', async frame => {
    const { page } = await signedIn()
    const heard = vi.fn()
    page.subscribe('EVENT clock/tick', { serviceId: 'c.1' }, heard)
    await quiet()
    server.live?.say(frame)
    server.emit(tick)
    expect(heard).toHaveBeenCalledOnce()
  })
})

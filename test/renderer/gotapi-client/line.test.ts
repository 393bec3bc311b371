// @vitest-environment node
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createGotapiClient, type LinkStatus } from '../../../src/renderer/gotapi-client/index.ts'
import { createSteadyClock } from '../../../src/renderer/gotapi-client/steady-clock.ts'
import { createScriptedServer } from '../fakes/scripted-server.ts'

const heartbeat = 'EVENT system/heartbeat'
const tick = { serviceId: 'c.1', profile: 'clock', attribute: 'tick', result: 0, time: 1 }
const beat = { profile: 'system', attribute: 'heartbeat', result: 0, at: 1, everyMs: 2000 }

let server = createScriptedServer()
let statuses: LinkStatus[] = []

const stateNow = () => statuses.at(-1)?.state
async function quiet() {
  for (let turn = 0; turn < 8; turn += 1) await server.settle()
}
async function passSeconds(seconds: number) {
  for (let second = 0; second < seconds; second += 1) await server.pass(1_000)
  await quiet()
}

async function following(...routes: string[]) {
  const heard = vi.fn()
  const page = createGotapiClient({
    server: 'http://127.0.0.1:4035',
    scopes: ['all'],
    world: server.world,
    onLink: status => statuses.push(status),
  })
  await page.authorise()
  const stops = routes.map(route =>
    page.subscribe(route, route.includes('clock') ? { serviceId: 'c.1' } : {}, heard),
  )
  await quiet()
  return { page, heard, stop: () => stops.map(end => end()) }
}

beforeEach(() => {
  server = createScriptedServer()
  statuses = []
})

describe('a line with a heartbeat', () => {
  it('is dropped after five seconds of silence, tried again, and everything is asked for anew', async () => {
    const { heard } = await following(heartbeat, 'EVENT clock/tick')
    await passSeconds(5)
    expect(stateNow()).toBe('live')
    await passSeconds(1)
    expect(statuses.map(({ state }) => state)).toContain('waiting')
    await passSeconds(1)
    expect(stateNow()).toBe('live')
    expect(server.sockets).toHaveLength(2)
    expect(server.calls('clock/tick').map(({ method }) => method)).toEqual(['PUT', 'PUT'])
    server.emit(tick)
    expect(heard).toHaveBeenCalledOnce()
  })

  it('lives on whatever frame comes, also one that says nothing', async () => {
    await following(heartbeat)
    for (const frame of [beat, tick, 'no JSON', beat]) {
      await passSeconds(4)
      server.live?.say(frame)
    }
    expect(server.sockets).toHaveLength(1)
    expect(stateNow()).toBe('live')
  })

  it('gives up what only reads when it falls silent, and waits for the answer of what does something', async () => {
    const { page } = await following(heartbeat)
    server.freeze()
    const read = page.callRoute('GET a')
    const act = vi.fn()
    void page.callRoute('POST a').then(act)
    await passSeconds(6)
    expect(await read).toMatchObject({ result: 1, errorCode: -1 })
    expect(act).not.toHaveBeenCalled()
    server.thaw()
    await quiet()
    expect(act).toHaveBeenCalledOnce()
    expect(await page.callRoute('GET a')).toMatchObject({ result: 0 })
  })

  it('is waited for by what is followed while it is down', async () => {
    const { page } = await following(heartbeat)
    server.freeze()
    await passSeconds(6)
    page.subscribe('EVENT clock/tick', { serviceId: 'c.1' }, () => {})
    server.thaw()
    await passSeconds(2)
    expect(stateNow()).toBe('live')
    expect(server.calls('clock/tick').map(({ method }) => method)).toEqual(['PUT'])
  })

  it('is tried at once when the page is looked at again or the network is back', async () => {
    await following(heartbeat)
    server.down()
    await quiet()
    expect(stateNow()).toBe('waiting')
    server.up()
    server.wake()
    await quiet()
    expect(stateNow()).toBe('live')
    server.wake()
    await quiet()
    expect(server.sockets).toHaveLength(1)
  })

  it('is given up at once by a page that wakes after a sleep', async () => {
    await following(heartbeat)
    server.sleep(3_600_000)
    server.wake()
    await quiet()
    expect(server.sockets).toHaveLength(2)
    expect(stateNow()).toBe('live')
  })

  it('is not waited for when its handshake hangs and somebody wants it now', async () => {
    const { page } = await following(heartbeat)
    server.freeze()
    await passSeconds(7)
    expect(stateNow()).toBe('connecting')
    const tries = server.sockets.length
    page.tryNow()
    expect(server.sockets).toHaveLength(tries)
    server.sleep(2_001)
    page.tryNow()
    expect(server.sockets).toHaveLength(tries + 1)
    server.thaw()
  })

  it('is left alone by a client that was closed', async () => {
    const { page } = await following(heartbeat)
    page.close()
    server.wake()
    await passSeconds(20)
    expect(server.sockets).toHaveLength(1)
    expect(server.live).toBeUndefined()
  })
})

describe('a line without a heartbeat', () => {
  it('may be as silent as it likes', async () => {
    const { page } = await following('EVENT clock/tick')
    await passSeconds(60)
    page.tryNow()
    server.wake()
    await quiet()
    expect(server.sockets).toHaveLength(1)
  })

  it('may be silent again once the heartbeat is not followed any more', async () => {
    const { page, stop } = await following(heartbeat)
    page.subscribe('EVENT clock/tick', { serviceId: 'c.1' }, () => {})
    await quiet()
    stop()
    await passSeconds(60)
    expect(server.sockets).toHaveLength(1)
  })
})

describe('a line that breaks', () => {
  it('again and again right after its handshake is tried more and more slowly', async () => {
    await following('EVENT clock/tick')
    for (let turn = 0; turn < 4; turn += 1) {
      server.live?.hangUp()
      await server.pass(4_000)
      await quiet()
    }
    const retries = statuses.flatMap(({ retryInMs }) => retryInMs ?? [])
    expect(retries).toEqual([500, 1000, 2000, 4000])
    expect(statuses.at(-1)).toEqual({ state: 'live', failures: 4 })
  })

  it('after it carried is tried soon', async () => {
    await following('EVENT clock/tick')
    for (let turn = 0; turn < 3; turn += 1) {
      await passSeconds(6)
      server.live?.hangUp()
      await server.pass(500)
      await quiet()
    }
    expect(statuses.flatMap(({ retryInMs }) => retryInMs ?? [])).toEqual([500, 500, 500])
  })

  it('has no more say once there is another', async () => {
    const { heard } = await following(heartbeat, 'EVENT clock/tick')
    const [old] = server.sockets
    await passSeconds(7)
    expect(server.live).not.toBe(old)
    old?.say(tick)
    old?.hangUp()
    await quiet()
    expect(heard).not.toHaveBeenCalled()
    expect(stateNow()).toBe('live')
  })

  it('is not tried any more when nobody follows anything, and soon again when somebody does', async () => {
    const { page, stop } = await following('EVENT clock/tick')
    server.down()
    await passSeconds(4)
    stop()
    expect(stateNow()).toBe('off')
    statuses = []
    await passSeconds(60)
    expect(statuses).toEqual([])
    page.subscribe('EVENT clock/tick', { serviceId: 'c.1' }, () => {})
    await quiet()
    expect(statuses.at(-1)).toEqual({ state: 'waiting', failures: 1, retryInMs: 500 })
  })

  it('without a word, so that the server says it has none, is opened anew', async () => {
    const { page, heard } = await following('EVENT clock/tick')
    server.forgetLine()
    page.subscribe('EVENT clock/tock', { serviceId: 'c.1' }, heard)
    await quiet()
    expect(stateNow()).toBe('waiting')
    await server.pass(500)
    await quiet()
    expect(server.calls('clock/tock').map(({ method }) => method)).toEqual(['PUT', 'PUT'])
    server.emit(tick)
    expect(heard).toHaveBeenCalledOnce()
  })
})

describe('ending what was followed', () => {
  it('never overtakes what follows it again', async () => {
    const { page, stop } = await following('EVENT clock/tick')
    server.freeze()
    stop()
    page.subscribe('EVENT clock/tick', { serviceId: 'c.1' }, () => {})
    await quiet()
    const methods = () => server.calls('clock/tick').map(({ method }) => method)
    expect(methods()).toEqual(['PUT'])
    server.thaw()
    await quiet()
    expect(methods()).toEqual(['PUT', 'DELETE', 'PUT'])
    expect([...server.registrations]).toEqual(['clock/tick c.1'])
  })

  it('never asks the owner for access', async () => {
    const page = createGotapiClient({
      server: 'http://127.0.0.1:4035',
      scopes: ['clock'],
      world: server.world,
      asksAgain: true,
    })
    await page.authorise()
    const stop = page.subscribe('EVENT clock/tick', { serviceId: 'c.1' }, () => {})
    await quiet()
    server.revoke()
    stop()
    await quiet()
    expect(server.calls('authorization/accesstoken')).toHaveLength(1)
  })

  it('asks nothing of a line that opens when nobody wants it any more', async () => {
    const { page } = await following()
    page.subscribe('EVENT clock/tick', { serviceId: 'c.1' }, () => {})()
    await quiet()
    expect(stateNow()).toBe('off')
    expect(server.live).toBeUndefined()
    expect(server.calls('clock/tick')).toEqual([])
  })
})

describe('the clock of a page', () => {
  function setUp() {
    const at = { runningMs: 100, wallMs: 50_000 }
    const clock = createSteadyClock(
      () => at.runningMs,
      () => at.wallMs,
    )
    const pass = (ms: number) => {
      at.runningMs += ms
      at.wallMs += ms
    }
    return { at, clock, pass }
  }

  it('goes on while the computer sleeps and the browser’s own stands still', () => {
    const { at, clock, pass } = setUp()
    const begun = clock()
    pass(1_000)
    at.wallMs += 3_600_000
    expect(clock() - begun).toBe(3_601_000)
    pass(500)
    expect(clock() - begun).toBe(3_601_500)
  })

  it('never runs backwards when somebody sets the wall clock back, and counts a later sleep all the same', () => {
    const { at, clock, pass } = setUp()
    const begun = clock()
    at.wallMs -= 7_200_000
    pass(1_000)
    expect(clock() - begun).toBe(1_000)
    at.wallMs += 60_000
    expect(clock() - begun).toBe(61_000)
  })

  it('does not add up the small steps by which a wall clock is kept right', () => {
    const { at, clock, pass } = setUp()
    const begun = clock()
    for (let turn = 0; turn < 100; turn += 1) {
      pass(1_000)
      at.wallMs += 20
      clock()
    }
    expect(clock() - begun).toBe(100_000)
  })
})

import { connect as connectTcp } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { systemClock } from '../../../src/main/lib/clock.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import {
  type Body,
  createTestApp,
  createTestDoor,
  type TestDoor,
  type TestDoorOptions,
} from '../../fakes/gotapi.ts'
import { echoId, printerId } from '../../fakes/services.ts'

const origin = 'http://app.example.test'

interface TestSocket {
  readonly ws: WebSocket
  readonly frames: Body[]
  readonly closed: Promise<number>
  frame(index: number): Promise<Body>
}

/** A browser's side of GotAPI-5; sends the first frame once open. */
function openSocket(
  door: TestDoor,
  first: string | Buffer | undefined,
  options: { path?: string; headers?: Record<string, string>; origin?: string } = {},
): TestSocket {
  const url = `${door.url.replace('http', 'ws')}${options.path ?? '/gotapi/websocket'}`
  const ws = new WebSocket(url, {
    origin: options.origin ?? origin,
    ...(options.headers && { headers: options.headers }),
  })
  const frames: Body[] = []
  ws.on('message', data => frames.push(JSON.parse(String(data))))
  ws.on('error', () => {})
  if (first !== undefined) ws.on('open', () => ws.send(first))
  onTestFinished(() => ws.terminate())
  return {
    ws,
    frames,
    closed: new Promise(resolve => ws.on('close', code => resolve(code))),
    async frame(index) {
      await expect.poll(() => frames.length).toBeGreaterThan(index)
      return frames[index] ?? {}
    },
  }
}

const hello = (accessToken: string) => JSON.stringify({ accessToken })

async function entered(options: TestDoorOptions = {}, from = origin) {
  const door = await createTestDoor({ clock: systemClock, listens: true, ...options })
  const app = createTestApp(door, from)
  await app.beAllowed('all')
  return { door, app }
}

const overHttp = async (door: TestDoor, method: string, path: string, params: Record<string, string>) => {
  const response = await fetch(`${door.url}/gotapi/${path}?${new URLSearchParams(params)}`, {
    method,
    headers: { 'x-gotapi-origin': origin },
  })
  return (await response.json()) as Body
}

describe('GotAPI-5 over WebSocket', () => {
  it('gotapi 60: /gotapi/websocket opens, any other path is refused', async () => {
    const { door, app } = await entered()
    expect(await openSocket(door, hello(app.token)).frame(0)).toEqual({ result: 0 })
    for (const path of ['/websocket', '/gotapi', '/', '/gotapi/websocket/x']) {
      const socket = openSocket(door, undefined, { path })
      expect(await socket.closed).toBe(1006)
    }
  })

  it('gotapi 61: the first message is the result of the token check', async () => {
    const { door, app } = await entered()
    const socket = openSocket(door, hello(app.token))
    expect(await socket.frame(0)).toEqual({ result: 0 })
  })

  it.each([
    ['gotapi 62: a wrong token is error 3', hello('wrong'), 3],
    ['gotapi 62: no token is error 1', '{}', 1],
    ['gotapi 62: an empty token is error 1', hello(''), 1],
    ['gotapi 62: a token that is no text is error 1', '{"accessToken":{"a":1}}', 1],
    ['gotapi 66: not JSON is error 5', 'hello', 5],
    ['gotapi 66: JSON that is no object is error 5', '"token"', 5],
    ['gotapi 66: bytes are error 5', Buffer.from([0xff, 0x00]), 5],
  ] as const)('%s, and the socket closes', async (_name, first, errorCode) => {
    const { door } = await entered()
    const socket = openSocket(door, first)
    expect(await socket.frame(0)).toMatchObject({ result: 1, errorCode, errorMessage: expect.any(String) })
    expect(await socket.closed).toBe(1008)
    expect(socket.frames).toHaveLength(1)
  })

  it('gotapi 62: a wrong token hears nothing of what the application of that origin follows', async () => {
    const { door, app } = await entered()
    await overHttp(door, 'PUT', 'echo/ticks', { serviceId: echoId, accessToken: app.token })
    const tick = (n: number) =>
      door.services.emit({ serviceId: echoId, profile: 'echo', attribute: 'ticks', payload: { n } })
    await expect.poll(() => door.services.calls).toHaveLength(1)
    tick(1)
    const wrong = openSocket(door, hello('0'.repeat(64)))
    expect(await wrong.frame(0)).toMatchObject({ result: 1, errorCode: 3 })
    tick(2)
    expect(await wrong.closed).toBe(1008)
    tick(3)
    expect(wrong.frames).toHaveLength(1)
    const right = openSocket(door, hello(app.token))
    expect(await right.frame(1)).toMatchObject({ result: 0, n: 3 })
  })

  it.each([
    ['an X-GotAPI-Origin that is another', { 'x-gotapi-origin': 'http://b.test' }, origin],
    ['two origins', {}, `${origin} http://b.test`],
    ['no origin of its own', {}, 'null'],
    ['the window’s name', {}, 'app://gantry'],
  ])('gotapi 76: a socket with %s is refused like a call', async (_what, headers, from) => {
    const { door, app } = await entered()
    const socket = openSocket(door, hello(app.token), { headers, origin: from })
    expect(await socket.frame(0)).toMatchObject({ result: 1, errorCode: 2 })
    expect(await socket.closed).toBe(1008)
  })

  it('gotapi 63: a token of another origin is error 3; no origin is error 2', async () => {
    const { door, app } = await entered()
    const other = openSocket(door, hello(app.token), { origin: 'http://b.test' })
    expect(await other.frame(0)).toMatchObject({ errorCode: 3 })
    const url = `${door.url.replace('http', 'ws')}/gotapi/websocket`
    const bare = new WebSocket(url)
    onTestFinished(() => bare.terminate())
    const answer = new Promise<string>(resolve => bare.on('message', data => resolve(String(data))))
    bare.on('open', () => bare.send(hello(app.token)))
    expect(JSON.parse(await answer)).toMatchObject({ errorCode: 2 })
  })

  it('gotapi 64: without a token in 5 s it is error 1 and the socket closes', async () => {
    const clock = createFakeClock()
    const { door } = await entered({ clock })
    const socket = openSocket(door, undefined)
    await expect.poll(() => clock.waiting()).toContain('gotapi: token on a socket')
    await clock.advance(4_900)
    expect(socket.frames).toEqual([])
    await clock.advance(200)
    expect(await socket.frame(0)).toMatchObject({ errorCode: 1 })
    expect(await socket.closed).toBe(1008)
  })

  it('gotapi 65: a second socket of an origin is error 4 and closes, the first lives on', async () => {
    const { door, app } = await entered()
    const first = openSocket(door, hello(app.token))
    await first.frame(0)
    const second = openSocket(door, hello(app.token))
    expect(await second.frame(0)).toMatchObject({ errorCode: 4 })
    await second.closed
    await app.call('PUT echo/ticks', { serviceId: echoId })
    await new Promise(resolve => setImmediate(() => setImmediate(resolve)))
    door.services.emit({ serviceId: echoId, profile: 'echo', attribute: 'ticks', payload: { n: 1 } })
    expect(await first.frame(1)).toMatchObject({ result: 0, n: 1 })
  })

  it('gotapi 67: no event comes before the answer to the handshake', async () => {
    const { door, app } = await entered()
    await overHttp(door, 'PUT', 'echo/ticks', { serviceId: echoId, accessToken: app.token })
    await expect.poll(() => door.services.calls).toHaveLength(1)
    const ticking = setInterval(
      () => door.services.emit({ serviceId: echoId, profile: 'echo', attribute: 'ticks', payload: { n: 1 } }),
      1,
    )
    onTestFinished(() => clearInterval(ticking))
    const socket = openSocket(door, hello(app.token))
    await socket.frame(5)
    expect(socket.frames[0]).toEqual({ result: 0 })
    expect(socket.frames[1]).toMatchObject({ n: 1 })
  })

  it('gotapi 56: the server closes the socket with 1000 after the last DELETE, whose answer arrived', async () => {
    const { door, app } = await entered()
    const socket = openSocket(door, hello(app.token))
    await socket.frame(0)
    const params = { serviceId: printerId, accessToken: app.token }
    await overHttp(door, 'PUT', '3dprinter/status', params)
    expect(await overHttp(door, 'DELETE', '3dprinter/status', params)).toMatchObject({ result: 0 })
    expect(await socket.closed).toBe(1000)
  })

  it('gotapi 28: taking a permission back closes its socket at once with 1008', async () => {
    const { door, app } = await entered()
    const owner = createTestApp(door, 'app://gantry', 'inside')
    await owner.enter('all')
    const socket = openSocket(door, hello(app.token))
    await socket.frame(0)
    const { apps } = (await owner.call('GET apps')) as { apps?: { origin: string; clientId: string }[] }
    const clientId = apps?.find(each => each.origin === origin)?.clientId ?? ''
    await owner.call('DELETE apps/client', { clientId })
    expect(await socket.closed).toBe(1008)
  })

  it('gotapi 25: a socket closes with 1008 at the instant its token is past its time', async () => {
    const clock = createFakeClock()
    const lifeMs = 10_000
    const door = await createTestDoor({ clock, listens: true })
    door.policy = { ...door.policy, grantedDays: lifeMs / 86_400_000 }
    const app = createTestApp(door)
    await app.beAllowed('all')
    const socket = openSocket(door, hello(app.token))
    expect(await socket.frame(0)).toMatchObject({ result: 0 })
    await clock.advance(lifeMs - 1)
    expect(clock.waiting()).toContain('gotapi: token of a line')
    expect(socket.ws.readyState).toBe(WebSocket.OPEN)
    await clock.advance(1)
    expect(await socket.closed).toBe(1008)
    expect(clock.waiting()).not.toContain('gotapi: token of a line')
  })

  it('gotapi 25: a line inside ends with its token too, also when that is more than a minute away', async () => {
    const clock = createFakeClock()
    const door = await createTestDoor({ clock })
    door.policy = { ...door.policy, grantedDays: 90_000 / 86_400_000 }
    const app = createTestApp(door)
    await app.beAllowed('system')
    const closed: string[] = []
    app.connect(
      () => {},
      reason => closed.push(reason),
    )
    await clock.advance(89_999)
    expect(closed).toEqual([])
    await clock.advance(1)
    expect(closed).toEqual(['ended'])
  })

  it('gotapi 78: a foreign Host header opens no socket', async () => {
    const { door, app } = await entered()
    const socket = openSocket(door, hello(app.token), { headers: { host: 'evil.test:4035' } })
    expect(await socket.closed).toBe(1006)
    expect(socket.frames).toEqual([])
  })

  it('a peer that answers no ping is dropped after the second', async () => {
    const clock = createFakeClock()
    const { door, app } = await entered({ clock })
    const socket = openSocket(door, hello(app.token))
    await socket.frame(0)
    const pinged = new Promise(resolve => socket.ws.once('ping', resolve))
    // Half-open: it hears and says nothing any more.
    socket.ws.pong = () => {}
    await clock.advance(15_000)
    await pinged
    await clock.advance(15_000)
    expect(await socket.closed).toBe(1006)
  })

  it('a frame beyond 64 KiB ends the socket', async () => {
    const { door } = await entered()
    const socket = openSocket(door, hello('a'.repeat(100_000)))
    expect(await socket.closed).toBe(1009)
  })

  it('a reader that does not read gets the newest when it reads again, and memory stays bounded', async () => {
    const { door, app } = await entered()
    const socket = openSocket(door, hello(app.token))
    await socket.frame(0)
    await overHttp(door, 'PUT', 'echo/ticks', { serviceId: echoId, accessToken: app.token })
    await new Promise(resolve => setImmediate(() => setImmediate(resolve)))
    socket.ws.pause()
    const filler = 'x'.repeat(10_000)
    const before = process.memoryUsage().rss
    for (let n = 1; n <= 20_000; n++) {
      door.services.emit({
        serviceId: echoId,
        profile: 'echo',
        attribute: 'ticks',
        payload: { n, filler },
      })
      if (n % 500 === 0) await new Promise(resolve => setImmediate(resolve))
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(120 * 1024 * 1024)
    socket.ws.resume()
    await expect.poll(() => socket.frames.at(-1)?.n, { timeout: 5_000 }).toBe(20_000)
    expect(socket.frames.length).toBeLessThan(19_000)
  })

  it('a thousand idle sockets are carried, and each ends when Gantry stops', async () => {
    const { door } = await entered()
    const port = Number(new URL(door.url).port)
    const request = `GET /gotapi/websocket HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: ${origin}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n`
    let open = 0
    let closed = 0
    for (let i = 0; i < 1_000; i++) {
      const socket = connectTcp(port, '127.0.0.1', () => socket.write(request))
      socket.once('data', () => {
        open += 1
      })
      socket.on('error', () => {})
      socket.on('close', () => {
        closed += 1
      })
    }
    await expect.poll(() => open, { timeout: 10_000 }).toBe(1_000)
    const response = await fetch(`${door.url}/gotapi/availability`, {
      headers: { 'x-gotapi-origin': origin },
    })
    expect(response.status).toBe(200)
    await door.close()
    await expect.poll(() => closed, { timeout: 5_000 }).toBe(1_000)
  }, 20_000)
})

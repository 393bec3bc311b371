import { Agent, request as httpRequest } from 'node:http'
import { connect as connectTcp } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { systemClock } from '../../../src/main/lib/clock.ts'
import { createTestApp, createTestDoor, type TestDoor } from '../../fakes/gotapi.ts'

/**
 * At least 20 000 generated requests at the real server over real sockets (issue 2, bad input): 17 000 that any
 * HTTP client can send, 3 000 of raw bytes, 1 200 first frames; and 2 000 frames that come too late to mean anything.
 */
const batchSize = 50
const batches = 340
const rawRuns = 3_000
const frameRuns = 1_200
const answerWithinMs = 10_000
const origin = 'http://wild.example.test'
/** Stands for whatever token holds at that moment: grants among the requests end it again and again. */
const goodToken = 'good-token'

setFlagsFromString('--expose_gc')
const collect: () => void = runInNewContext('gc')

const paths = [
  'availability',
  'authorization/grant',
  'authorization/accesstoken',
  'servicediscovery',
  'servicediscovery/onservicechange',
  'serviceinformation',
  'system',
  'system/events',
  'system/device/wakeup',
  'approvals',
  'approvals/decision',
  'apps',
  'apps/client',
  'apps/key',
  'apps/line',
  'lan',
  'lan/state',
  'lan/pair',
  'settings',
  '3dprinter/printer',
  '3dprinter/print',
  'echo/echo',
  'echo/echo/echo',
  'get',
  '',
]
const names = [
  'accessToken',
  'serviceId',
  'nonce',
  'key',
  'scope',
  'clientId',
  'invitation',
  'device',
  'pluginId',
  '__proto__',
  'interval',
]
const printable = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map(code => String.fromCharCode(code)),
})
const latin = fc.string({
  unit: fc.integer({ min: 0x20, max: 0xfe }).map(code => String.fromCharCode(code === 0x7f ? 0xff : code)),
  maxLength: 60,
})
const spelled = (text: string) =>
  fc.infiniteStream(fc.boolean()).map(stream => {
    const shouts = stream.take(text.length)
    return [...text].map(letter => (shouts.next().value ? letter.toUpperCase() : letter)).join('')
  })

const path = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .constantFrom(...paths)
      .chain(spelled)
      .map(rest => `/gotapi/${rest}`),
  },
  { weight: 2, arbitrary: fc.webPath().map(rest => `/gotapi${rest}`) },
  { weight: 1, arbitrary: fc.webPath() },
  { weight: 1, arbitrary: printable.map(rest => `/gotapi/${rest.replaceAll('?', '')}`) },
)

const wildRequest = () => {
  const value = fc.oneof(
    fc.constantFrom(
      goodToken,
      goodToken,
      goodToken,
      'p1.sim',
      'e1.echo',
      'all',
      '',
      'true',
      '-1',
      '1e999',
      '00'.repeat(16),
    ),
    fc.string({ unit: 'binary', maxLength: 40 }).map(text => {
      try {
        return encodeURIComponent(text)
      } catch {
        return '%ed%a0%80'
      }
    }),
    printable,
  )
  const pairs = fc
    .array(
      fc.tuple(
        fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...names) }, { weight: 1, arbitrary: printable }),
        value,
      ),
      { maxLength: 8 },
    )
    .map(list => list.map(([name, text]) => `${name}=${text}`).join('&'))
  return fc.record({
    // Half of them are let in, so that what lies behind the checks is met as well.
    isLetIn: fc.boolean(),
    method: fc.constantFrom(
      'GET',
      'GET',
      'PUT',
      'POST',
      'DELETE',
      'OPTIONS',
      'HEAD',
      'PATCH',
      'TRACE',
      'PURGE',
      'PROPFIND',
    ),
    path,
    query: fc.option(pairs),
    origin: fc.option(
      fc.oneof(
        { weight: 4, arbitrary: fc.constant(origin) },
        { weight: 1, arbitrary: fc.webUrl() },
        { weight: 1, arbitrary: latin },
        { weight: 1, arbitrary: fc.constantFrom('null', 'app://gantry', 'file://', `${origin} ${origin}`) },
      ),
    ),
    gotapiOrigin: fc.option(fc.oneof(fc.constantFrom(origin, 'com.example.app', 'null'), latin), { freq: 4 }),
    referer: fc.option(fc.oneof(fc.webUrl(), latin), { freq: 5 }),
    type: fc.option(
      fc.constantFrom(
        'application/x-www-form-urlencoded',
        'multipart/form-data',
        'multipart/form-data; boundary=b',
        'application/json',
        'text/plain; charset=utf-99',
      ),
      { freq: 2 },
    ),
    body: fc.option(
      fc.oneof(
        pairs,
        latin,
        fc.constant('--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b--\r\n'),
        fc.constant('--b--\r\n'),
      ),
      { freq: 2 },
    ),
  })
}

type WildRequest = ReturnType<typeof wildRequest> extends fc.Arbitrary<infer Value> ? Value : never

const escaped = (text: string) => text.replace(/[^\x21-\x7e]/g, letter => encodeURIComponent(letter))

interface Reply {
  readonly status: number
  readonly text: string
  readonly isJson: boolean
}

function ask(agent: Agent, port: number, token: string, wild: WildRequest): Promise<Reply> {
  const headers: Record<string, string | number> = { 'x-filler': 1 }
  if (wild.isLetIn) headers.origin = origin
  else if (wild.origin !== null) headers.origin = wild.origin
  if (wild.gotapiOrigin !== null && !wild.isLetIn) headers['x-gotapi-origin'] = wild.gotapiOrigin
  if (wild.referer !== null) headers.referer = wild.referer
  if (wild.type !== null) headers['content-type'] = wild.type
  const hasBody = wild.body !== null && wild.method !== 'TRACE'
  if (hasBody) headers['content-length'] = Buffer.byteLength(wild.body ?? '')
  const entry = wild.isLetIn ? `accessToken=${token}&serviceId=e1.echo&` : ''
  const query = escaped(entry + (wild.query ?? '')).replaceAll(goodToken, token)
  const target = escaped(wild.path) + (query === '' ? '' : `?${query}`)
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { agent, host: '127.0.0.1', port, path: target, method: wild.method, headers },
      response => {
        let text = ''
        response.on('data', chunk => {
          text += chunk
        })
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            text,
            isJson: response.headers['content-type']?.startsWith('application/json') ?? false,
          }),
        )
      },
    )
    request.setTimeout(answerWithinMs, () =>
      request.destroy(new Error(`no answer to ${wild.method} ${target}`)),
    )
    request.on('error', reject)
    request.end(hasBody ? wild.body : undefined)
  })
}

const stackLike = /\bat [\w.<>]+ \(|node:internal|\.[jt]s:\d+/

function expectDecent({ status, text, isJson }: Reply): void {
  expect(status).not.toBe(500)
  expect(text).not.toMatch(stackLike)
  if (isJson && text !== '') {
    const body = JSON.parse(text)
    expect(body).toMatchObject({ product: 'Gantry', version: '1.2.3' })
    expect([0, 1]).toContain(body.result)
    if (body.result === 1) expect(body.errorCode).toBeTypeOf('number')
  }
}

/** Everything said on one connection until it ends; it is ended from here after a moment of silence. */
function sendBytes(port: number, bytes: Buffer): Promise<string> {
  return new Promise(resolve => {
    const socket = connectTcp(port, '127.0.0.1', () => socket.end(bytes))
    let heard = ''
    socket.setTimeout(answerWithinMs, () => socket.destroy(new Error('silence')))
    socket.on('data', chunk => {
      heard += chunk.toString('latin1')
    })
    socket.on('error', error => {
      if (error.message === 'silence') heard += ' HTTP/1.1 500 silence'
    })
    socket.on('close', () => resolve(heard))
  })
}

async function wildDoor() {
  const door = await createTestDoor({ clock: systemClock, listens: true })
  // Here all shall get through, however fast this machine asks; the rate has tests of its own.
  door.policy = { ...door.policy, requestsPerSecond: 1_000_000 }
  const app = createTestApp(door, origin)
  await app.beAllowed('all')
  // Nobody is there to be asked: every question is a no at once.
  onTestFinished(
    door.gotapi.desk.onChange(pending => {
      for (const { id } of pending) door.gotapi.desk.decide(id, 'deny')
    }),
  )
  return { door, app, port: Number(new URL(door.url).port) }
}

async function expectAlive(door: TestDoor): Promise<void> {
  const response = await fetch(`${door.url}/gotapi/availability`, {
    headers: { 'x-gotapi-origin': origin },
  })
  expect(await response.json()).toMatchObject({ result: 0 })
  expect(door.lines.filter(({ level }) => level === 'error')).toEqual([])
}

describe('Wild input', () => {
  it('17 000 generated requests: none crashes, hangs, answers 500 or leaks a stack, and memory stays flat', async () => {
    const { door, app, port } = await wildDoor()
    const agent = new Agent({ keepAlive: true, maxSockets: 16 })
    onTestFinished(() => agent.destroy())
    let asked = 0
    let calls = 0
    let heapAfterWarmUp = 0
    const heapUsed = () => {
      collect()
      return process.memoryUsage().heapUsed
    }
    await fc.assert(
      fc.asyncProperty(
        fc.array(wildRequest(), { minLength: batchSize, maxLength: batchSize }),
        async batch => {
          const replies = await Promise.all(batch.map(wild => ask(agent, port, app.token, wild)))
          for (const reply of replies) expectDecent(reply)
          asked += replies.length
          // The tests' own recorder and fakes keep everything; the server's memory is what is measured.
          calls += door.services.calls.splice(0).length
          if ((await app.call('GET system')).result !== 0) await app.enter('all')
          if (asked === batchSize * 100) heapAfterWarmUp = heapUsed()
        },
      ),
      { numRuns: batches, endOnFailure: true },
    )
    // Wild as they are, enough of them get all the way through.
    expect(calls).toBeGreaterThan(20)
    expect(asked).toBe(batchSize * batches)
    expect(heapUsed() - heapAfterWarmUp).toBeLessThan(25 * 1024 * 1024)
    await expectAlive(door)
  }, 120_000)

  it('3 000 connections of raw bytes: none is answered 500, none hangs', async () => {
    const { door, port } = await wildDoor()
    const sound = `POST /gotapi/echo/echo?a=1 HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: ${origin}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\nConnection: close\r\n\r\na=1`
    const spoilt = fc
      .array(fc.tuple(fc.nat(sound.length), fc.nat(20), fc.uint8Array({ maxLength: 12 })), {
        minLength: 1,
        maxLength: 4,
      })
      .map(cuts => {
        let bytes = Buffer.from(sound)
        for (const [at, length, filler] of cuts) {
          bytes = Buffer.concat([bytes.subarray(0, at), filler, bytes.subarray(at + length)])
        }
        return bytes
      })
    const rubbish = fc.uint8Array({ maxLength: 300 }).map(bytes => Buffer.from(bytes))
    const bytes = fc.array(fc.oneof({ weight: 4, arbitrary: spoilt }, { weight: 1, arbitrary: rubbish }), {
      minLength: 20,
      maxLength: 20,
    })
    await fc.assert(
      fc.asyncProperty(bytes, async batch => {
        const heard = await Promise.all(batch.map(each => sendBytes(port, each)))
        for (const text of heard) {
          expect(text).not.toContain('HTTP/1.1 500')
          expect(text).not.toMatch(stackLike)
        }
      }),
      { numRuns: rawRuns / 20, endOnFailure: true },
    )
    await expectAlive(door)
  }, 120_000)

  it('2 000 forms, cut anywhere: none ends Gantry, none is answered 500', async () => {
    const { door, port } = await wildDoor()
    const head = fc.constantFrom(
      'Content-Disposition: form-data; name="a"',
      'Content-Disposition: form-data; name="a"; filename="a.bin"',
      'Content-Disposition: form-data; name="a"; filename="a.bin"\r\nContent-Type: application/octet-stream',
      'Content-Disposition: form-data',
      'Content-Disposition: attachment; name="a"',
      'X: y',
      '',
    )
    const part = fc
      .tuple(head, fc.string({ maxLength: 40 }))
      .map(([name, text]) => `--X\r\n${name}\r\n\r\n${text}\r\n`)
    const form = fc
      .tuple(fc.array(part, { maxLength: 6 }), fc.constantFrom('--X--\r\n', '--X--', '', '--X'), fc.nat(400))
      .map(([parts, end, cut]) => `${parts.join('')}${end}`.slice(0, cut))
    const kind = fc.constantFrom(
      'multipart/form-data; boundary=X',
      'multipart/form-data; boundary="X"',
      'multipart/form-data',
      'multipart/form-data; boundary=',
      'multipart/mixed; boundary=X',
    )
    const method = fc.constantFrom('POST', 'PUT', 'DELETE', 'GET')
    const forms = fc.array(fc.tuple(method, kind, form), { minLength: 20, maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(forms, async batch => {
        const heard = await Promise.all(
          batch.map(([verb, type, body]) =>
            sendBytes(
              port,
              Buffer.from(
                `${verb} /gotapi/availability HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: ${origin}\r\nConnection: close\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
              ),
            ),
          ),
        )
        for (const text of heard) {
          expect(text).toMatch(/^HTTP\/1\.1 (200|400|405) /)
          expect(text).not.toMatch(stackLike)
        }
      }),
      { numRuns: 100, endOnFailure: true },
    )
    await expectAlive(door)
  }, 120_000)

  it('1 200 generated first frames: each is answered once and its socket closes, or it was the token', async () => {
    const { door, app, port } = await wildDoor()
    const frame = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.json({ maxDepth: 4 }),
      fc.record({ accessToken: fc.anything() }).map(thing => {
        try {
          return JSON.stringify(thing) ?? '{}'
        } catch {
          return '{}'
        }
      }),
      fc.uint8Array({ maxLength: 100 }).map(bytes => Buffer.from(bytes)),
      fc.constant(JSON.stringify({ sessionKey: app.token })),
    )
    const greet = (first: string | Buffer) =>
      new Promise<string[]>((resolve, reject) => {
        const ws = new WebSocket(`ws://127.0.0.1:${port}/gotapi/websocket`, { origin })
        const heard: string[] = []
        ws.on('open', () => ws.send(first))
        ws.on('message', data => heard.push(String(data)))
        ws.on('error', reject)
        ws.on('close', () => resolve(heard))
      })
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { minLength: 20, maxLength: 20 }), async frames => {
        for (const heard of await Promise.all(frames.map(greet))) {
          expect(heard).toHaveLength(1)
          expect(JSON.parse(heard[0] ?? '')).toMatchObject({ result: 1, errorCode: expect.any(Number) })
          expect(heard[0]).not.toMatch(stackLike)
        }
      }),
      { numRuns: frameRuns / 20, endOnFailure: true },
    )
    await expectAlive(door)
  }, 120_000)

  it('2 000 generated frames on a line that stands: none is answered, none ends it, its events still come', async () => {
    const { door, app, port } = await wildDoor()
    const ws = new WebSocket(`ws://127.0.0.1:${port}/gotapi/websocket`, { origin })
    onTestFinished(() => ws.terminate())
    const heard: string[] = []
    ws.on('message', data => heard.push(String(data)))
    ws.on('open', () => ws.send(JSON.stringify({ accessToken: app.token })))
    await expect.poll(() => heard).toEqual(['{"result":0}'])
    await app.call('PUT echo/ticks', { serviceId: 'e1.echo' })
    const frame = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 500 }),
      fc.json({ maxDepth: 4 }),
      fc.uint8Array({ maxLength: 500 }).map(bytes => Buffer.from(bytes)),
      fc.constantFrom(JSON.stringify({ accessToken: app.token }), JSON.stringify({ accessToken: 'another' })),
    )
    for (const each of fc.sample(frame, 2_000)) ws.send(each)
    // A pong comes after everything that was sent before its ping.
    const pong = new Promise(resolve => ws.once('pong', resolve))
    ws.ping()
    await pong
    expect(heard).toHaveLength(1)
    door.services.emit({ serviceId: 'e1.echo', profile: 'echo', attribute: 'ticks', payload: { n: 1 } })
    await expect.poll(() => heard.length).toBe(2)
    expect(JSON.parse(heard[1] ?? '')).toMatchObject({ result: 0, n: 1 })
    await expectAlive(door)
  }, 60_000)
})

import { request as httpRequest } from 'node:http'
import { type AddressInfo, connect as connectTcp, createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { routes } from '../../../src/main/contract/routes.ts'
import { refuse } from '../../../src/main/handlers/outcome.ts'
import { systemClock } from '../../../src/main/lib/clock.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { createTestApp, createTestDoor, type TestDoor } from '../../fakes/gotapi.ts'
import { printerId } from '../../fakes/services.ts'

const origin = 'http://app.example.test'

interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  readonly body: Record<string, unknown>
}

interface Sent {
  readonly method?: string
  readonly headers?: Record<string, string | string[]>
  readonly body?: string | Buffer
  readonly hasOrigin?: boolean
}

/** One request as any program can make it: every header ours to choose, unlike fetch. */
async function send(door: TestDoor, path: string, sent: Sent = {}): Promise<Reply> {
  const reply = await exchange(door, path, sent)
  const hasBody = sent.method !== 'HEAD' && sent.method !== 'OPTIONS'
  if (hasBody && path.toLowerCase().startsWith('/gotapi')) {
    // gotapi 2, 3: of each call that any test makes.
    expect(reply.body).toMatchObject({
      result: expect.any(Number),
      product: 'Gantry',
      version: '1.2.3',
    })
    expect(reply.headers['content-type']).toBe('application/json; charset=utf-8')
  }
  return reply
}

function exchange(door: TestDoor, path: string, sent: Sent): Promise<Reply> {
  const url = new URL(door.url)
  const base = sent.hasOrigin === false ? {} : { origin }
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        host: url.hostname,
        port: url.port,
        path,
        method: sent.method ?? 'GET',
        headers: { ...base, ...lengthOf(sent), ...sent.headers },
        agent: false,
      },
      response => {
        const chunks: Buffer[] = []
        response.on('data', chunk => chunks.push(chunk))
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString()
          const isJson = text !== '' && response.headers['content-type']?.startsWith('application/json')
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            body: isJson ? JSON.parse(text) : {},
          })
        })
      },
    )
    request.on('error', reject)
    request.end(sent.body)
  })
}

function canConnect(host: string, port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connectTcp(port, host, () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

/** Node frames the body of a DELETE only when told its length. */
function lengthOf({ body, headers }: Sent): Record<string, string> {
  if (body === undefined || headers?.['transfer-encoding'] !== undefined) return {}
  return { 'content-length': String(Buffer.byteLength(body)) }
}

/** Bytes as they are; everything the server says until it ends the connection. */
function raw(door: TestDoor, bytes: string): Promise<string> {
  const port = Number(new URL(door.url).port)
  return new Promise((resolve, reject) => {
    const socket = connectTcp(port, '127.0.0.1', () => socket.write(bytes))
    let heard = ''
    socket.on('data', chunk => {
      heard += chunk
    })
    socket.on('close', () => resolve(heard))
    socket.on('error', reject)
  })
}

const form = (fields: Record<string, string>) => ({
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams(fields).toString(),
})

function multipart(fields: Record<string, string>) {
  const boundary = '----formdata7bc1'
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  )
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: `${parts.join('')}--${boundary}--\r\n`,
  }
}

const listening = (options = {}) => createTestDoor({ clock: systemClock, listens: true, ...options })

async function withToken(door: TestDoor, scope = 'all'): Promise<string> {
  const app = createTestApp(door, origin)
  await app.beAllowed(scope)
  return app.token
}

describe('GotAPI-1 over HTTP', () => {
  it('gotapi 1: availability answers without a token with result 0, on both loopback addresses', async () => {
    const door = await listening()
    const { port } = new URL(door.url)
    const urls = [`http://127.0.0.1:${port}`]
    if (hasIpv6()) urls.push(`http://[::1]:${port}`)
    for (const url of urls) {
      const response = await fetch(`${url}/gotapi/availability`, { headers: { 'x-gotapi-origin': origin } })
      expect(await response.json()).toMatchObject({ result: 0 })
    }
  })

  it.each([
    '/gotapi/availability',
    '/gotapi/system',
    '/gotapi',
    '/gotapi/get',
    '/gotapi/a/b/c/d',
    '/gotapi/%ff',
  ])('gotapi 2: %s is answered by an object with result, product and version', async path => {
    const { body } = await send(await listening(), path)
    expect(body).toMatchObject({ result: expect.any(Number), product: 'Gantry', version: '1.2.3' })
  })

  it.each([
    ['a success', '/gotapi/availability', {}, 200],
    ['a parameter that is wrong', '/gotapi/availability?a=%zz', {}, 400],
    ['a token that is missing', '/gotapi/system', {}, 403],
    ['a method that is not there', '/gotapi/system', { method: 'PATCH' }, 405],
    ['another name', '/gotapi/system', { headers: { host: 'evil.test' } }, 421],
  ] as const)('gotapi 3: the content type is application/json for %s', async (_of, path, sent, status) => {
    const reply = await send(await listening(), path, sent)
    expect(reply.status).toBe(status)
    expect(reply.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(JSON.parse(reply.text)).toMatchObject({ product: 'Gantry' })
  })

  it('gotapi 3: what is no HTTP, or too much of it, is told as application/json as well', async () => {
    const door = await listening()
    const { host } = new URL(door.url)
    const tooMuch = `GET / HTTP/1.1\r\nHost: ${host}\r\nX-Bomb: ${'a'.repeat(20_000)}\r\n\r\n`
    for (const bytes of ['rubbish\r\n\r\n', tooMuch]) {
      expect((await raw(door, bytes)).toLowerCase()).toContain('\r\ncontent-type: application/json; ')
    }
  })

  it('gotapi 4: paths match without regard to case', async () => {
    const door = await listening()
    const accessToken = await withToken(door)
    const spellings = ['/gotapi/serviceDiscovery', '/gotapi/servicediscovery', '/GotAPI/SERVICEDISCOVERY']
    const bodies = await Promise.all(spellings.map(path => send(door, `${path}?accessToken=${accessToken}`)))
    expect(bodies[0]?.body.services).toHaveLength(2)
    for (const { body } of bodies) expect(body).toEqual(bodies[0]?.body)
  })

  it.each(['PUT', 'POST'])('gotapi 5: %s takes parameters from a urlencoded body', async method => {
    const door = await listening()
    const accessToken = await withToken(door)
    const { body } = await send(door, '/gotapi/echo/echo', {
      method,
      ...form({ accessToken, serviceId: 'e1.echo', text: 'Größe & Co + 1' }),
    })
    expect(body).toMatchObject({ result: 0, echo: { text: 'Größe & Co + 1' }, action: method })
  })

  it.each(['PUT', 'POST'])('gotapi 6: %s takes parameters from a multipart body', async method => {
    const door = await listening()
    const accessToken = await withToken(door)
    const { body } = await send(door, '/gotapi/echo/echo', {
      method,
      ...multipart({ accessToken, serviceId: 'e1.echo', text: 'Größe' }),
    })
    expect(body).toMatchObject({ result: 0, echo: { text: 'Größe' } })
  })

  it.each([multipart({}), { ...multipart({}), body: '' }])(
    'gotapi 6: a DELETE with an empty multipart body and its parameters in the query succeeds',
    async empty => {
      const door = await listening()
      const accessToken = await withToken(door)
      const path = `/gotapi/echo/echo?accessToken=${accessToken}&serviceId=e1.echo`
      expect((await send(door, path, { method: 'DELETE', ...empty })).body).toMatchObject({ result: 0 })
    },
  )

  it('gotapi 7: query and body are merged, and the body wins', async () => {
    const door = await listening()
    const accessToken = await withToken(door)
    const { body } = await send(door, `/gotapi/echo/echo?accessToken=${accessToken}&text=query&other=1`, {
      method: 'POST',
      ...form({ serviceId: 'e1.echo', text: 'body' }),
    })
    expect(body).toMatchObject({ result: 0, echo: { text: 'body', other: '1' } })
  })

  it('gotapi 8: unknown parameters and bodies of another kind are ignored', async () => {
    const door = await listening()
    expect((await send(door, '/gotapi/availability?x=1&accessToken=stale')).body.result).toBe(0)
    expect((await send(door, '/gotapi/authorization/grant?x=1&accessToken=stale')).body.result).toBe(0)
    const accessToken = await withToken(door)
    for (const path of ['system', 'servicediscovery', `serviceinformation?serviceId=${printerId}`]) {
      const joint = path.includes('?') ? '&' : '?'
      const { body } = await send(door, `/gotapi/${path}${joint}accessToken=${accessToken}&x=1&result=9`)
      expect(body.result).toBe(0)
    }
    const { body } = await send(door, `/gotapi/echo/echo?accessToken=${accessToken}&serviceId=e1.echo`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"serviceId":',
    })
    expect(body.result).toBe(0)
  })

  it('gotapi 9: a preflight is answered with what may be sent, and with private network access', async () => {
    const { status, headers, text } = await send(await listening(), '/gotapi/system', {
      method: 'OPTIONS',
      headers: {
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'x-gotapi-origin',
        'access-control-request-private-network': 'true',
      },
    })
    expect({ status, text }).toEqual({ status: 200, text: '' })
    expect(headers['access-control-allow-methods']).toBe('GET, POST, PUT, DELETE, OPTIONS')
    expect(headers['access-control-allow-headers']).toContain('x-gotapi-origin')
    expect(headers['access-control-max-age']).toBe('600')
    expect(headers['access-control-allow-private-network']).toBe('true')
    expect(headers['access-control-allow-origin']).toBe(origin)
    expect(headers['access-control-allow-credentials']).toBeUndefined()
  })

  it('gotapi 9: a page without an origin of its own is allowed nothing', async () => {
    const { headers } = await send(await listening(), '/gotapi/system', {
      method: 'OPTIONS',
      headers: { origin: 'null', 'access-control-request-private-network': 'true' },
    })
    expect(headers['access-control-allow-origin']).toBeUndefined()
    expect(headers['access-control-allow-private-network']).toBeUndefined()
  })

  it.each([
    ['without a token', '/gotapi/system', {}, 13],
    ['with a broken parameter', '/gotapi/system?a=%zz', {}, 10],
    ['by another method', '/gotapi/system', { method: 'PATCH' }, 3],
    ['to nowhere', '/gotapi', {}, 19],
  ] as const)(
    'gotapi 10: an error %s carries the same headers, so that a page can read it',
    async (_how, path, sent, errorCode) => {
      const { body, headers } = await send(await listening(), path, sent)
      expect(body.errorCode).toBe(errorCode)
      expect(headers['access-control-allow-origin']).toBe(origin)
      expect(headers.vary).toBe('Origin')
      expect(headers['access-control-allow-credentials']).toBeUndefined()
    },
  )

  it.each(['PATCH', 'HEAD', 'TRACE', 'PROPFIND'])('gotapi 11: %s is 405 and 3', async method => {
    const { status, body } = await send(await listening(), '/gotapi/system', { method })
    expect(status).toBe(405)
    if (method !== 'HEAD') expect(body.errorCode).toBe(3)
  })

  it.each(['availability', 'authorization/grant', 'authorization/accesstoken', 'servicediscovery', 'system'])(
    'gotapi 11: POST, PUT and DELETE to %s are 405 and 3',
    async path => {
      const door = await listening()
      for (const method of ['POST', 'PUT', 'DELETE']) {
        expect(await send(door, `/gotapi/${path}`, { method })).toMatchObject({
          status: 405,
          body: { result: 1, errorCode: 3 },
        })
      }
    },
  )

  it('gotapi 12: a missing profile is 19, one called like a method is 20', async () => {
    const door = await listening()
    for (const path of ['/gotapi', '/gotapi/']) {
      expect(await send(door, path)).toMatchObject({ status: 400, body: { errorCode: 19 } })
    }
    for (const name of ['get', 'POST', 'put', 'Delete']) {
      expect(await send(door, `/gotapi/${name}`)).toMatchObject({ status: 400, body: { errorCode: 20 } })
    }
  })

  it.each([
    ['/gotapi/system', 13],
    ['/gotapi/nothing/here', 13],
    ['/gotapi/authorization/nothing', 4],
    ['/gotapi/authorization/accesstoken', 10],
    ['/gotapi/availability?key=xyz', 10],
    ['/gotapi/availability?a=%zz', 10],
    ['/gotapi/%2e%2e/system', 13],
    ['/gotapi/a%2fb', 19],
  ])('gotapi 13: %s fails with result 1 and the number %i', async (path, errorCode) => {
    const { body } = await send(await listening(), path)
    expect(body).toMatchObject({ result: 1, errorCode, errorMessage: expect.stringMatching(/\.$/) })
  })

  it('gotapi 14: the status follows the table, and is 200 for a caller with X-GotAPI-Origin', async () => {
    const door = await listening()
    expect(await send(door, '/gotapi/system')).toMatchObject({ status: 403, body: { errorCode: 13 } })
    expect(await send(door, '/gotapi/system', { headers: { 'x-gotapi-origin': origin } })).toMatchObject({
      status: 200,
      body: { result: 1, errorCode: 13 },
    })
    door.policy = { ...door.policy, errorStyle: 'http' }
    expect((await send(door, '/gotapi/system', { headers: { 'x-gotapi-origin': origin } })).status).toBe(403)
    door.policy = { ...door.policy, errorStyle: 'always200' }
    expect((await send(door, '/gotapi/system')).status).toBe(200)
  })

  it.each([
    [1, 500],
    [2, 404],
    [3, 405],
    [4, 404],
    [5, 400],
    [6, 404],
    [7, 504],
    [8, 404],
    [9, 409],
    [10, 400],
    [11, 403],
    [12, 403],
    [13, 403],
    [14, 403],
    [15, 401],
    [16, 409],
    [17, 503],
    [18, 403],
    [19, 400],
    [20, 400],
    [21, 503],
    [22, 503],
    [100, 400],
    [4_711, 400],
  ])(
    'gotapi 14: code %i has status %i in one style of client, and 200 in the other',
    async (errorCode, status) => {
      const door = await listening()
      const accessToken = await withToken(door)
      door.services.answer = () => refuse('plugin.refused', 'The service says no.', { number: errorCode })
      const path = `/gotapi/3dprinter/status?accessToken=${accessToken}&serviceId=${printerId}`
      const body = { result: 1, errorCode, errorMessage: 'The service says no.' }
      expect(await send(door, path)).toMatchObject({ status, body })
      expect(await send(door, path, { headers: { 'x-gotapi-origin': origin } })).toMatchObject({
        status: 200,
        body,
      })
    },
  )

  it.each([
    ['GET', '/gotapi', {}, 400, 19],
    ['GET', '/gotapi/get', {}, 400, 20],
    ['PATCH', '/gotapi/system', {}, 405, 3],
    ['GET', '/gotapi/availability?a=%zz', {}, 400, 10],
    ['GET', '/gotapi/authorization/accesstoken', {}, 400, 10],
  ] as const)(
    'gotapi 14: %s %s follows the style of its client too',
    async (method, path, more, status, errorCode) => {
      const door = await listening()
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const plain = await send(door, path, { method, ...more, headers })
      expect(plain).toMatchObject({ status, body: { result: 1, errorCode } })
      const packaged = await send(door, path, {
        method,
        ...more,
        headers: { ...headers, 'x-gotapi-origin': origin },
      })
      expect(packaged).toMatchObject({ status: 200, body: plain.body })
    },
  )

  it('gotapi 14: a body that is too large follows the style of its client too', async () => {
    const door = await listening()
    const { host } = new URL(door.url)
    const head = `POST /gotapi/echo/echo HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1048577`
    for (const [name, status] of [
      ['Origin', 413],
      ['X-GotAPI-Origin', 200],
    ] as const) {
      const heard = await raw(door, `${head}\r\n${name}: ${origin}\r\n\r\n`)
      expect(heard).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
      expect(heard).toContain('"result":1')
      expect(heard).toContain('"errorCode":1,')
    }
  })

  it('gotapi 16: every call but those that lead to a token is 13 without one', async () => {
    const door = await createTestDoor()
    door.policy = { ...door.policy, requestsPerSecond: 100_000 }
    const app = createTestApp(door)
    const free: string[] = []
    for (const [name, { scope }] of Object.entries(routes)) {
      if (scope === null) free.push(name)
      else {
        for (const route of name.startsWith('EVENT ')
          ? ['PUT', 'DELETE'].map(m => name.replace('EVENT', m))
          : [name]) {
          const answer = await app.call(route, { serviceId: printerId })
          // Routes of rooms that are not behind this door are not there at all.
          expect([route, [3, 4, 13].includes(Number(answer.errorCode))]).toEqual([route, true])
        }
      }
    }
    expect(free.sort()).toEqual([
      'GET authorization/accesstoken',
      'GET authorization/grant',
      'GET availability',
    ])
    for (const route of [
      'GET system',
      'GET servicediscovery',
      'GET serviceinformation',
      'PUT 3dprinter/print',
    ]) {
      expect(await app.call(route, { serviceId: printerId })).toMatchObject({
        errorCode: 13,
        httpStatus: 403,
      })
    }
    expect(door.services.calls).toEqual([])
  })

  it('counts a request that it cannot read like any other', async () => {
    const door = await listening()
    door.policy = { ...door.policy, requestsPerSecond: 1 }
    const statuses: number[] = []
    for (let sent = 0; sent < 7; sent++) {
      statuses.push((await send(door, '/gotapi/availability?a=%zz')).status)
    }
    expect(statuses).toEqual([400, 400, 400, 400, 400, 429, 429])
    const other = await send(door, '/gotapi/availability', { headers: { origin: 'http://b.test' } })
    expect(other.status).toBe(200)
  })

  it('answers 429 to an origin that sends more than its share, and leaves the others alone', async () => {
    const clock = createFakeClock()
    const door = await createTestDoor({ clock })
    const busy = createTestApp(door, 'http://busy.example.test')
    const other = createTestApp(door, 'http://other.example.test')
    await busy.enter('system')
    await other.enter('system')
    await clock.advance(5_000)
    // 100 printers, four times a second each, for as long as is counted.
    for (let count = 0; count < 100 * 4 * 5; count += 1) {
      expect(await busy.call('GET system')).toMatchObject({ result: 0 })
    }
    for (let count = 0; count < 3_000; count += 1) await busy.call('GET system')
    expect(await busy.call('GET system')).toMatchObject({ result: 1, errorCode: 17, httpStatus: 429 })
    expect(await busy.call('GET authorization/grant')).toMatchObject({ errorCode: 17, clientId: '' })
    expect(await other.call('GET system')).toMatchObject({ result: 0 })
    await clock.advance(5_000)
    expect(await busy.call('GET system')).toMatchObject({ result: 0 })
  })

  it('gotapi 74: a call without any origin is 18; with a Referer alone it works as that origin', async () => {
    const door = await listening()
    expect(await send(door, '/gotapi/availability', { hasOrigin: false })).toMatchObject({
      status: 403,
      body: { errorCode: 18 },
    })
    const referer = `${origin}/page?x=1`
    const accessToken = await withToken(door, 'system')
    const path = `/gotapi/system?accessToken=${accessToken}`
    const { body } = await send(door, path, { hasOrigin: false, headers: { referer } })
    expect(body.result).toBe(0)
    // Of any other page's origin the token is unknown; a Referer that is no web address is none.
    const from = async (other: string) =>
      (await send(door, path, { hasOrigin: false, headers: { referer: other } })).body.errorCode
    expect(await from('http://other.test/page')).toBe(15)
    expect(await from('file:///home/page.html')).toBe(18)
  })

  it('gotapi 10.2: a page without an origin is let in only where the owner allows it', async () => {
    const door = await listening()
    const call = (path: string) => send(door, path, { headers: { origin: 'null' } })
    expect(await call('/gotapi/availability')).toMatchObject({ status: 403, body: { errorCode: 18 } })
    expect((await call('/gotapi/authorization/grant')).body).toMatchObject({ errorCode: 18, clientId: '' })
    expect((await call('/gotapi/authorization/accesstoken?clientId=x&scope=system')).body).toMatchObject({
      errorCode: 18,
      accessToken: '',
    })
    door.policy = { ...door.policy, allowNullOrigin: true }
    const { body, headers } = await call('/gotapi/authorization/grant')
    expect(body.result).toBe(0)
    expect(headers['access-control-allow-origin']).toBe('null')
  })

  it('gotapi 75: two origins in one header are 18', async () => {
    const door = await listening()
    for (const value of [`${origin} http://b.test`, `${origin},http://b.test`]) {
      const { body } = await send(door, '/gotapi/authorization/grant', { headers: { origin: value } })
      expect(body).toMatchObject({ errorCode: 18, clientId: '' })
      const path = '/gotapi/authorization/accesstoken?clientId=x&scope=system'
      expect((await send(door, path, { headers: { origin: value } })).body).toMatchObject({
        errorCode: 18,
        accessToken: '',
      })
    }
    const { body } = await send(door, '/gotapi/availability', {
      headers: { 'x-gotapi-origin': [origin, 'b'] },
    })
    expect(body.errorCode).toBe(18)
  })

  it('gotapi 76: an Origin and an X-GotAPI-Origin that differ are 18; alike in another case they pass', async () => {
    const door = await listening()
    const call = (value: string) =>
      send(door, '/gotapi/availability', { headers: { 'x-gotapi-origin': value } })
    expect(await call('http://b.test')).toMatchObject({ status: 200, body: { result: 1, errorCode: 18 } })
    expect((await call('')).body.errorCode).toBe(18)
    expect((await call('HTTP://APP.example.test')).body.result).toBe(0)
  })

  it('nobody on a socket can call itself Gantry’s own window', async () => {
    const door = await listening()
    const { body } = await send(door, '/gotapi/authorization/grant', {
      headers: { origin: 'app://gantry' },
    })
    expect(body.errorCode).toBe(18)
  })

  it('gotapi 77: it cannot be reached on an address of the network', async () => {
    const door = await listening()
    const { port } = new URL(door.url)
    const ofNetwork = Object.values(networkInterfaces())
      .flatMap(list => list ?? [])
      .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
      .map(({ address }) => address)
    // Linux has it always: whoever listens on every address is found there, on a machine without a network too.
    const addresses = process.platform === 'linux' ? [...ofNetwork, '127.0.0.2'] : ofNetwork
    expect(addresses).not.toEqual([])
    expect(await canConnect('127.0.0.1', Number(port))).toBe(true)
    for (const address of addresses) expect(await canConnect(address, Number(port))).toBe(false)
  })

  it('gotapi 78: a foreign Host header is 421 and 19, for the page as well', async () => {
    const door = await listening()
    const { port } = new URL(door.url)
    for (const host of [
      'evil.test',
      `evil.test:${port}`,
      'localhost',
      `127.0.0.1:1`,
      `localhost.evil:${port}`,
    ]) {
      expect(await send(door, '/gotapi/availability', { headers: { host } })).toMatchObject({
        status: 421,
        body: { errorCode: 19 },
      })
      expect((await send(door, '/', { headers: { host } })).status).toBe(421)
    }
    for (const host of [`localhost:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`]) {
      expect((await send(door, '/gotapi/availability', { headers: { host } })).status).toBe(200)
    }
    door.policy = { ...door.policy, hostNames: ['printers.workshop.lan'] }
    const host = `printers.workshop.lan:${port}`
    expect((await send(door, '/gotapi/availability', { headers: { host } })).status).toBe(200)
  })

  it('gotapi 78: two Host headers are refused', async () => {
    const door = await listening()
    const { host } = new URL(door.url)
    const heard = await raw(
      door,
      `GET /gotapi/availability HTTP/1.1\r\nHost: ${host}\r\nHost: evil.test\r\nOrigin: ${origin}\r\n\r\n`,
    )
    expect(heard).toMatch(/^HTTP\/1\.1 4\d\d /)
  })

  it('gotapi 81: an occupied port is told, and no other is taken in silence', async () => {
    const door = await listening()
    const port = Number(new URL(door.url).port)
    const refused = listening({ port })
    await expect(refused).rejects.toMatchObject({ code: 'port.taken' })
    await expect(refused).rejects.toThrow(String(port))
    // Whoever has it is still the only one there.
    expect((await send(door, '/gotapi/availability')).body.result).toBe(0)
  })

  it('gotapi 81: a program that holds the port on ::1 alone is told as well', async context => {
    if (!hasIpv6()) return context.skip()
    const squatter = createServer()
    await new Promise<void>(resolve => squatter.listen({ host: '::1', port: 0, ipv6Only: true }, resolve))
    onTestFinished(() => void squatter.close())
    const { port } = squatter.address() as AddressInfo
    await expect(listening({ port })).rejects.toMatchObject({ code: 'port.taken' })
    // And the half that was free is not kept.
    expect(await canConnect('127.0.0.1', port)).toBe(false)
  })
})

describe('What is too much, too slow or not HTTP', () => {
  it('headers beyond 16 KiB are 413 with errorCode 1', async () => {
    const door = await listening()
    const { host } = new URL(door.url)
    const heard = await raw(door, `GET / HTTP/1.1\r\nHost: ${host}\r\nX-Bomb: ${'a'.repeat(20_000)}\r\n\r\n`)
    expect(heard).toMatch(/^HTTP\/1\.1 413 /)
    expect(heard).toContain('"errorCode":1')
  })

  it.each([
    ['announced', { 'content-length': String(3 * 1024 * 1024) }],
    ['chunked', { 'transfer-encoding': 'chunked' }],
  ])('a body beyond 1 MiB, %s, is 413 with errorCode 1', async (_kind, headers) => {
    const door = await listening()
    const body = Buffer.alloc(3 * 1024 * 1024, 'a')
    const answer = await send(door, '/gotapi/echo/echo', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body,
    }).catch(error => ({ status: String(error.code) }))
    // Whoever goes on sending may see its connection end before it reads the answer.
    expect([413, 'EPIPE', 'ECONNRESET']).toContain(answer.status)
  })

  it('a body of 1 MiB to the byte is read', async () => {
    const door = await listening()
    const accessToken = await withToken(door)
    const head = `accessToken=${accessToken}&serviceId=e1.echo&text=`
    const text = 'a'.repeat(1024 * 1024 - head.length)
    const { status, body } = await send(door, '/gotapi/echo/echo', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: head + text,
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({ result: 0, echo: { text } })
  })

  it('a body that is announced beyond 1 MiB is 413 before a byte of it is taken', async () => {
    const door = await listening()
    const { host } = new URL(door.url)
    const heard = await raw(
      door,
      `POST /gotapi/echo/echo HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${origin}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000000000\r\n\r\n`,
    )
    expect(heard).toMatch(/^HTTP\/1\.1 413 /)
    expect(heard).toContain('"errorCode":1')
  })

  it('a sender that never ends its headers is let go with 408', async () => {
    const door = await listening({ headersMs: 200 })
    const heard = await raw(door, 'GET /gotapi/availability HTTP/1.1\r\nHost: ')
    expect(heard).toMatch(/^HTTP\/1\.1 408 /)
    expect(heard).toContain('"errorCode":7')
  })

  it('a sender that never ends its body is let go with 408 after 30 s', async () => {
    const clock = createFakeClock()
    const door = await createTestDoor({ clock, listens: true })
    const { host } = new URL(door.url)
    const heard = raw(
      door,
      `POST /gotapi/echo/echo HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${origin}\r\nContent-Length: 10\r\n\r\na`,
    )
    await vi.waitFor(() => expect(clock.waiting()).toContain('gotapi: a body'))
    await clock.advance(29_000)
    expect(clock.waiting()).toContain('gotapi: a body')
    await clock.advance(1_000)
    expect(await heard).toMatch(/^HTTP\/1\.1 408 /)
    expect(await heard).toContain('"errorCode":7')
  })

  it('a half-open connection that says nothing at all is let go', async () => {
    const door = await listening({ headersMs: 200 })
    expect(await raw(door, '')).toMatch(/^HTTP\/1\.1 408 |^$/)
  })

  it('more than 200 parameters are 10', async () => {
    const query = Array.from({ length: 300 }, (_, i) => `p${i}=1`).join('&')
    expect((await send(await listening(), `/gotapi/availability?${query}`)).body.errorCode).toBe(10)
  })

  it('a call whose parameters cannot be read fails as its path does, origin first', async () => {
    const door = await listening()
    expect((await send(door, '/gotapi/authorization/grant?a=%zz')).body).toMatchObject({
      errorCode: 10,
      clientId: '',
    })
    expect((await send(door, '/gotapi/authorization/accesstoken?clientId=%zz')).body).toMatchObject({
      errorCode: 10,
      accessToken: '',
    })
    expect((await send(door, '/gotapi/availability?a=%zz', { hasOrigin: false })).body.errorCode).toBe(18)
  })

  it('a parameter may be called anything', async () => {
    const { body } = await send(
      await listening(),
      '/gotapi/availability?__proto__=1&constructor=2&toString=3',
    )
    expect(body.result).toBe(0)
  })

  it('what is not HTTP is 400 with the envelope', async () => {
    const heard = await raw(await listening(), 'rubbish\r\n\r\n')
    expect(heard).toMatch(/^HTTP\/1\.1 400 /)
    expect(heard).toContain('"errorCode":19')
  })

  it('a broken multipart body is 10', async () => {
    const door = await listening()
    const accessToken = await withToken(door)
    for (const [type, body] of [
      ['multipart/form-data', 'x'],
      ['multipart/form-data; boundary=b', '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1'],
    ] as const) {
      const answer = await send(door, `/gotapi/echo/echo?accessToken=${accessToken}`, {
        method: 'POST',
        headers: { 'content-type': type },
        body,
      })
      expect(answer.body.errorCode).toBe(10)
    }
  })

  it('asking for grants without end is told to wait with 429', async () => {
    const door = await listening()
    const statuses: number[] = []
    for (let i = 0; i < 32; i++) statuses.push((await send(door, '/gotapi/authorization/grant')).status)
    expect(statuses.filter(status => status === 429)).toHaveLength(2)
  })

  it('a caller that leaves while the owner thinks takes its question along', async () => {
    const door = await listening()
    const { body } = await send(door, '/gotapi/authorization/grant')
    const gone = new AbortController()
    const asking = fetch(
      `${door.url}/gotapi/authorization/accesstoken?clientId=${body.clientId}&scope=system`,
      { headers: { 'x-gotapi-origin': origin }, signal: gone.signal },
    )
    await expect.poll(() => door.gotapi.desk.pending()).toHaveLength(1)
    gone.abort()
    await expect(asking).rejects.toThrow()
    await expect.poll(() => door.gotapi.desk.pending()).toHaveLength(0)
  })

  it('one connection carries many calls', async () => {
    const door = await listening()
    const { host } = new URL(door.url)
    const one = `GET /gotapi/availability HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${origin}\r\n`
    const heard = await raw(door, `${one}\r\n${one}\r\n${one}Connection: close\r\n\r\n`)
    expect(heard.match(/HTTP\/1\.1 200 /g)).toHaveLength(3)
  })
})

describe('The page beside it', () => {
  const page = {
    read: async (path: string) =>
      path === '/'
        ? {
            bytes: new Uint8Array(Buffer.from('<!doctype html>')),
            contentType: 'text/html',
            cacheControl: 'no-cache',
            etag: '"1"',
          }
        : undefined,
  }

  it('is served with a strict policy; nothing else is', async () => {
    const door = await listening({ page })
    const { status, headers, text } = await send(door, '/', { hasOrigin: false })
    expect({ status, text }).toEqual({ status: 200, text: '<!doctype html>' })
    expect(headers['content-security-policy']).toContain("default-src 'none'")
    expect(headers['content-security-policy']).toContain(`ws://${new URL(door.url).host}`)
    expect((await send(door, '/nothing')).status).toBe(404)
    expect((await send(door, '/', { method: 'POST' })).status).toBe(405)
    expect(await send(door, '/', { method: 'HEAD' })).toMatchObject({ status: 200, text: '' })
  })
})

describe('The command line', () => {
  it('comes in with the secret of the lock file, as often as it likes', async () => {
    const door = await listening({ cliSecret: 'secret-of-this-start' })
    const app = createTestApp(door, 'gantry-cli')
    for (let i = 0; i < 2; i++) {
      expect(await app.ask('all', { invitation: 'secret-of-this-start' })).toMatchObject({ result: 0 })
    }
    expect(await app.ask('all', { invitation: 'another' })).toMatchObject({ errorCode: 11 })
  })
})

describe('A service behind the front door', () => {
  it('gotapi 15: an answer that does not come is 7 with 504', async () => {
    const clock = createFakeClock()
    const door = await createTestDoor({ clock })
    door.services.answer = () => refuse('plugin.late', 'The plug-in did not answer.')
    const app = createTestApp(door)
    await app.beAllowed('all')
    expect(await app.call('GET 3dprinter/status', { serviceId: printerId })).toMatchObject({
      errorCode: 7,
      httpStatus: 504,
    })
  })
})

function hasIpv6(): boolean {
  return Object.values(networkInterfaces()).some(list => list?.some(({ address }) => address === '::1'))
}

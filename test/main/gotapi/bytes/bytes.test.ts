import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, it, vi } from 'vitest'
import { createFiles } from '../../../../src/main/files/index.ts'
import { systemClock } from '../../../../src/main/lib/clock.ts'
import { createFakeClock } from '../../../fakes/clock.ts'
import { createTestApp, createTestDoor } from '../../../fakes/gotapi.ts'
import { makeTempDir } from '../../../fakes/temp-dir.ts'

const origin = 'http://app.example.test'
const whole = 'abcdefghij'

interface Wish {
  readonly method?: string
  readonly path?: string
  readonly token?: string | undefined
  readonly from?: string | undefined
  readonly headers?: Record<string, string>
  readonly body?: string | Readable
}

/** A front door with one upload of ten bytes, and an application that may hand files over. */
async function open(scope = 'printerfiles,servicediscovery', clock = systemClock, grantedDays = 30) {
  const door = await createTestDoor({ clock, listens: true })
  door.policy = { ...door.policy, grantedDays }
  let count = 0
  const files = createFiles({ clock, dir: join(makeTempDir(), 'uploads'), uuid: () => `id-${++count}` })
  door.gotapi.add(files.endpoints)
  door.services.plugins = () => [
    { id: 'p', name: 'P', version: '1', supports: ['printerfiles', '3dprinter'] },
  ]
  const app = createTestApp(door, origin)
  await app.beAllowed(scope)
  const { id } = await files.uploads.begin(origin, { name: 'Würfel "1".gcode', sizeBytes: whole.length })
  const { hostname, port } = new URL(door.url)

  function ask(wish: Wish = {}) {
    const { method = 'GET', path = `/bytes/printerfiles/${id}`, body } = wish
    const token = 'token' in wish ? wish.token : app.token
    const from = 'from' in wish ? wish.from : origin
    return new Promise<{ status: number; headers: Record<string, string>; text: string }>(
      (resolve, reject) => {
        const request = httpRequest(
          {
            hostname,
            port,
            method,
            path,
            agent: false,
            headers: {
              ...(from !== undefined && { origin: from }),
              ...(token !== undefined && { authorization: `Bearer ${token}` }),
              ...(typeof body === 'string' && { 'content-length': String(body.length) }),
              ...wish.headers,
            },
          },
          response => {
            let text = ''
            response.setEncoding('utf8').on('data', chunk => {
              text += chunk
            })
            response.on('end', () =>
              resolve({
                status: response.statusCode ?? 0,
                headers: response.headers as Record<string, string>,
                text,
              }),
            )
            response.on('error', reject)
          },
        )
        request.on('error', reject)
        if (body instanceof Readable) body.pipe(request)
        else request.end(body)
      },
    )
  }
  const put = (body: string, offset = 0, more: Wish = {}) =>
    ask({ method: 'PUT', body, headers: { 'upload-offset': String(offset) }, ...more })
  return { door, files, app, id, ask, put }
}

describe('Bytes on their way up', () => {
  it('are there at once, in one piece', async () => {
    const { put, ask } = await open()
    const { status, headers, text } = await put(whole)
    expect([status, headers['upload-offset']]).toEqual([200, '10'])
    expect(JSON.parse(text)).toMatchObject({ result: 0, product: 'Gantry', receivedBytes: 10 })
    expect((await ask()).text).toBe(whole)
  })

  it('come in any pieces, each from where the last one ended', async () => {
    const { put, ask } = await open()
    expect((await put('abc')).headers['upload-offset']).toBe('3')
    expect((await ask({ method: 'HEAD' })).headers).toMatchObject({
      'upload-offset': '3',
      'upload-length': '10',
    })
    expect((await put('defghij', 3)).headers['upload-offset']).toBe('10')
    expect((await ask()).text).toBe(whole)
  })

  it.each([
    ['before', 2],
    ['behind', 4],
    ['nowhere', Number.NaN],
  ])('that begin %s what is there are told where to begin, and change nothing', async (_where, offset) => {
    const { put, ask } = await open()
    await put('abc')
    const { status, headers } = await put('X', offset)
    expect([status, headers['upload-offset']]).toEqual([409, '3'])
    expect((await ask()).text).toBe('abc')
  })

  it('that are more than were announced are refused before the first, or where they pass the end', async () => {
    const { put, ask, files, id } = await open()
    expect((await put(`${whole}k`)).status).toBe(413)
    expect(files.uploads.find(origin, id).receivedBytes).toBe(0)
    const chunked = await ask({ method: 'PUT', body: Readable.from([whole, 'k']) }).catch(() => undefined)
    expect(chunked?.status ?? 413).toBe(413)
    expect((await ask()).text.length).toBeLessThanOrEqual(10)
  })

  it('are taken over by a second sender, whose first line hangs', async () => {
    const { ask, put, id, files } = await open()
    const hanging = new Readable({ read() {} })
    hanging.push('abcd')
    const first = ask({ method: 'PUT', body: hanging }).catch(() => undefined)
    await vi.waitFor(() => expect(files.uploads.find(origin, id)).toBeDefined())
    await vi.waitFor(async () => {
      const told = Number((await put('', 0)).headers['upload-offset'])
      const rest = await put(whole.slice(told), told)
      expect(rest.headers['upload-offset']).toBe('10')
    })
    hanging.destroy()
    await first
    expect((await ask()).text).toBe(whole)
  })

  it('are called off: nothing stays', async () => {
    const { put, ask } = await open()
    await put('abc')
    expect((await ask({ method: 'DELETE' })).status).toBe(200)
    expect((await ask()).status).toBe(400)
    expect((await put('abc')).status).toBe(400)
  })
})

describe('Bytes on their way down', () => {
  it('name their kind, their name and their mark, and are never kept by a browser', async () => {
    const { put, ask } = await open()
    await put(whole)
    const { headers } = await ask()
    expect(headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-length': '10',
      'accept-ranges': 'bytes',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-disposition': "attachment; filename*=UTF-8''W%C3%BCrfel%20%221%22.gcode",
    })
    expect(headers.etag).toMatch(/^".+"$/)
  })

  it('come in part where a part was asked for', async () => {
    const { put, ask } = await open()
    await put(whole)
    const part = await ask({ headers: { range: 'bytes=2-4' } })
    expect(part).toMatchObject({ status: 206, text: 'cde' })
    expect(part.headers['content-range']).toBe('bytes 2-4/10')
    const beyond = await ask({ headers: { range: 'bytes=10-' } })
    expect([beyond.status, beyond.headers['content-range']]).toEqual([416, 'bytes */10'])
  })

  it('come whole where the reader has a part of other bytes, and not at all where it has them', async () => {
    const { put, ask } = await open()
    await put(whole)
    const { etag = '' } = (await ask({ method: 'HEAD' })).headers
    const same = await ask({ headers: { range: 'bytes=2-4', 'if-range': etag } })
    expect(same.status).toBe(206)
    const other = await ask({ headers: { range: 'bytes=2-4', 'if-range': '"other"' } })
    expect(other).toMatchObject({ status: 200, text: whole })
    expect(await ask({ headers: { 'if-none-match': etag } })).toMatchObject({ status: 304, text: '' })
  })

  it('HEAD tells all of it and brings nothing', async () => {
    const { put, ask } = await open()
    await put(whole)
    const { status, headers, text } = await ask({ method: 'HEAD' })
    expect([status, headers['content-length'], text]).toEqual([200, '10', ''])
  })
})

describe('Who may have bytes', () => {
  it.each([
    ['without a token', { token: undefined }, 403, 13],
    ['with an unknown token', { token: 'x' }, 401, 15],
    ['of another origin', { from: 'http://b.example.test' }, 401, 15],
    ['without an origin', { from: undefined }, 403, 18],
    ['at an address with no bytes', { path: '/bytes/settings/1' }, 404, 2],
    ['at an address that names nothing', { path: '/bytes/printerfiles/' }, 404, 2],
    ['at an address that names too much', { path: '/bytes/printerfiles/id-1/x' }, 404, 2],
    ['at an address that cannot be read', { path: '/bytes/printerfiles/%zz' }, 404, 2],
    ['of an unknown upload', { path: '/bytes/printerfiles/id-9' }, 400, 10],
    ['by an unknown method', { method: 'PATCH' }, 405, 3],
  ] as const)('%s nobody', async (_how, wish, status, errorCode) => {
    const { ask } = await open()
    const answer = await ask(wish)
    expect(answer.status).toBe(status)
    expect(JSON.parse(answer.text)).toMatchObject({ result: 1, errorCode })
  })

  it('nobody outside of the scope of the token', async () => {
    const { ask } = await open('3dprinter')
    const answer = await ask()
    expect(answer.status).toBe(403)
    expect(JSON.parse(answer.text)).toMatchObject({ errorCode: 14 })
  })

  it('nobody whose token is past its time', async () => {
    const clock = createFakeClock()
    const { ask } = await open('printerfiles', clock, 1 / 1_440)
    expect((await ask()).status).toBe(200)
    await clock.advance(60_000)
    expect(JSON.parse((await ask()).text)).toMatchObject({ errorCode: 12 })
  })

  it('a page of another origin, once it asked how', async () => {
    const { ask } = await open()
    const preflight = await ask({
      method: 'OPTIONS',
      token: undefined,
      headers: { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'authorization' },
    })
    expect(preflight.status).toBe(200)
    expect(preflight.headers['access-control-allow-origin']).toBe(origin)
    expect(preflight.headers['access-control-allow-headers']).toContain('authorization')
    expect(preflight.headers['access-control-allow-headers']).toContain('upload-offset')
    const got = await ask()
    expect(got.headers['access-control-allow-origin']).toBe(origin)
    expect(got.headers['access-control-expose-headers']).toContain('upload-offset')
  })

  it('as often as calls and no oftener', async () => {
    const { ask, door } = await open()
    door.policy = { ...door.policy, requestsPerSecond: 1 }
    const answers = []
    for (let i = 0; i < 7; i++) answers.push((await ask()).status)
    expect(answers.filter(status => status === 429).length).toBeGreaterThan(0)
  })

  it('and each use is counted for the owner', async () => {
    const { ask, door } = await open()
    await ask()
    await ask()
    const owner = createTestApp(door, 'app://gantry', 'inside')
    await owner.enter('all')
    const { apps } = await owner.call('GET apps')
    const own = (apps as { origin: string; requestsToday: number }[]).find(each => each.origin === origin)
    expect(own?.requestsToday).toBe(2)
  })
})

import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ByteAnswer } from '../../../src/main/gotapi/index.ts'
import { serveApp } from '../../../src/main/shell/app-protocol.ts'
import type { GatewayClient } from '../../../src/main/shell/gateway-client.ts'
import { createLogRecorder } from '../../fakes/log.ts'

type Serve = (request: Request) => Response | Promise<Response>

const { log, lines } = createLogRecorder()
let serve: Serve
const asked: string[] = []
const sent: object[] = []
let answer: ByteAnswer = { status: 200, headers: {} }

const read = async (path: string) => {
  asked.push(path)
  if (path === '/broken.js') throw new Error('disk')
  if (path !== '/index.html') return undefined
  return {
    bytes: new TextEncoder().encode('page'),
    contentType: 'text/html',
    cacheControl: 'no-cache',
    etag: '"1"',
  }
}
const handle = (_scheme: string, handler: Serve) => {
  serve = handler
}

beforeEach(() => {
  const client = {
    bytes: async (request: object) => {
      sent.push(request)
      return answer
    },
  } as unknown as GatewayClient
  serveApp({ handle }, { files: { read }, log, client })
})

describe('app://', () => {
  it('serves the page with the policy of the pages', async () => {
    const response = await serve(new Request('app://gantry/index.html'))
    expect([response.status, await response.text()]).toEqual([200, 'page'])
    expect(response.headers.get('content-type')).toBe('text/html')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  it.each([
    ['another host', 'app://evil/index.html', 'GET', 404],
    ['a file that is not there', 'app://gantry/other.html', 'GET', 404],
    ['a write', 'app://gantry/index.html', 'POST', 405],
    ['a file that cannot be read', 'app://gantry/broken.js', 'GET', 500],
  ])('answers %s with nothing but the policy', async (_what, url, method, status) => {
    const response = await serve(new Request(url, { method }))
    expect([response.status, await response.text()]).toEqual([status, ''])
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  it('logs what cannot be read', () => {
    expect(lines).toMatchObject([{ level: 'error', fields: { pathname: '/broken.js' } }])
  })

  it('looks for the path alone, whatever stands behind it', async () => {
    expect((await serve(new Request('app://gantry/index.html?x=/../y#z'))).status).toBe(200)
    expect(asked.at(-1)).toBe('/index.html')
  })
})

describe('the bytes of app://', () => {
  it.each(['GET', 'PUT', 'DELETE'])('are not there in a session without a byte channel: %s', async method => {
    serveApp({ handle }, { files: { read }, log })
    const response = await serve(new Request('app://gantry/bytes/diagnostics/d.zip', { method }))
    expect([response.status, await response.text()]).toEqual([404, ''])
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(sent).toEqual([])
  })

  it('go to the engine with what the page sent, and come back as they are', async () => {
    answer = { status: 200, headers: { 'upload-offset': '4' }, body: '{"result":0}' }
    const init = { method: 'PUT', headers: { 'upload-offset': '0' }, body: 'G28\n' }
    const response = await serve(new Request('app://gantry/bytes/printerfiles/u1', init))
    expect([response.status, response.headers.get('upload-offset')]).toEqual([200, '4'])
    expect(await response.json()).toEqual({ result: 0 })
    const [request] = sent.splice(0) as [{ body: Readable; headers: object }]
    expect(request).toMatchObject({
      method: 'PUT',
      path: 'printerfiles/u1',
      headers: { 'upload-offset': '0' },
    })
    expect(await text(request.body)).toBe('G28\n')
  })

  it('are streamed down', async () => {
    answer = {
      status: 206,
      headers: { 'content-range': 'bytes 0-2/9' },
      body: Readable.from([Buffer.from('abc')]),
    }
    const response = await serve(new Request('app://gantry/bytes/diagnostics/d.zip'))
    expect([response.status, await response.text()]).toEqual([206, 'abc'])
    expect(sent.splice(0)).toMatchObject([{ method: 'GET', body: undefined }])
  })
})

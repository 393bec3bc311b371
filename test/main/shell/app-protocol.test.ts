import { beforeEach, describe, expect, it } from 'vitest'
import { serveApp } from '../../../src/main/shell/app-protocol.ts'
import { createLogRecorder } from '../../fakes/log.ts'

type Serve = (request: Request) => Response | Promise<Response>

const { log, lines } = createLogRecorder()
let serve: Serve
const asked: string[] = []

beforeEach(() => {
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
  serveApp({ handle }, { read }, log)
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

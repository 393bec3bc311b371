import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { generate } from 'selfsigned'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createContentsCalls } from '../../../src/main/contents/calls.ts'
import { safeFileName } from '../../../src/main/contents/file-name.ts'
import { createFakeClock, type FakeClock } from '../../fakes/clock.ts'
import { settled } from '../printers/driver-kit.ts'
import { anna, askServer, cube, startContentsServer } from './start-server.ts'

// Passwords cost what they should.
vi.setConfig({ testTimeout: 30_000 })

let clock: FakeClock
beforeEach(() => {
  clock = createFakeClock()
})

async function serve(listener: RequestListener): Promise<URL> {
  const server: Server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
}
const who = { serviceId: 'p1.printer3d', accessToken: 'derived', nonce: 'n1' }
const code = (asked: Promise<unknown>) =>
  settled(clock, asked).then(
    () => 'answered',
    error => error.code,
  )

describe('calls to a contents server', () => {
  it('gotapi 96: go from the login to the bytes, and carry the serviceId and the nonce', async () => {
    const server = await startContentsServer(clock)
    const base = new URL(server.url)
    const calls = createContentsCalls(clock)
    expect(await calls.about(base)).toEqual({ contentsServer: 1, name: 'Models', login: 'password' })
    expect(await code(calls.token(base, undefined, who))).toBe('contents.login-refused')
    const { session, expire } = await calls.login(base, anna)
    expect(expire).toBeGreaterThan(clock.now())
    const { secureToken, nonce } = await calls.token(base, session, who)
    expect(nonce).toBe('n1')
    expect(await code(calls.redeem(base, secureToken, who))).toBe('contents.refused')
    await askServer(server.url, 'selection', {
      method: 'PUT',
      bearer: secureToken,
      body: { name: 'cube.gcode' },
    })
    const { uri, name } = await calls.redeem(base, secureToken, who)
    expect(name).toBe('cube.gcode')
    const reply = await calls.download(new URL(uri), secureToken, AbortSignal.timeout(5_000))
    let bytes = ''
    for await (const piece of reply.pieces(1_000)) bytes += piece.toString('utf8')
    expect(bytes).toBe(cube)
    await calls.logout(base, session)
    expect(await code(calls.token(base, session, who))).toBe('contents.login-refused')
    expect(clock.waiting()).toEqual([])
  })

  it('gotapi 96: are refused with a token of another server, one that is used, one past its time', async () => {
    const [one, two] = [
      await startContentsServer(clock, { open: true }),
      await startContentsServer(clock, { open: true }),
    ]
    const calls = createContentsCalls(clock)
    const chosen = async () => {
      const { secureToken } = await calls.token(new URL(one.url), undefined, who)
      const body = { name: 'cube.gcode' }
      await askServer(one.url, 'selection', { method: 'PUT', bearer: secureToken, body })
      return secureToken
    }
    const token = await chosen()
    expect(await code(calls.redeem(new URL(two.url), token, who))).toBe('contents.token-unknown')
    await calls.redeem(new URL(one.url), token, who)
    expect(await code(calls.redeem(new URL(one.url), token, who))).toBe('contents.token-unknown')
    const late = await chosen()
    await clock.advance(600_000)
    expect(await code(calls.redeem(new URL(one.url), late, who))).toBe('contents.token-expired')
  })

  it('follow no redirect: the token stays with the server it is for', async () => {
    let heard = 0
    const elsewhere = await serve((_, reply) => {
      heard += 1
      reply.end('{}')
    })
    const base = await serve((_, reply) => {
      reply.writeHead(307, { location: `${elsewhere.href}redeem` }).end()
    })
    expect(await code(createContentsCalls(clock).redeem(base, 'st', who))).toBe('wire.redirected')
    expect(heard).toBe(0)
  })

  it('take neither noise, nor more than their limit, nor an answer to another question', async () => {
    const calls = createContentsCalls(clock)
    const answer = (text: string) => serve((_, reply) => reply.end(text))
    expect(await code(calls.about(await answer('<html>')))).toBe('wire.malformed')
    expect(await code(calls.about(await answer('{"contentsServer":2,"login":"none"}')))).toBe(
      'wire.malformed',
    )
    expect(await code(calls.about(await answer('x'.repeat(100_000))))).toBe('wire.too-large')
    const foreign = JSON.stringify({ serviceId: who.serviceId, secureToken: 'st', nonce: 'another' })
    expect(await code(calls.token(await answer(foreign), undefined, who))).toBe('wire.malformed')
    const other = JSON.stringify({ serviceId: 'p2.printer3d', secureToken: 'st', nonce: 'n1' })
    expect(await code(calls.token(await answer(other), undefined, who))).toBe('wire.malformed')
  })

  it('say who does not answer, and stop waiting', async () => {
    const calls = createContentsCalls(clock)
    const silent = await serve(() => {})
    expect(await code(calls.about(silent))).toBe('contents.unreachable')
    const half = await serve((_, reply) => {
      reply.writeHead(200, { 'content-length': '100' })
      reply.write('{"contents')
    })
    expect(await code(calls.about(half))).toBe('contents.unreachable')
    const broken = await serve((_, reply) => {
      reply.writeHead(200, { 'content-length': '100' })
      reply.write('{"contents', () => reply.destroy())
    })
    expect(await code(calls.about(broken))).toBe('contents.unreachable')
    const gone = await serve(() => {})
    const leave = new AbortController()
    const asked = code(calls.about(gone, leave.signal))
    leave.abort()
    expect(await asked).toBe('cancelled')
    const server = await startContentsServer(clock)
    await server.close()
    await expect(calls.about(new URL(server.url))).rejects.toThrow(/nothing answers at this port/)
    expect(clock.waiting()).toEqual([])
  })

  it('tell plainly what is wrong with a certificate', async () => {
    const pair = await generate([{ name: 'commonName', value: 'models.test' }])
    const server = await startContentsServer(clock, { tls: { cert: pair.cert, key: pair.private } })
    const calls = createContentsCalls(clock)
    await expect(calls.about(new URL(server.url))).rejects.toThrow(/was signed by the server itself/)
    const plain = await startContentsServer(clock)
    await expect(calls.about(new URL(plain.url.replace('http:', 'https:')))).rejects.toThrow(
      /does not speak https here/,
    )
  })

  it('never put the server’s own words, or a secret, into an error', async () => {
    const base = await serve((_, reply) => {
      reply.writeHead(403).end(JSON.stringify({ error: 'st-secret', message: '<b>pay here</b>' }))
    })
    const error = await createContentsCalls(clock)
      .redeem(base, 'st-secret-token', who)
      .catch(thrown => thrown)
    expect(error.code).toBe('contents.refused')
    expect(JSON.stringify([error.message, error.details])).not.toMatch(/pay|st-secret/)
  })
})

it.each([
  ['cube.gcode', 'cube.gcode'],
  ['../../etc/cube.GCODE', 'cube.gcode'],
  ['C:\\temp\\cube.g', 'cube.g'],
  ['.hidden.gcode', 'hidden.gcode'],
  ['a\u0000b\u202e"<x>".gcode', 'abx.gcode'],
  ['con.gcode', 'file con.gcode'],
  [`${'x'.repeat(300)}.gcode`, `${'x'.repeat(114)}.gcode`],
])('a name from outside, %j, becomes %j', (name, safe) => {
  expect(safeFileName(name)).toBe(safe)
})

it.each(['model.stl', 'cube', '', '/', '...gcode', 'cube.gcode/..', '.gcode.exe'])(
  '%j is not printed',
  name => {
    expect(() => safeFileName(name)).toThrow(/must be sliced first/)
  },
)

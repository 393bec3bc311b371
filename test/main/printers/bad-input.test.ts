import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { generate } from 'selfsigned'
import { afterEach, describe, expect, it } from 'vitest'
import { isGantryError } from '../../../src/main/contract/error.ts'
import type { DriverContext, PrinterDriver } from '../../../src/main/printers/driver/driver.ts'
import { moonraker } from '../../../src/main/printers/drivers/moonraker/index.ts'
import { octoprint } from '../../../src/main/printers/drivers/octoprint/index.ts'
import { prusalink } from '../../../src/main/printers/drivers/prusalink/index.ts'
import { webAddress } from '../../../src/main/printers/identity/web-address.ts'
import { createHttpClient } from '../../../src/main/printers/wire/http-client.ts'
import { parseJson, plausibleC } from '../../../src/main/printers/wire/readings.ts'
import { createFakeClock, type FakeClock } from '../../fakes/clock.ts'
import { createLogRecorder } from '../../fakes/log.ts'
import { settled } from './driver-kit.ts'

const secret = 'SECRET-91c4'
const makes: readonly (readonly [string, PrinterDriver, Record<string, string>])[] = [
  ['OctoPrint', octoprint, { apiKey: secret }],
  ['Moonraker', moonraker, { apiKey: secret }],
  ['PrusaLink', prusalink, { password: secret }],
]

const servers: Server[] = []
async function listen(server: Server): Promise<number> {
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
const serve = (listener: RequestListener) => listen(createServer(listener))

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
})

function context(clock: FakeClock): DriverContext & { readonly text: () => string } {
  const { log, lines } = createLogRecorder()
  return {
    log,
    clock,
    random: () => 0.5,
    http: createHttpClient(clock),
    signal: new AbortController().signal,
    serial: { list: async () => [], open: () => Promise.reject(new Error('no ports here')) },
    text: () => JSON.stringify(lines),
  }
}

async function opening(
  driver: PrinterDriver,
  config: unknown,
): Promise<{ code: string; message: string; log: string }> {
  const clock = createFakeClock()
  const ctx = context(clock)
  const thrown = await settled(clock, driver.open(config, ctx), 120_000).catch((error: unknown) => error)
  expect(clock.waiting().filter(name => name.startsWith('printers.'))).toEqual([])
  if (!isGantryError(thrown)) throw new Error(`not refused: ${String(thrown)}`)
  return { code: thrown.code, message: JSON.stringify([thrown.message, thrown.details]), log: ctx.text() }
}

for (const [name, driver, secrets] of makes) {
  describe(`${name}, met by a stranger`, () => {
    const config = (port: number) => ({ url: `http://127.0.0.1:${port}`, ...secrets })

    it('does not take another kind of device for its own', async () => {
      const port = await serve((_request, reply) => {
        reply.writeHead(200, { 'content-type': 'text/html' }).end('<html><title>Router</title></html>')
      })
      expect((await opening(driver, config(port))).code).toBe('wire.malformed')
    })

    it('does not follow a redirect and carries no secret there', async () => {
      const heard: string[] = []
      const elsewhere = await serve((request, reply) => {
        heard.push(JSON.stringify(request.headers))
        reply.end('{}')
      })
      const port = await serve((request, reply) => {
        reply.writeHead(302, { location: `http://127.0.0.1:${elsewhere}${request.url}` }).end()
      })
      const { code, message, log } = await opening(driver, config(port))
      expect(['wire.redirected', 'wire.malformed']).toContain(code)
      expect(heard).toEqual([])
      expect(message + log).not.toContain(secret)
    })

    it('refuses a certificate nobody signed', async () => {
      const pem = await generate([{ name: 'commonName', value: 'printer.test' }])
      const port = await listen(
        createTlsServer({ key: pem.private, cert: pem.cert }, (_request, reply) => reply.end('{}')),
      )
      const { code } = await opening(driver, { ...config(port), url: `https://127.0.0.1:${port}` })
      expect(code).toBe('wire.untrusted')
    })

    it('stops reading an answer of 10 MB at its limit', async () => {
      let sentBytes = 0
      const port = await serve((_request, reply) => {
        reply.on('error', () => {})
        const piece = Buffer.alloc(100_000, 0x20)
        const push = () => {
          while (sentBytes < 10_000_000 && !reply.destroyed) {
            sentBytes += piece.length
            if (!reply.write(piece)) {
              reply.once('drain', push)
              return
            }
          }
          reply.end()
        }
        push()
      })
      const { code } = await opening(driver, config(port))
      expect(['wire.too-large', 'wire.malformed']).toContain(code)
      expect(sentBytes).toBeLessThan(10_000_000)
    })

    it('takes half an answer for none', async () => {
      const port = await serve((_request, reply) => {
        reply.writeHead(200, { 'content-length': '1000' }).write('{"text":"Octo')
        reply.destroy()
      })
      expect(['wire.closed', 'wire.malformed']).toContain((await opening(driver, config(port))).code)
    })

    it('says that nothing listens where nothing listens', async () => {
      const port = await serve(() => {})
      const [server] = servers.splice(0)
      await new Promise(resolve => server?.close(resolve))
      const { code, message } = await opening(driver, config(port))
      expect(code).toBe('printer.offline')
      expect(message).toContain('service running')
    })

    it('gives up on an answer that never comes', async () => {
      const port = await serve(() => {})
      expect((await opening(driver, config(port))).code).toBe('wire.timeout')
    })

    it('keeps no password of an address', () => {
      expect(() => driver.parseConfig({ url: 'http://me:pw@printer.local', ...secrets })).toThrowError(
        /address/,
      )
      expect(() => driver.parseConfig({ url: 'ftp://printer.local', ...secrets })).toThrowError()
    })
  })
}

describe('what printers say', () => {
  it('is believed only when it can be true', () => {
    for (const odd of [
      Number.NaN,
      Number.POSITIVE_INFINITY,
      -273.1,
      -14.3,
      2000,
      1234.5,
      null,
      undefined,
      {},
      '',
      'nan',
    ]) {
      expect(plausibleC(odd)).toBeUndefined()
    }
    expect(plausibleC('24.5')).toBe(24.5)
    expect(plausibleC(-3)).toBe(-3)
    expect(plausibleC(0)).toBe(0)
  })

  it('is read although Python writes NaN into it', () => {
    expect(parseJson('{"a": NaN, "b": [Infinity, -Infinity], "c": "x: NaN"}')).toEqual({
      a: null,
      b: [null, null],
      c: 'x: NaN',
    })
    expect(parseJson('{"a": 1')).toBeUndefined()
  })

  it('is an address only when it is one', () => {
    expect(webAddress.parse(' octopi.local ')).toBe('http://octopi.local')
    expect(webAddress.parse('https://10.0.0.7:8443/octo/')).toBe('https://10.0.0.7:8443/octo')
    for (const odd of ['', '   ', 'http://', 'javascript:alert(1)', 'http://a b']) {
      expect(webAddress.safeParse(odd).success).toBe(false)
    }
  })
})

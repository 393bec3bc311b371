import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openChromium } from '../harness/chromium.ts'
import { installExamplePlugins } from '../harness/example-page.ts'
import { answerNext, gantry } from '../harness/gantry-cli.ts'
import { type Headless, startHeadless } from '../harness/headless.ts'
import { makeTempDir, type TempDir } from '../harness/temp-dir.ts'

interface FieldClient {
  readonly frames: readonly Record<string, unknown>[]
  readonly closed: number | undefined
  connect(): Promise<readonly { serviceId: string; id: string; online: boolean }[]>
  request(
    method: string,
    profile: string,
    attribute: string,
    params: Record<string, string>,
  ): Promise<Record<string, unknown>>
}

declare global {
  interface Window {
    /** What the page's script brings. */
    fieldClient(base: string): FieldClient
    client: FieldClient
  }
}

let temp: TempDir
let engine: Headless
let browser: Browser
let site: Server
let page: Page

beforeAll(async () => {
  temp = await makeTempDir()
  await installExamplePlugins(temp.path)
  const html = await readFile(join(import.meta.dirname, 'field-client.html'))
  site = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' })
    response.end(html)
  })
  await new Promise<void>(done => site.listen(0, '127.0.0.1', done))
  ;[engine, browser] = await Promise.all([
    startHeadless({ dataDir: temp.path, args: ['--demo'] }),
    openChromium(),
  ])
  page = await browser.newPage()
  await page.goto(`http://localhost:${(site.address() as AddressInfo).port}/`)
})
afterAll(async () => {
  await browser?.close()
  site?.close()
  await engine?.close()
  await temp?.remove()
})

const request = (method: string, path: string, params: Record<string, string>) =>
  page.evaluate(
    ([verb, profile, attribute, values]) => window.client.request(verb, profile, attribute, values),
    [method, ...(path.split('/') as [string, string]), params] as const,
  )
const frames = () => page.evaluate(() => window.client.frames)
const closed = () => page.evaluate(() => window.client.closed)
const soon = <T>(look: () => Promise<T>) => expect.poll(look, { timeout: 15_000 })

async function connect() {
  const connecting = page.evaluate(
    base => {
      window.client = window.fieldClient(base)
      return window.client.connect()
    },
    engine.url.replace('127.0.0.1', 'localhost'),
  )
  await answerNext(temp.path, 'allow')
  return connecting
}

describe('a client of the field in a real browser, written from the reference', () => {
  let services: readonly { serviceId: string; id: string; online: boolean }[] = []

  it('connects, is authorised by the owner, and discovers', async () => {
    services = await connect()
    expect(services.map(({ serviceId }) => serviceId)).toContain('clock.clock')
    for (const { id, serviceId } of services) expect(id).toBe(serviceId)
  })

  it('reads a printer and prints on it, with a PUT in a urlencoded body', async () => {
    const printer = services.find(
      ({ serviceId }) => serviceId.endsWith('.printer3d') && !/^room/.test(serviceId),
    )
    const serviceId = printer?.serviceId ?? ''
    await soon(() => request('GET', '3dprinter/status', { serviceId })).toMatchObject({
      result: 0,
      serviceId,
      status: { operatingStatus: 'idle' },
    })
    const { queue } = await request('PUT', '3dprinter/print', { serviceId, uri: 'printer:/benchy.gcode' })
    expect(queue).toMatchObject([{ order: 0 }])
    expect(await request('DELETE', '3dprinter/print', { serviceId })).toMatchObject({ queue: [] })
  })

  it('subscribes and hears each event, until it has heard enough', async () => {
    const clock = { serviceId: 'clock.clock' }
    const following = request('PUT', 'clock/ticktack', { ...clock, interval: '100' })
    await answerNext(temp.path, 'allow')
    await following
    await soon(async () => (await frames()).length).toBeGreaterThan(3)
    expect((await frames()).at(-1)).toMatchObject({
      result: 0,
      ...clock,
      profile: 'clock',
      attribute: 'ticktack',
    })
    await request('DELETE', 'clock/ticktack', clock)
    await soon(closed).toBe(1000)
  })

  it('is revoked: its line closes at once and its token is worth nothing', async () => {
    await connect()
    expect(await closed()).toBeUndefined()
    await gantry(temp.path, 'revoke', new URL(page.url()).origin)
    await soon(closed).toBe(1008)
    await expect(request('GET', 'clock/ticktack', { serviceId: 'clock.clock' })).rejects.toThrow('401 15')
  })

  it('rejects a server that does not know its key', async () => {
    const impostor = createServer((asked, response) => {
      response.writeHead(200, {
        'Content-Type': 'application/json',
        'Access-Control-Allow-Origin': asked.headers.origin ?? '*',
      })
      response.end(JSON.stringify({ result: 0, clientId: 'c', hmac: '00' }))
    })
    await new Promise<void>(done => impostor.listen(0, '127.0.0.1', done))
    const { port } = impostor.address() as AddressInfo
    const trying = page.evaluate(base => window.fieldClient(base).connect(), `http://localhost:${port}`)
    await expect(trying).rejects.toThrow('not trusted')
    impostor.close()
  })
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { root } from '../harness/build.ts'
import { type CablePrinter, plugInPrinter } from '../harness/cable-printer.ts'
import { type Headless, startHeadless } from '../harness/headless.ts'
import { makeTempDir, type TempDir } from '../harness/temp-dir.ts'
import { environment } from '../harness/window.ts'

let dir: TempDir
let printer: CablePrinter
let running: Headless[] = []

beforeEach(async () => {
  dir = await makeTempDir()
  printer = await plugInPrinter(dir.path)
})
afterEach(async () => {
  for (const gantry of running) await gantry.close()
  running = []
  await printer.stop()
  await dir.remove()
})

const dataDir = () => join(dir.path, 'data')
const log = () => readFileSync(join(dataDir(), 'gantry.log'), 'utf8')
const isLocked = () => existsSync(join(dataDir(), 'gantry.lock'))

/** A Gantry in which the test can make a mistake happen. */
async function start(): Promise<Headless> {
  const env = { NODE_OPTIONS: `--require=${join(root, 'test/fakes/programs/mistake.cjs')}` }
  const gantry = await startHeadless({ dataDir: dataDir(), env })
  running.push(gantry)
  return gantry
}

async function signIn({ url, signInUrl }: Headless) {
  const send = async (route: string, params: Record<string, string>) => {
    const [method = '', path = ''] = route.split(' ')
    const text = new URLSearchParams(params)
    const inBody = method === 'PUT' || method === 'POST'
    const answer = await fetch(`${url}/gotapi/${path}${inBody ? '' : `?${text}`}`, {
      method,
      headers: { origin: url },
      ...(inBody && { body: text }),
    })
    return (await answer.json()) as Record<string, unknown>
  }
  const invitation = new URL(signInUrl).hash.slice('#invitation='.length)
  const { clientId } = await send('GET authorization/grant', {})
  const asked = { clientId: String(clientId), scope: 'all', invitation }
  const { accessToken } = await send('GET authorization/accesstoken', asked)
  return (route: string, params: Record<string, string> = {}) =>
    send(route, { accessToken: String(accessToken), ...params })
}

/** A print that this Gantry feeds, on its way. */
async function print(gantry: Headless): Promise<void> {
  const call = await signIn(gantry)
  const config = JSON.stringify({ port: printer.port, baudRate: 115_200 })
  const added = await call('POST printersetup/add', {
    serviceId: 'room.printer3d',
    driver: 'marlin',
    name: 'Bench',
    config,
  })
  expect(added).toMatchObject({ result: 0 })
  const params = { serviceId: `${added.printerId}.printer3d`, uri: printer.uri }
  await expect
    .poll(async () => (await call('PUT 3dprinter/print', params)).result, { timeout: 15_000 })
    .toBe(0)
  await expect.poll(printer.isPrinting, { timeout: 15_000 }).toBe(true)
}

describe('Gantry that feeds a print', () => {
  it('makes a mistake: says so in a sentence, parks the print, ends with 1, and tells after its next start', async () => {
    const gantry = await start()
    await print(gantry)
    expect(await gantry.end('SIGUSR2')).toBe(1)
    expect(printer.isParked()).toBe(true)
    expect(gantry.output()).toMatch(
      /^gantry: Something inside Gantry went wrong \(thrown by a test\)\. It ends what it feeds/m,
    )
    expect(gantry.output()).not.toMatch(/^\s+at .+:\d+/m)
    expect(log()).toMatch(/thrown by a test.*mistake\.cjs.*a mistake nobody caught, Gantry stops/)
    expect(isLocked()).toBe(false)

    const call = await signIn(await start())
    expect(await call('GET notices')).toMatchObject({
      notices: [{ sentence: 'print-broken-off', params: { printer: 'Bench' } }],
    })
  })

  it('parks it before it ends by a signal', async () => {
    const gantry = await start()
    await print(gantry)
    expect(await gantry.end('SIGTERM')).toBe(0)
    expect(printer.isParked()).toBe(true)
  })

  it('leaves at once on a second signal, and the process that feeds the print parks it all the same', async () => {
    const gantry = await start()
    await print(gantry)
    printer.late(400)
    void gantry.end('SIGTERM')
    await expect.poll(log).toContain('signal received, stopping')
    expect(await gantry.end('SIGINT')).toBe(130)
    expect(printer.isParked()).toBe(false)
    await expect.poll(printer.isParked, { timeout: 30_000 }).toBe(true)
  })
})

describe('Gantry that just starts', () => {
  /** As a service manager or a terminal starts it; what it says is not waited for. */
  async function spawnGantry() {
    const own = [`--data-dir=${dataDir()}`, '--port=0', '--https-port=0', '--no-discovery']
    const child = spawn(process.execPath, [join(root, 'out/main/headless.js'), ...own], {
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    return { child, ended: once(child, 'exit').then(([code]) => code as number | null) }
  }

  it('ends cleanly when a signal comes before it is up', async () => {
    const { child, ended } = await spawnGantry()
    await expect.poll(isLocked, { interval: 1, timeout: 15_000 }).toBe(true)
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
    expect(isLocked()).toBe(false)
  })

  it('goes on where nobody reads what it prints', async () => {
    const { child, ended } = await spawnGantry()
    child.stdout.destroy()
    child.stderr.destroy()
    const urlOf = () => /"url": "([^"]+)"/.exec(readFileSync(join(dataDir(), 'gantry.lock'), 'utf8'))?.[1]
    await expect.poll(isLocked, { timeout: 15_000 }).toBe(true)
    await expect.poll(urlOf, { timeout: 15_000 }).toBeDefined()
    const url = urlOf() ?? ''
    const answer = await fetch(`${url}/gotapi/availability`, { headers: { origin: url } })
    expect(await answer.json()).toMatchObject({ result: 0 })
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
    expect(log()).not.toContain('a mistake nobody caught')
  })
})

import { writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { isGantryError } from '../../../src/main/contract/error.ts'
import { noAnnouncements } from '../../../src/main/discovery/announcements.ts'
import { createDiscovery, type Discovery } from '../../../src/main/discovery/discovery.ts'
import { setupHandlers } from '../../../src/main/plugins/printer3d/setup.ts'
import {
  createHttpClient,
  createPrinters,
  diskFile,
  drivers,
  type Printers,
  type SerialPorts,
} from '../../../src/main/printers/index.ts'
import { createSimBoard } from '../../../src/main/printers/sim/marlin/board.ts'
import { createMoonrakerSim, type MoonrakerSim } from '../../../src/main/printers/sim/moonraker.ts'
import { createOctoPrintSim, type OctoPrintSim } from '../../../src/main/printers/sim/octoprint.ts'
import { createSimPrinter, type SimPrinter } from '../../../src/main/printers/sim/sim-printer.ts'
import type { Store } from '../../../src/main/store/index.ts'
import { createFakeClock, type FakeClock } from '../../fakes/clock.ts'
import { callHandler, ownCall } from '../../fakes/handlers.ts'
import { createLogRecorder, type LogLine } from '../../fakes/log.ts'
import { openTestStore } from '../../fakes/store.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'
import { settled, until } from '../printers/driver-kit.ts'

vi.setConfig({ testTimeout: 30_000 })
const apiKey = 'SECRET-setup-3b7c'

let clock: FakeClock
let store: Store
let sim: SimPrinter
let octopi: OctoPrintSim
let klipper: MoonrakerSim
let printers: Printers
let discovery: Discovery
let lines: LogLine[]
let handlers: ReturnType<typeof setupHandlers>
let http: ReturnType<typeof createHttpClient>
const said: string[] = []
const servers: Server[] = []

const noPort: SerialPorts['open'] = () => Promise.reject(new Error('no ports'))
const serial: SerialPorts = { list: async () => [], open: noPort }

beforeEach(async () => {
  clock = createFakeClock()
  serial.open = noPort
  store = await openTestStore(clock)
  sim = createSimPrinter({ clock })
  sim.addFile('cube.gcode', ';TIME:600\nM104 S50\nM140 S40\n')
  octopi = await createOctoPrintSim(sim, { apiKey })
  klipper = await createMoonrakerSim(createSimPrinter({ clock }))
  const recorder = createLogRecorder()
  lines = recorder.lines
  const { log } = recorder
  http = createHttpClient(clock)
  let count = 0
  const uuid = () => `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`
  printers = createPrinters({
    clock,
    logger: () => log,
    store,
    secrets: {
      protect: text => Buffer.from(text).toString('base64'),
      reveal: text => Buffer.from(text, 'base64').toString(),
    },
    drivers,
    serial,
    random: () => 0.5,
    uuid: () => uuid().slice(-12),
  })
  await printers.start()
  const context = (signal: AbortSignal) => ({ clock, log, random: () => 0.5, http, serial, signal })
  discovery = createDiscovery({
    printers,
    drivers,
    serial,
    clock,
    log,
    announcements: noAnnouncements,
    context,
  })
  await discovery.start()
  handlers = setupHandlers({
    printers,
    drivers,
    discovery,
    doctor: { report: async () => ({ findings: [], text: '' }) },
    context,
    uuid,
    pluginId: 'printer3d',
  })
  said.length = 0
})
afterEach(async () => {
  const rows = JSON.stringify(store.all('SELECT * FROM printer', [], { parse: row => row }))
  // Whatever was done: the key is in no log, no answer, no error, and not readable in the database.
  expect([JSON.stringify(lines), ...said, rows].filter(text => text.includes(apiKey))).toEqual([])
  await discovery.stop()
  await settled(clock, printers.stop())
  await octopi.stop()
  await klipper.stop()
  http.close()
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
})

async function serve(server: Server): Promise<number> {
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
const plain = (listener: RequestListener) => serve(createServer(listener))

async function call(
  route: string,
  params: Readonly<Record<string, string>> = {},
): Promise<Record<string, unknown>> {
  const answering = async () => callHandler(handlers, route).answer(params, { ...ownCall, serviceId: 'room' })
  const answer = await settled(clock, answering(), 400_000)
  said.push(JSON.stringify(answer))
  return answer
}
async function refused(route: string, params: Readonly<Record<string, string>> = {}): Promise<string> {
  const thrown = await call(route, params).then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!isGantryError(thrown)) throw new Error(`not refused: ${String(thrown)}`)
  said.push(thrown.message, JSON.stringify(thrown.details))
  return thrown.code
}
const add = async (config: Readonly<Record<string, string>>, more: Readonly<Record<string, string>> = {}) => {
  const { printerId } = await call('POST printersetup/add', {
    driver: 'octoprint',
    name: 'Desk',
    config: JSON.stringify(config),
    ...more,
  })
  return String(printerId)
}
const becomes = (id: string, wanted: string) =>
  until(clock, `it is ${wanted}`, () => printers.get(id).snapshot.label === wanted, 200_000)
const reasonOf = async (id: string) => {
  await until(clock, 'its line fails', () => printers.get(id).snapshot.link.reason !== undefined, 200_000)
  return printers.get(id).snapshot.link.reason
}
const candidatesOf = async (address: string) => {
  const { found } = await call('POST printersetup/probe', { address })
  return (found as { candidates: { driver: string; needs: string; config: object }[] }).candidates
}

describe('looking at an address', () => {
  it('tells what lives there and what it needs', async () => {
    expect((await candidatesOf(octopi.url))[0]).toMatchObject({ driver: 'octoprint', needs: 'credentials' })
    expect((await candidatesOf(klipper.url))[0]).toMatchObject({ driver: 'moonraker', needs: 'nothing' })
  })

  it('says that nobody is there', async () => {
    const port = await plain(() => {})
    const [server] = servers.splice(0)
    await new Promise(resolve => server?.close(resolve))
    expect(await refused('POST printersetup/probe', { address: `http://127.0.0.1:${port}` })).toBe(
      'printer.offline',
    )
  })

  it('finds no printer in a router, and none where a redirect leads', async () => {
    const router = await plain((_request, reply) => reply.end('<html>Router</html>'))
    expect(await candidatesOf(`127.0.0.1:${router}`)).toEqual([])
    const heard: string[] = []
    const elsewhere = await plain((request, reply) => {
      heard.push(String(request.url))
      reply.end('{}')
    })
    const away = await plain((request, reply) =>
      reply.writeHead(302, { location: `http://127.0.0.1:${elsewhere}${request.url}` }).end(),
    )
    expect(await refused('POST printersetup/probe', { address: `127.0.0.1:${away}` })).toBe('wire.redirected')
    expect(heard).toEqual([])
  })

  it('trusts no certificate that nobody signed', async () => {
    const pem = await generate([{ name: 'commonName', value: 'printer.test' }])
    const port = await serve(createTlsServer({ key: pem.private, cert: pem.cert }))
    expect(await refused('POST printersetup/probe', { address: `https://127.0.0.1:${port}` })).toBe(
      'wire.untrusted',
    )
  })

  it('takes no address that is none', async () => {
    for (const address of ['', '   ', 'javascript:alert(1)', 'http://me:pw@printer', 'x'.repeat(501)])
      expect([address, await refused('POST printersetup/probe', { address })]).toEqual([
        address,
        'request.invalid',
      ])
  })
})

describe('adding by hand', () => {
  it('says what is wrong with the key, and is well with the right one', async () => {
    const none = await add({ url: octopi.url })
    expect(await reasonOf(none)).toBe('printer.credentials')
    await call('POST printersetup/configure', {
      printerId: none,
      config: JSON.stringify({ apiKey: 'wrong' }),
    })
    expect(await reasonOf(none)).toBe('printer.credentials')
    await call('POST printersetup/configure', { printerId: none, config: JSON.stringify({ apiKey }) })
    await becomes(none, 'idle')
  })

  it('says that something else lives there', async () => {
    const id = await add({ url: klipper.url, apiKey })
    expect(await reasonOf(id)).toBe('wire.malformed')
    expect(printers.get(id).snapshot.link.text).toContain('not OctoPrint')
  })

  it('takes no make, name or address that is none', async () => {
    const good = { driver: 'octoprint', name: 'x', config: JSON.stringify({ url: octopi.url }) }
    for (const odd of [
      { driver: 'bambu' },
      { name: '' },
      { name: '  ' },
      { name: 'x'.repeat(101) },
      { config: '{' },
      { config: '[]' },
      { config: '{"url":{"a":1}}' },
      { config: '{"url":"ftp://a"}' },
    ]) {
      expect([odd, await refused('POST printersetup/add', { ...good, ...odd })]).toEqual([
        odd,
        'request.invalid',
      ])
    }
    expect(printers.list()).toEqual([])
  })

  it('adds no place twice, whatever it is called and however it is written', async () => {
    await add({ url: octopi.url, apiKey })
    for (const url of [octopi.url, `${octopi.url}/`, octopi.url.replace('http', 'HTTP')]) {
      const again = { driver: 'octoprint', name: 'Another', config: JSON.stringify({ url }) }
      expect([url, await refused('POST printersetup/add', again)]).toEqual([url, 'store.conflict'])
    }
    const fleet = [
      await call('POST printersetup/simulate', { make: 'moonraker' }),
      await call('POST printersetup/simulate', { make: 'moonraker' }),
    ]
    expect(new Set(fleet.map(({ printerId }) => printerId)).size).toBe(2)
    expect(await refused('POST printersetup/simulate', { make: 'bambu' })).toBe('request.invalid')
  })

  it('keeps names as text, apart from each other, and within their length', async () => {
    const one = await add({ url: octopi.url, apiKey })
    const two = await add({ url: klipper.url }, { driver: 'moonraker' })
    expect(printers.get(two).name).toBe('Desk 2')
    for (const name of ['', '   ', 'x'.repeat(600)])
      expect(await refused('POST printersetup/rename', { printerId: one, name })).toBe('request.invalid')
    await call('POST printersetup/rename', { printerId: one, name: ' <img src=x onerror=alert(1)> ' })
    expect(printers.get(one).name).toBe('<img src=x onerror=alert(1)>')
    await call('POST printersetup/rename', { printerId: two, name: '<IMG src=x onerror=alert(1)>' })
    expect(printers.get(two).name).toBe('<IMG src=x onerror=alert(1)> 2')
    expect(await refused('POST printersetup/rename', { printerId: 'nobody', name: 'x' })).toBe(
      'printer.unknown',
    )
  })

  it('removes a printer while it prints, which goes on printing', async () => {
    const id = await add({ url: octopi.url, apiKey })
    await becomes(id, 'idle')
    await settled(clock, printers.begin(id, 'cube.gcode'))
    await becomes(id, 'printing')
    await call('POST printersetup/remove', { printerId: id })
    expect(printers.list()).toEqual([])
    expect(store.all('SELECT id FROM printer', [], { parse: row => row })).toEqual([])
    expect(sim.state().machine).toBe('printing')
    expect(await refused('POST printersetup/remove', { printerId: id })).toBe('printer.unknown')
    await add({ url: octopi.url, apiKey })
  })

  it('removes no printer whose print is fed from this computer, and says to cancel it first', async () => {
    const board = createSimBoard(sim, { moveMs: 100 })
    onTestFinished(() => board.stop())
    serial.open = async () => board.open()
    const id = await add({ port: board.port.path }, { driver: 'marlin' })
    await becomes(id, 'idle')
    const path = join(makeTempDir(), 'tower.gcode')
    const gcode = 'G1 X10 F600\nG1 X20 F600\n'.repeat(2_000)
    writeFileSync(path, gcode)
    const file = diskFile(path, 'tower.gcode', gcode.length)
    await settled(clock, printers.send(id, file, true, new AbortController().signal))
    await until(clock, 'it is fed', () => printers.get(id).snapshot.feed?.live === true)
    await expect(call('POST printersetup/remove', { printerId: id })).rejects.toMatchObject({
      code: 'printer.busy',
      message: 'Its print is fed from this computer. Cancel it first.',
    })
    expect(printers.get(id).snapshot).toMatchObject({ job: { state: 'running' }, feed: { live: true } })
    await settled(clock, printers.perform(id, { kind: 'cancel' }))
    await until(clock, 'it is fed no more', () => printers.get(id).snapshot.feed?.live !== true)
    await call('POST printersetup/remove', { printerId: id })
    expect(printers.list()).toEqual([])
  })
})

describe('asking a printer for its key', () => {
  const ask = async (url = octopi.url) => {
    const { accessId, state } = await call('POST printersetup/access', {
      driver: 'octoprint',
      config: JSON.stringify({ url }),
    })
    expect(state).toBe('waiting')
    return String(accessId)
  }
  const stateOf = async (accessId: string) => call('GET printersetup/access', { accessId })
  const answered = async (accessId: string, wanted: string, withinMs = 60_000) => {
    let last: Record<string, unknown> = {}
    const startedAt = clock.elapsed()
    while (last.state !== wanted && clock.elapsed() - startedAt < withinMs) {
      await clock.advance(500)
      last = await stateOf(accessId)
    }
    return last
  }

  it('adds with the key that its owner granted, which nobody who asked ever sees', async () => {
    const accessId = await ask()
    await clock.advance(2_000)
    expect(await stateOf(accessId)).toEqual({ accessId, state: 'waiting' })
    octopi.decide(true)
    expect(await answered(accessId, 'granted')).toEqual({ accessId, state: 'granted' })
    const id = await add({ url: octopi.url }, { accessId })
    await becomes(id, 'idle')
    // Good for one printer.
    expect(await refused('POST printersetup/configure', { printerId: id, config: '{}', accessId })).toBe(
      'auth.denied',
    )
  })

  it('says that the owner said no', async () => {
    const accessId = await ask()
    await clock.advance(2_000)
    octopi.decide(false)
    const { state, message } = await answered(accessId, 'failed')
    expect([state, message]).toEqual([
      'failed',
      'The request was declined in OctoPrint, or nobody answered it.',
    ])
    expect(
      await refused('POST printersetup/add', {
        driver: 'octoprint',
        name: 'x',
        config: JSON.stringify({ url: octopi.url }),
        accessId,
      }),
    ).toBe('auth.denied')
  })

  it('gives up when nobody answers for five minutes', async () => {
    const accessId = await ask()
    const { message } = await answered(accessId, 'failed', 400_000)
    expect(message).toBe('Nobody answered the request in OctoPrint within 5 minutes.')
  })

  it('stops when the person stops it, and forgets a key that comes too late', async () => {
    const accessId = await ask()
    await clock.advance(2_000)
    await call('DELETE printersetup/access', { accessId })
    octopi.decide(true)
    await clock.advance(5_000)
    expect(await refused('GET printersetup/access', { accessId })).toBe('request.invalid')
    expect(clock.waiting().filter(name => name.includes('octoprint key'))).toEqual([])
    await call('DELETE printersetup/access', { accessId: 'never-asked' })
  })

  it('says in that make’s words why it cannot be asked', async () => {
    expect(await refused('POST printersetup/access', { driver: 'moonraker', config: '{}' })).toBe(
      'printer.unsupported',
    )
    const wrong = await ask(klipper.url)
    expect((await answered(wrong, 'failed')).message).toContain('Application Keys')
    const nowhere = await call('POST printersetup/access', { driver: 'octoprint', config: '{}' })
    expect((await answered(String(nowhere.accessId), 'failed')).message).toContain('Address')
    for (let count = 0; count < 3; count++) {
      const accessId = await ask()
      await clock.advance(500)
      await call('DELETE printersetup/access', { accessId })
    }
    expect((await answered(await ask(), 'failed')).message).toContain('too often')
  })
})

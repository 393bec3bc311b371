import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createFiles, type Uploads } from '../../../src/main/files/index.ts'
import { createResultCheck, type Untruth } from '../../../src/main/gotapi/calls/result-check.ts'
import { numberOf } from '../../../src/main/handlers/failure.ts'
import type { Payload } from '../../../src/main/handlers/handler.ts'
import type { Outcome } from '../../../src/main/handlers/outcome.ts'
import { createPluginHost, type PluginHost } from '../../../src/main/plugin-host/index.ts'
import type { ServiceEvent } from '../../../src/main/plugin-host/service-host.ts'
import { createPrinter3dPlugin } from '../../../src/main/plugins/printer3d/index.ts'
import {
  createPrinterGroups,
  createPrinters,
  drivers,
  type Printers,
} from '../../../src/main/printers/index.ts'
import { createMoonrakerSim, type MoonrakerSim } from '../../../src/main/printers/sim/moonraker.ts'
import { createOctoPrintSim } from '../../../src/main/printers/sim/octoprint.ts'
import { createPrusaLinkSim } from '../../../src/main/printers/sim/prusalink.ts'
import { createSimPrinter, type SimPrinter } from '../../../src/main/printers/sim/sim-printer.ts'
import { fillUpload } from '../../fakes/bytes.ts'
import { createFakeClock, type FakeClock } from '../../fakes/clock.ts'
import { createLogRecorder } from '../../fakes/log.ts'
import { openTestStore } from '../../fakes/store.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'
import { alice, bob } from '../plugin-host/start-host.ts'
import { settled, until } from '../printers/driver-kit.ts'

vi.setConfig({ testTimeout: 30_000 })

let clock: FakeClock
let sim: SimPrinter
let peer: MoonrakerSim
let uploads: Uploads
let printers: Printers
let host: PluginHost
let dir: string
let id: string
let events: ServiceEvent[]
/** Answers and frames that are not as documented. */
let untruths: Untruth[]

beforeEach(async () => {
  clock = createFakeClock()
  dir = makeTempDir()
  sim = createSimPrinter({ clock })
  sim.addFile('cube.gcode', ';TIME:120\n;LAYER_COUNT:12\n')
  sim.addFile('vase.gcode', ';TIME:60\n')
  peer = await createMoonrakerSim(sim, { name: 'Desk One' })
  const { log } = createLogRecorder()
  let count = 0
  const uuid = () => `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`
  const store = await openTestStore(clock)
  printers = createPrinters({
    clock,
    logger: () => log,
    store,
    secrets: { protect: text => text, reveal: text => text },
    drivers,
    serial: { list: async () => [], open: () => Promise.reject(new Error('no ports')) },
    random: () => 0.5,
    uuid: () => `${String(++count).padStart(12, 'a')}`,
  })
  await printers.start()
  uploads = createFiles({ clock, dir: join(dir, 'uploads'), uuid }).uploads
  const plugin = createPrinter3dPlugin({
    printers,
    groups: createPrinterGroups({ store, uuid }),
    clock,
    log,
    uuid,
    zoneOffsetMin: () => 60,
    uploads,
    version: '1.0.0',
  })
  const plugins = createPluginHost({
    clock,
    log,
    uuid,
    chance: () => 0.5,
    processes: {
      fork: () => {
        throw new Error('no process here')
      },
    },
    runner: '',
    childEnv: {},
    dir: join(dir, 'plugins'),
    builtIns: [plugin],
    switches: { isEnabled: () => true, setEnabled: () => {} },
    ownProfiles: ['settings'],
    sender: { product: 'Gantry', version: '0.0.0' },
  })
  untruths = []
  host = { ...plugins, ...createResultCheck(untruth => untruths.push(untruth)).services(plugins) }
  await host.start()
  events = []
  host.on('event', event => events.push(event))
  id = await printers.add({ driver: 'moonraker', name: 'Desk', config: { url: peer.url } })
  await until(clock, 'the printer is live', () => printers.get(id).snapshot.label === 'idle')
})
afterEach(async () => {
  await settled(clock, host.stop())
  await settled(clock, printers.stop())
  await peer.stop()
  expect(untruths).toEqual([])
})

type Action = 'GET' | 'PUT' | 'POST' | 'DELETE'
async function call(
  action: Action,
  path: string,
  params: Record<string, string> = {},
  more: { serviceId?: string; caller?: typeof alice } = {},
): Promise<Outcome> {
  const [profile = '', attribute = ''] = path.split('/')
  return settled(
    clock,
    host.call({ action, caller: alice, serviceId: `${id}.printer3d`, profile, attribute, params, ...more }),
  )
}
async function good(
  action: Action,
  path: string,
  params: Record<string, string> = {},
  serviceId?: string,
): Promise<Payload> {
  const answer = await call(action, path, params, serviceId === undefined ? {} : { serviceId })
  if (answer.result !== 0) throw new Error(`${path}: ${answer.code} ${answer.message}`)
  return answer.payload
}
const code = (answer: Outcome) => (answer.result === 0 ? 0 : numberOf(answer))

/** One more printer, of a make that wants a key. */
async function another(driver: 'octoprint' | 'prusalink' | 'moonraker', given = 'the key') {
  const own = createSimPrinter({ clock })
  const key = 'the key'
  const server = await {
    octoprint: () => createOctoPrintSim(own, { apiKey: key }),
    prusalink: () => createPrusaLinkSim(own, { password: key }),
    moonraker: () => createMoonrakerSim(own, { apiKey: key }),
  }[driver]()
  const config = (word: string) =>
    driver === 'prusalink' ? { url: server.url, password: word } : { url: server.url, apiKey: word }
  const added = await printers.add({ driver, name: 'Another', config: config(given) })
  await settled(clock, host.discover())
  return {
    service: { id: added, serviceId: `${added}.printer3d`, sim: own },
    server,
    giveKey: () => printers.configure(added, config(key)),
    async stop() {
      await settled(clock, printers.remove(added))
      await server.stop()
    },
  }
}

describe('profile 3dprinter', () => {
  it('gotapi 90: information holds device information, attributes and status', async () => {
    const { printer } = await good('GET', '3dprinter/printer')
    expect(printer).toMatchObject({
      // What Moonraker's host calls itself is an address, and none of the printer's names.
      device: { productName: 'Desk' },
      attributes: { printType: 'Fused Filament Fabrication' },
      status: { operatingStatus: 'idle' },
    })
  })

  it('gotapi 91: a full-featured printer tells every member there is', async () => {
    const { printer } = await good('GET', '3dprinter/printer')
    expect(printer).toMatchObject({
      device: {
        productName: expect.any(String),
        manufacturerName: expect.any(String),
        modelNumber: expect.any(String),
        firmwareRevision: expect.stringMatching(/./),
        serialNumber: expect.stringMatching(/./),
        softwareRevision: expect.stringMatching(/./),
        protocolRevision: expect.stringMatching(/./),
        systemId: expect.stringMatching(/^0x[0-9a-f]+$/),
      },
      attributes: { printSizeX: 220, printSizeY: 220, printSizeZ: 250, memorySize: 1024 },
      status: { nozzleTemp: expect.any(Number) },
      timeStamp: expect.any(Number),
      timeStampString: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0100$/),
      timeStampByPlugin: expect.any(Boolean),
    })
  })

  it('gotapi 93: PUT print starts and DELETE print stops; the printer itself changes', async () => {
    await good('PUT', '3dprinter/print', { uri: 'printer:/cube.gcode' })
    expect(sim.state().machine).toBe('preparing')
    await good('DELETE', '3dprinter/print')
    expect(['cancelling', 'cancelled']).toContain(sim.state().machine)
    expect(sim.state().nozzle.targetC).toBe(0)
  })

  it('gotapi 94: the answers of start and stop carry the queue', async () => {
    const started = await good('PUT', '3dprinter/print', { uri: 'cube.gcode' })
    expect(started.queue).toMatchObject([{ order: 0, uri: 'printer:/cube.gcode', status: 'Printing' }])
    const stopped = await good('DELETE', '3dprinter/print', { uri: 'printer:/cube.gcode' })
    expect(stopped.queue).toEqual([])
  })

  it('gotapi 99: the queue is the printer’s own', async () => {
    expect((await good('GET', '3dprinter/queue')).queue).toEqual([])
    await settled(clock, printers.perform(id, { kind: 'enqueue', path: 'vase.gcode' }))
    await until(clock, 'the queue is told', () => printers.get(id).snapshot.queue.length === 1)
    expect((await good('GET', '3dprinter/queue')).queue).toMatchObject([
      { order: 1, uri: 'printer:/vase.gcode' },
    ])
    expect((await good('DELETE', '3dprinter/print', { order: '1' })).queue).toEqual([])
  })

  it('gotapi 100: entries have order, uri and msg, and exactly one is being printed', async () => {
    await settled(clock, printers.perform(id, { kind: 'enqueue', path: 'vase.gcode' }))
    await good('PUT', '3dprinter/print', { uri: 'cube.gcode' })
    const { queue } = await good('GET', '3dprinter/queue')
    const entries = queue as { order: number; uri: string; msg: string }[]
    expect(entries.map(({ order }) => order)).toEqual([0, 1])
    for (const entry of entries) expect([typeof entry.uri, entry.msg.length > 0]).toEqual(['string', true])
  })

  it('gotapi 101: contents and status take GET, print takes PUT and DELETE, others are 3', async () => {
    expect((await good('GET', '3dprinter/contents')).contents).toEqual([])
    expect(code(await call('PUT', '3dprinter/contents'))).toBe(3)
    expect(code(await call('GET', '3dprinter/print'))).toBe(3)
    expect(code(await call('POST', '3dprinter/status'))).toBe(3)
    expect(code(await call('GET', '3dprinter/nothing'))).toBe(4)
  })

  it('gotapi 102: filament running out arrives as an event, and stopping then works', async () => {
    await good('PUT', '3dprinter/status')
    sim.act({ kind: 'break', fault: 'filament-runout', atProgress: 0.2 })
    await good('PUT', '3dprinter/print', { uri: 'cube.gcode' })
    const runout = () => JSON.stringify(events.at(-1)?.payload).includes('error:filament')
    await until(clock, 'the fault is told', runout, 400_000)
    expect((await good('DELETE', '3dprinter/print')).queue).toEqual([])
  })

  it('gotapi 104: status and queue come in one set', async () => {
    await good('PUT', '3dprinter/print', { uri: 'cube.gcode' })
    const answer = await good('GET', '3dprinter/status')
    expect(answer).toMatchObject({
      status: { operatingStatus: 'preparing' },
      queue: [{ order: 0 }],
      timeStampByPlugin: expect.any(Boolean),
    })
  })

  it('prints a file of this machine, and nothing that is no print', async () => {
    const path = join(dir, 'part.gcode')
    writeFileSync(path, ';TIME:60\nG28\n')
    const { queue } = await good('PUT', '3dprinter/print', { uri: pathToFileURL(path).href })
    expect(queue).toMatchObject([{ order: 0, uri: 'printer:/part.gcode' }])
    for (const uri of ['file:///etc/passwd', 'http://a.example/x.gcode', 'javascript:1']) {
      expect([uri, code(await call('PUT', '3dprinter/print', { uri }))]).toEqual([uri, 10])
    }
    expect(code(await call('PUT', '3dprinter/print'))).toBe(10)
  })

  it.runIf(process.platform !== 'win32')(
    'does not say whether a file of this machine is there while the printer could not print it',
    async () => {
      const path = join(dir, 'part.gcode')
      writeFileSync(path, 'G28\n')
      symlinkSync(path, join(dir, 'link.gcode'))
      const answers = async () => {
        const all = ['part.gcode', 'none.gcode', 'link.gcode'].map(name =>
          call('PUT', '3dprinter/print', { uri: pathToFileURL(join(dir, name)).href }),
        )
        return Promise.all(all)
      }
      const alike = async (message: RegExp, at = 16) => {
        const [first, ...others] = await answers()
        expect(first).toMatchObject({ result: 1, message: expect.stringMatching(message) })
        expect(first && code(first)).toBe(at)
        for (const other of others) expect(other).toEqual(first)
      }
      await good('PUT', '3dprinter/print', { uri: 'printer:/cube.gcode' })
      await alike(/would spoil it/)
      await good('POST', 'printercontrol/pause')
      await until(clock, 'it is paused', () => printers.get(id).snapshot.label === 'paused')
      await alike(/would spoil it/)
      await good('DELETE', '3dprinter/print')
      await until(clock, 'it is over', () => printers.get(id).bedToClear)
      await alike(/on the bed/)
      await good('POST', 'printercontrol/bedclear')
      sim.act({ kind: 'break', fault: 'thermal-runaway' })
      await until(clock, 'it is broken', () => printers.get(id).snapshot.label === 'error')
      await alike(/has stopped itself/)
      await peer.cut()
      await until(clock, 'it is away', () => printers.get(id).snapshot.link.state === 'offline')
      await alike(/cannot be reached/)
    },
  )

  it.runIf(process.platform !== 'win32')(
    'names of this machine’s files only what it could print: no link, no folder, nothing that is not there',
    async () => {
      const path = join(dir, 'part.gcode')
      writeFileSync(path, 'G28\n')
      symlinkSync(path, join(dir, 'link.gcode'))
      mkdirSync(join(dir, 'folder.gcode'))
      const told = await Promise.all(
        ['link.gcode', 'folder.gcode', 'none.gcode'].map(name =>
          call('PUT', '3dprinter/print', { uri: pathToFileURL(join(dir, name)).href }),
        ),
      )
      expect(told[0]).toMatchObject({ code: 'file.unreadable' })
      for (const each of told) expect(each).toEqual(told[0])
      expect(sim.state().machine).toBe('idle')
      expect(sim.state().files.map(({ path }) => path)).not.toContain('link.gcode')
    },
  )

  it('prints files the printer lists and no others, so that no name carries a second command', async () => {
    for (const uri of [
      'printer:/a%0AM104%20S290',
      'printer:/cube.gcode%0AM104%20S290',
      'printer:/cube.gcode%0D',
      'printer:/cube.gcode%E2%80%A8',
      'cube.gcode\nM104 S290',
      'none.gcode',
      '../config/printer.cfg',
      'printer:/..%2Fconfig%2Fprinter.cfg',
    ]) {
      expect([uri, code(await call('PUT', '3dprinter/print', { uri }))]).toEqual([uri, 10])
    }
    expect(sim.state()).toMatchObject({ nozzle: { targetC: 0 }, machine: 'idle' })
    const refused = await call('PUT', '3dprinter/print', { uri: 'printer:/a%0AM104%20S290' })
    expect(refused).toMatchObject({ code: 'request.invalid', params: { name: 'uri' } })
    expect(refused).toMatchObject({ message: expect.stringContaining('uri') })
  })

  it('says 16 while the printer is away and 10 for a job nobody knows', async () => {
    expect(code(await call('DELETE', '3dprinter/print'))).toBe(10)
    await peer.cut()
    await until(clock, 'the loss is noticed', () => printers.get(id).snapshot.link.state === 'offline')
    expect(code(await call('PUT', '3dprinter/print', { uri: 'cube.gcode' }))).toBe(16)
    expect((await good('GET', '3dprinter/status')).status).toMatchObject({ operatingStatus: 'offline' })
  })
})

describe('a measurement', () => {
  it.each([
    ['octoprint', false],
    ['prusalink', true],
  ] as const)(
    'gotapi 110: of %s has its time in every answer and event; by the plug-in: %s',
    async (driver, byPlugin) => {
      const { service, stop } = await another(driver)
      const stamp = {
        timeStamp: expect.any(Number),
        timeStampString: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0100$/),
        timeStampByPlugin: byPlugin,
      }
      const tellsItsTime = () => printers.get(service.id).snapshot.clock !== undefined
      await until(clock, 'it was measured, and told its time', tellsItsTime)
      expect((await good('GET', '3dprinter/printer', {}, service.serviceId)).printer).toMatchObject(stamp)
      expect(await good('GET', '3dprinter/status', {}, service.serviceId)).toMatchObject(stamp)
      await good('PUT', '3dprinter/printer', {}, service.serviceId)
      await good('PUT', '3dprinter/status', {}, service.serviceId)
      service.sim.act({ kind: 'heat', heater: 'nozzle', targetC: 200 })
      await until(clock, 'both were told anew', () => events.length > 7, 60_000)
      const told = events.map(({ attribute, payload }) => ({ attribute, payload }))
      for (const { attribute, payload } of told) {
        expect(attribute === 'printer' ? payload.printer : payload).toMatchObject(stamp)
      }
      expect(new Set(told.map(({ attribute }) => attribute))).toEqual(new Set(['printer', 'status']))
      await stop()
    },
  )
})

describe('a result', () => {
  const passes = (ms: number) =>
    settled(clock, new Promise<void>(resolve => clock.after(ms, 'test: time passes', resolve)))
  const follow = async (serviceId: string) => {
    for (const attribute of ['printer', 'status']) await good('PUT', `3dprinter/${attribute}`, {}, serviceId)
    events.length = 0
    return async () => [
      await good('GET', '3dprinter/printer', {}, serviceId),
      await good('GET', '3dprinter/status', {}, serviceId),
    ]
  }

  it.each(['octoprint', 'prusalink', 'moonraker'] as const)(
    'gotapi 123: that could not be read makes no event and leaves the latest as it is: %s',
    async driver => {
      const { service, server, stop } = await another(driver)
      await until(clock, 'it was measured', () => printers.get(service.id).snapshot.label === 'idle')
      await passes(15_000)
      const latest = await follow(service.serviceId)
      const before = await latest()
      server.rubbish()
      service.sim.act({ kind: 'heat', heater: 'nozzle', targetC: 200 })
      await passes(15_000)
      expect(events).toEqual([])
      expect(await latest()).toEqual(before)
      server.rubbish(false)
      await until(clock, 'it can be read again', () => events.length > 2, 60_000)
      expect(events.map(({ attribute }) => attribute)).toEqual(expect.arrayContaining(['printer', 'status']))
      expect(await latest()).not.toEqual(before)
      await stop()
    },
  )

  it('gotapi 124: leaves at once where no interval was asked for', async () => {
    await follow(`${id}.printer3d`)
    let changedMs = Number.NaN
    const lateMs: number[] = []
    printers.on('changed', () => {
      changedMs = clock.elapsed()
    })
    host.on('event', () => lateMs.push(clock.elapsed() - changedMs))
    sim.act({ kind: 'heat', heater: 'nozzle', targetC: 200 })
    await until(clock, 'results come', () => lateMs.length > 20)
    expect(Math.max(...lateMs)).toBeLessThanOrEqual(100)
  })

  it('gotapi 124: leaves no sooner than its interval, where one was asked for', async () => {
    await good('PUT', '3dprinter/status', { interval: '5000' })
    events.length = 0
    sim.act({ kind: 'heat', heater: 'nozzle', targetC: 200 })
    await passes(4_900)
    expect(events).toEqual([])
    await passes(5_000)
    expect(events.length).toBeGreaterThan(0)
  })
})

describe('a printer that is not paired', () => {
  it.each(['octoprint', 'prusalink', 'moonraker'] as const)(
    'gotapi 122: %s, whose key is still wanted, gives no measurement and takes no file',
    async driver => {
      const { service, stop, giveKey } = await another(driver, 'not the key')
      const { serviceId } = service
      const isRefused = () => printers.get(service.id).snapshot.link.cause === 'key'
      await until(clock, 'the key is refused', isRefused)
      await good('PUT', '3dprinter/status', {}, serviceId)
      const path = join(dir, 'part.gcode')
      writeFileSync(path, ';TIME:60\nG28\n')
      const asked = async () => [
        code(await call('GET', '3dprinter/printer', {}, { serviceId })),
        code(await call('GET', '3dprinter/status', {}, { serviceId })),
        code(await call('GET', '3dprinter/queue', {}, { serviceId })),
        code(await call('PUT', '3dprinter/print', { uri: pathToFileURL(path).href }, { serviceId })),
        code(await call('PUT', '3dprinter/print', { uri: 'cube.gcode' }, { serviceId })),
      ]
      const tries = printers.get(service.id).snapshot.link.attempts
      expect(await asked()).toEqual([16, 16, 16, 16, 16])
      await clock.advance(60_000)
      expect(await asked()).toEqual([16, 16, 16, 16, 16])
      // Some printers lock who tries a wrong key too often.
      expect(printers.get(service.id).snapshot.link.attempts).toBe(tries)
      expect(events).toEqual([])
      expect(service.sim.state().files).toEqual([])

      giveKey()
      await until(clock, 'it is paired', () => printers.get(service.id).snapshot.label === 'idle')
      expect(code(await call('GET', '3dprinter/printer', {}, { serviceId }))).toBe(0)
      await until(clock, 'whoever follows hears of it', () => events.length > 0)
      await stop()
    },
  )

  it('gotapi 122: one that is not added yet is nobody to call', async () => {
    const stranger = createSimPrinter({ clock })
    const found = await createMoonrakerSim(stranger, { name: 'Found' })
    const serviceIds = [found.url, `${found.url}.printer3d`, 'moonraker.printer3d']
    for (const serviceId of serviceIds) {
      expect(code(await call('GET', '3dprinter/printer', {}, { serviceId }))).toBe(6)
      expect(code(await call('PUT', '3dprinter/print', { uri: 'cube.gcode' }, { serviceId }))).toBe(6)
    }
    const services = await settled(clock, host.discover())
    expect(services.map(({ name }) => name)).toEqual(['Printer room', 'Desk'])
    await found.stop()
  })
})

describe('a printer without a connection', () => {
  const isOff = () => printers.get(id).snapshot.link.state === 'offline'
  /** Away for so long that the next try is far off. */
  async function goAway() {
    await peer.cut()
    const isLong = () => isOff() && (printers.get(id).snapshot.link.attempts ?? 0) > 5
    await until(clock, 'the loss is noticed', isLong, 200_000)
  }
  const waitsMs = () => (printers.get(id).snapshot.link.retryAt ?? 0) - clock.now()

  it('gotapi 113: is connected to by the call to print, which then goes through', async () => {
    await goAway()
    await peer.restore()
    expect(waitsMs()).toBeGreaterThan(15_000)
    const calledAt = clock.now()
    const { queue } = await good('PUT', '3dprinter/print', { uri: 'cube.gcode' })
    expect(queue).toMatchObject([{ order: 0, uri: 'printer:/cube.gcode' }])
    expect(clock.now() - calledAt).toBeLessThan(10_000)
    expect(sim.state().machine).toBe('preparing')
  })

  it('gotapi 113: is connected to by the call to stop', async () => {
    await good('PUT', '3dprinter/print', { uri: 'cube.gcode' })
    await goAway()
    await peer.restore()
    expect((await good('DELETE', '3dprinter/print')).queue).toEqual([])
    expect(['cancelling', 'cancelled']).toContain(sim.state().machine)
  })

  it.each([
    ['GET', 'queue'],
    ['GET', 'status'],
    ['GET', 'printer'],
    ['PUT', 'status'],
  ] as const)('gotapi 113: is connected to by %s %s', async (action, attribute) => {
    await goAway()
    await peer.restore()
    await until(clock, 'it has its peace', () => clock.now() - printers.get(id).snapshot.link.since >= 5_000)
    expect(waitsMs()).toBeGreaterThan(10_000)
    const calledAt = clock.now()
    await call(action, `3dprinter/${attribute}`)
    await until(clock, 'it is there', () => printers.get(id).snapshot.link.state === 'online')
    expect(clock.now() - calledAt).toBeLessThan(10_000)
  })

  it('gotapi 113: gives 16 at once, and a result later', async () => {
    const away = await createMoonrakerSim(createSimPrinter({ clock }), { name: 'Away' })
    await away.cut()
    const late = await printers.add({ driver: 'moonraker', name: 'Late', config: { url: away.url } })
    const serviceId = `${late}.printer3d`
    const attempts = () => printers.get(late).snapshot.link.attempts ?? 0
    await until(clock, 'it was tried often', () => attempts() > 5, 200_000)
    await away.restore()
    await until(
      clock,
      'it has its peace',
      () => clock.now() - printers.get(late).snapshot.link.since >= 5_000,
    )
    const calledAt = clock.now()
    expect(code(await call('GET', '3dprinter/printer', {}, { serviceId }))).toBe(16)
    expect(clock.now() - calledAt).toBeLessThan(1_000)
    await until(clock, 'it is there', () => printers.get(late).snapshot.label === 'idle')
    expect(clock.now() - calledAt).toBeLessThan(10_000)
    expect(await good('GET', '3dprinter/printer', {}, serviceId)).toMatchObject({
      printer: { status: { operatingStatus: 'idle' } },
    })
    await settled(clock, printers.remove(late))
    await away.stop()
  })

  it('is not tried more often than every 5 s, however often an application asks', async () => {
    await goAway()
    const before = printers.get(id).snapshot.link.attempts ?? 0
    const startedAt = clock.now()
    while (clock.now() - startedAt < 10_000) {
      await call('GET', '3dprinter/status')
      await clock.advance(100)
    }
    expect((printers.get(id).snapshot.link.attempts ?? 0) - before).toBeLessThanOrEqual(3)
  })
})

describe('Gantry’s own profiles', () => {
  const room = 'room.printer3d'

  it('make each printer a service, and the room one', async () => {
    const services = await settled(clock, host.discover())
    expect(services.map(({ serviceId, name }) => [serviceId, name])).toEqual([
      [room, 'Printer room'],
      [`${id}.printer3d`, 'Desk'],
    ])
  })

  it('tell all printers first and then only those that changed, twice a second at most', async () => {
    await good('PUT', 'printers/list', {}, room)
    await settled(clock, printers.perform(id, { kind: 'set-temperature', heater: 'nozzle0', targetC: 200 }))
    await until(clock, 'a while passes', () => events.length > 6, 60_000)
    const frames = events.map(
      ({ payload }) => payload as { sequence: number; full: boolean; printers: unknown[] },
    )
    expect(frames.map(({ sequence }) => sequence)).toEqual(frames.map((_, index) => index))
    expect(frames.map(({ full }) => full).slice(0, 3)).toEqual([true, false, false])
    await good('DELETE', 'printers/list', {}, room)
    const heard = events.length
    await clock.advance(3_000)
    expect(events).toHaveLength(heard)
  })

  it('tell each follower on their own, and stop when one goes away', async () => {
    await good('PUT', '3dprinter/status')
    expect(code(await call('PUT', '3dprinter/status', { interval: '1000' }, { caller: bob }))).toBe(0)
    host.disconnected(alice)
    await clock.advance(10)
    events.length = 0
    sim.act({ kind: 'heat', heater: 'nozzle', targetC: 200 })
    await until(clock, 'bob hears', () => events.length > 2, 30_000)
    expect(new Set(events.map(({ callerId }) => callerId))).toEqual(new Set(['b']))
  })

  it('touch the printer, and say why not where it cannot be', async () => {
    await good('POST', 'printercontrol/temperature', { heater: 'bed', targetC: '60' })
    expect(sim.state().bed.targetC).toBe(60)
    await good('POST', 'printercontrol/jog', { xMm: '5' })
    expect(sim.state().xMm).toBe(5)
    expect(code(await call('POST', 'printercontrol/pause'))).toBe(16)
    expect(code(await call('POST', 'printercontrol/macro', { name: 'NONE' }))).toBe(8)
    expect(code(await call('POST', 'printercontrol/gcode', { line: 'G28\nM112' }))).toBe(10)
    expect(code(await call('POST', 'printercontrol/temperature', { heater: 'bed', targetC: '9000' }))).toBe(
      10,
    )
  })

  it('stop everything from the room and nothing more than it from a printer', async () => {
    expect(code(await call('POST', 'printercontrol/stopall'))).toBe(4)
    const { stopped } = await good('POST', 'printercontrol/stopall', {}, room)
    expect(stopped).toEqual([id])
    expect(sim.state().machine).toBe('error')
  })

  it('arrange printers in groups, from the room only, and tell whoever follows', async () => {
    const room = { serviceId: 'room.printer3d' }
    await call('PUT', 'printergroups/list', {}, room)
    const printerIds = JSON.stringify([id])
    const { groupId } = await good(
      'POST',
      'printergroups/add',
      { name: 'Workshop', printerIds },
      room.serviceId,
    )
    expect((await good('GET', 'printergroups/list', {}, room.serviceId)).groups).toEqual([
      { id: groupId, name: 'Workshop', printerIds: [id] },
    ])
    await good('POST', 'printergroups/assign', { printerIds }, room.serviceId)
    await good('POST', 'printergroups/rename', { groupId: String(groupId), name: 'Hall' }, room.serviceId)
    await good('POST', 'printergroups/move', { groupId: String(groupId), place: '0' }, room.serviceId)
    const told = events
      .filter(({ profile }) => profile === 'printergroups')
      .map(({ payload }) => payload.groups)
    expect(told[0]).toEqual([])
    expect(told.at(-1)).toEqual([{ id: groupId, name: 'Hall', printerIds: [] }])
    expect(code(await call('POST', 'printergroups/add', { name: 'hall' }, room))).toBe(10)
    expect(code(await call('POST', 'printergroups/add', { name: 'Other' }))).toBe(2)
    await good('POST', 'printergroups/remove', { groupId: String(groupId) }, room.serviceId)
    expect((await good('GET', 'printergroups/list', {}, room.serviceId)).groups).toEqual([])
  })

  const { origin } = alice

  it('take a file whose bytes came, and print it', async () => {
    const content = ';TIME:60\n'.repeat(300)
    const { uploadId, bytes } = await good('POST', 'printerfiles/upload', {
      name: 'part.gcode',
      sizeBytes: String(content.length),
    })
    expect(bytes).toBe(`/bytes/printerfiles/${uploadId}`)
    await fillUpload(uploads, origin, uploadId, content.slice(0, 1_000))
    expect(code(await call('POST', 'printerfiles/send', { uploadId: String(uploadId) }))).toBe(10)
    await fillUpload(uploads, origin, uploadId, content.slice(1_000))
    await good('POST', 'printerfiles/send', { uploadId: String(uploadId), print: 'true' })
    expect(sim.state().files.find(({ path }) => path === 'part.gcode')?.sizeBytes).toBe(content.length)
    expect(sim.state().machine).toBe('preparing')
    const { files } = await good('GET', 'printerfiles/list')
    expect(JSON.stringify(files)).toContain('part.gcode')
  })

  it('keep what one application hands over from every other', async () => {
    const { uploadId } = await good('POST', 'printerfiles/upload', { name: 'a.gcode', sizeBytes: '3' })
    await fillUpload(uploads, origin, uploadId, 'G28')
    expect(() => uploads.bytes(bob.origin, String(uploadId))).toThrow('not known')
    const params = { uploadId: String(uploadId) }
    expect(code(await call('POST', 'printerfiles/send', params, { caller: bob }))).toBe(10)
    expect(code(await call('DELETE', 'printerfiles/send', params, { caller: bob }))).toBe(10)
    expect(code(await call('DELETE', 'printerfiles/send', params))).toBe(0)
  })

  it('drop what an application handed over when it is over, and nothing of another', async () => {
    const begin = async (caller: typeof alice) => {
      const named = { name: 'part.gcode', sizeBytes: '4' }
      const answer = await call('POST', 'printerfiles/upload', named, { caller })
      return answer.result === 0 ? String(answer.payload.uploadId) : ''
    }
    const [own, others] = [await begin(alice), await begin(bob)]
    host.forget(alice)
    const onDisk = () => readdirSync(join(dir, 'uploads'))
    await until(clock, 'it is dropped', () => onDisk().length === 1)
    expect(uploads.isThere(own)).toBe(false)
    expect(uploads.isThere(others)).toBe(true)
    expect(onDisk()).toEqual([`${others}.part`])
  })

  it('leave what goes to a printer already, whoever sent it', async () => {
    const content = `${';TIME:60\n'}${'G1 X1\n'.repeat(40_000)}`
    const { uploadId } = await good('POST', 'printerfiles/upload', {
      name: 'long.gcode',
      sizeBytes: String(content.length),
    })
    await fillUpload(uploads, alice.origin, uploadId, content)
    const sending = call('POST', 'printerfiles/send', { uploadId: String(uploadId), print: 'false' })
    await until(clock, 'it is on its way', () => printers.get(id).transfer !== undefined)
    host.forget(alice)
    expect(await sending).toMatchObject({ result: 0 })
    await until(clock, 'it is there', () => printers.get(id).transfer === undefined)
    expect(sim.state().files.some(({ path }) => path === 'long.gcode')).toBe(true)
    await until(clock, 'nothing stays here', () => !uploads.isThere(String(uploadId)))
  })

  it('stop a file on its way: nothing of it stays, and nothing is called a failure', async () => {
    const content = ';long enough to take a while\n'.repeat(70_000)
    const { uploadId } = await good('POST', 'printerfiles/upload', {
      name: 'long.gcode',
      sizeBytes: String(content.length),
    })
    const named = { uploadId: String(uploadId) }
    await fillUpload(uploads, origin, uploadId, content)
    const sending = call('POST', 'printerfiles/send', { ...named, print: 'true' })
    await until(clock, 'it is on its way', () => printers.get(id).transfer !== undefined)
    expect(await call('PUT', '3dprinter/print', { uri: 'file:///none.gcode' })).toMatchObject({
      code: 'printer.busy',
      message: expect.stringMatching(/on its way/),
    })
    await good('DELETE', 'printerfiles/send')
    expect(code(await sending)).not.toBe(0)
    expect(printers.get(id).transfer).toBeUndefined()
    expect(printers.get(id).transferFailure).toBeUndefined()
    expect(sim.state().machine).toBe('idle')
    expect(sim.state().files.some(({ path }) => path === 'long.gcode')).toBe(false)
    expect(code(await call('DELETE', 'printerfiles/send'))).toBe(10)
  })

  it('drop what was handed over of a file that is not wanted any more', async () => {
    const { uploadId } = await good('POST', 'printerfiles/upload', { name: 'a.gcode', sizeBytes: '10' })
    await good('DELETE', 'printerfiles/send', { uploadId: String(uploadId) })
    expect(() => uploads.bytes(origin, String(uploadId))).toThrow('not known')
  })

  it('show the past of temperatures', async () => {
    await until(clock, 'a while passes', () => clock.elapsed() > 30_000, 60_000)
    const { series } = await good('GET', 'printerhistory/temperatures')
    expect((series as { id: string }[]).map(each => each.id)).toEqual(['bed', 'nozzle0'])
  })
})

describe.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('the name %s', name => {
  it('is an unknown one wherever a call can say it', async () => {
    const codeOf = async (asked: Promise<Outcome>) => {
      const answer = await asked
      return answer.result === 0 ? 'done' : answer.code
    }
    const room = { serviceId: 'room.printer3d' }
    for (const [expected, asked] of [
      ['service.unknown', () => call('GET', '3dprinter/status', {}, { serviceId: `${name}.printer3d` })],
      ['service.unknown', () => call('GET', '3dprinter/status', {}, { serviceId: `room.${name}` })],
      ['request.unknown-profile', () => call('GET', `${name}/status`)],
      ['request.unknown-route', () => call('GET', `3dprinter/${name}`)],
      ['request.invalid', () => call('POST', 'printercontrol/temperature', { heater: name, [name]: '1' })],
      [
        'printer.unsupported',
        () => call('POST', 'printercontrol/temperature', { heater: name, targetC: '0' }),
      ],
      ['file.unknown', () => call('POST', 'printerfiles/send', { uploadId: name })],
      ['printer.refused', () => call('POST', 'printercontrol/answer', { promptId: name, button: '0' })],
      ['job.unknown', () => call('DELETE', '3dprinter/print', { uri: name })],
      ['request.invalid', () => call('POST', 'printergroups/remove', { groupId: name }, room)],
      ['done', () => call('POST', 'printergroups/assign', { printerIds: JSON.stringify([name]) }, room)],
    ] as const)
      expect([name, expected, await codeOf(asked())]).toEqual([name, expected, expected])
  })
})

import { writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { GantryError } from '../../../src/main/contract/error.ts'
import type { RouteSpec } from '../../../src/main/contract/route.ts'
import { routes } from '../../../src/main/contract/routes.ts'
import { createFiles } from '../../../src/main/files/index.ts'
import type { Caller } from '../../../src/main/handlers/caller.ts'
import { createPluginHost, type PluginHost } from '../../../src/main/plugin-host/index.ts'
import type { ServiceEvent } from '../../../src/main/plugin-host/service-host.ts'
import { createPrinter3dPlugin } from '../../../src/main/plugins/printer3d/index.ts'
import {
  createPrinterGroups,
  createPrinters,
  drivers,
  type Printers,
} from '../../../src/main/printers/index.ts'
import { openTcpLine } from '../../../src/main/printers/serial/tcp-line.ts'
import { createMoonrakerSim, type MoonrakerSim } from '../../../src/main/printers/sim/moonraker.ts'
import { createOctoPrintSim, type OctoPrintSim } from '../../../src/main/printers/sim/octoprint.ts'
import { createSimPrinter } from '../../../src/main/printers/sim/sim-printer.ts'
import { createFakeClock, type FakeClock } from '../../fakes/clock.ts'
import { createLogRecorder } from '../../fakes/log.ts'
import { openTestStore } from '../../fakes/store.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'
import { alice, bob, owner } from '../plugin-host/start-host.ts'
import { settled, until } from '../printers/driver-kit.ts'

vi.setConfig({ testTimeout: 60_000 })

const makes = ['octoprint', 'moonraker', 'prusalink', 'marlin'] as const
const hostName = 'voron-in-the-cellar'
const usbPath = '/dev/serial/by-id/usb-1a86_USB_Serial-if00-port0'

let clock: FakeClock
let printers: Printers
let host: PluginHost
let events: ServiceEvent[]
let voron: MoonrakerSim
let locked: OctoPrintSim
/** By what each of them is for. */
let ids: Record<(typeof makes)[number] | 'voron' | 'locked' | 'unplugged', string>
/** Everywhere a printer ever was. */
const places = new Set<string>()

beforeEach(async () => {
  clock = createFakeClock()
  const { log } = createLogRecorder()
  const store = await openTestStore(clock)
  let count = 0
  const uuid = () => `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`
  voron = await createMoonrakerSim(createSimPrinter({ clock }), { name: hostName })
  locked = await createOctoPrintSim(createSimPrinter({ clock }), { apiKey: 'the key' })
  printers = createPrinters({
    clock,
    logger: () => log,
    store,
    secrets: { protect: text => text, reveal: text => text },
    drivers,
    serial: {
      list: async () => [],
      open: ({ path }, signal) =>
        path.startsWith('tcp:')
          ? openTcpLine(path, signal)
          : Promise.reject(new GantryError('printer.offline', `${path} cannot be opened.`, { path })),
    },
    random: () => 0.5,
    uuid: () => `${String(++count).padStart(12, 'a')}`,
  })
  await printers.start()
  const plugin = createPrinter3dPlugin({
    printers,
    groups: createPrinterGroups({ store, uuid }),
    clock,
    log,
    uuid,
    zoneOffsetMin: () => 0,
    uploads: createFiles({ clock, dir: makeTempDir(), uuid }).uploads,
    version: '1.0.0',
  })
  host = createPluginHost({
    clock,
    log,
    uuid,
    chance: () => 0.5,
    processes: { fork: () => Promise.reject(new Error('no process here')) as never },
    runner: '',
    childEnv: {},
    dir: makeTempDir(),
    builtIns: [plugin],
    switches: { isEnabled: () => true, setEnabled: () => {} },
    ownProfiles: [],
    sender: { product: 'Gantry', version: '0.0.0' },
  })
  await host.start()
  events = []
  host.on('event', event => events.push(event))
  const simulated = async (make: string) => [make, await printers.simulate(make)]
  ids = {
    ...Object.fromEntries(await Promise.all(makes.map(simulated))),
    voron: await printers.add({ driver: 'moonraker', name: voron.url, config: { url: voron.url } }),
    locked: await printers.add({
      driver: 'octoprint',
      name: 'Locked',
      config: { url: locked.url, apiKey: 'a wrong key' },
    }),
    unplugged: await printers.add({ driver: 'marlin', name: 'Unplugged', config: { port: usbPath } }),
  }
  places.clear()
  for (const place of ['127.0.0.1', 'localhost', hostName, usbPath]) places.add(place)
  note()
})
afterEach(async () => {
  await settled(clock, host.stop())
  await settled(clock, printers.stop())
  await voron.stop()
  await locked.stop()
})

/** Where the printers are now. */
function note(): void {
  for (const { address } of printers.list()) {
    places.add(address)
    const port = /:\d+\/?$/.exec(address)?.[0]
    if (port) places.add(port)
  }
}

async function call(
  action: string,
  route: string,
  caller: Caller,
  serviceId: string,
  params: Record<string, string> = {},
) {
  const [profile = '', attribute = ''] = (route.split(' ')[1] ?? '').split('/')
  const asked = {
    action: action as 'GET',
    caller,
    serviceId: `${serviceId}.printer3d`,
    profile,
    attribute,
    params,
  }
  return settled(clock, host.call(asked))
}

const values: Readonly<Record<string, string>> = {
  ...{
    heater: 'bed',
    targetC: '0',
    percent: '1',
    mm: '1',
    name: 'a',
    line: 'M105',
    promptId: 'x',
    button: '0',
  },
  ...{ path: 'benchy.gcode', uri: 'printer:/benchy.gcode', sizeBytes: '1', groupId: 'g', place: '0' },
  ...{
    uploadId: 'u',
    printerIds: '[]',
    driver: 'octoprint',
    config: '{}',
    printerId: 'p',
    make: 'octoprint',
  },
  ...{ fault: 'cable', accessId: 'a', address: '10.0.0.1' },
}

const ofPlugIn = Object.entries<RouteSpec>(routes).filter(
  ([, { service }]) => service === 'printer' || service === 'room',
)

/** Every route of the plug-in, once for each service it is for, as this caller. */
async function askAll(caller: Caller, of: readonly string[]): Promise<unknown[]> {
  const answers: unknown[] = []
  for (const [route, { service, params }] of ofPlugIn) {
    const [method = ''] = route.split(' ')
    const named = Object.keys(params.shape).filter(name => name in values && name !== 'interval')
    const given = Object.fromEntries(named.map(name => [name, values[name] ?? '']))
    for (const id of service === 'room' ? ['room'] : of)
      answers.push(await call(method === 'EVENT' ? 'PUT' : method, route, caller, id, given))
  }
  return answers
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, each]) => [name, ...stringsIn(each)])
}

const placesIn = (told: unknown) =>
  stringsIn(told).filter(text => [...places].some(place => text.toLowerCase().includes(place.toLowerCase())))

it('an application that was given everything is told nowhere where a printer is, whatever happens to it', async () => {
  const all = Object.values(ids)
  const state = (id: string) => printers.get(id).snapshot
  await until(clock, 'they are up', () =>
    [...makes, 'voron' as const].every(name => state(ids[name]).link.state === 'online'),
  )
  await until(clock, 'the others are not', () =>
    [ids.locked, ids.unplugged].every(id => state(id).link.state === 'offline'),
  )
  const told: unknown[] = [await settled(clock, host.discover())]
  // The emergency stop among them, and every print and temperature.
  told.push(...(await askAll(alice, all)))
  await printers.breakSimulated(ids.octoprint, 'cable')
  for (const id of [ids.moonraker, ids.marlin]) await printers.breakSimulated(id, 'rubbish')
  await printers.breakSimulated(ids.marlin, 'cable')
  await printers.breakSimulated(ids.prusalink, 'move')
  await voron.cut()
  note()
  await until(clock, 'the line is down', () =>
    [ids.octoprint, ids.marlin, ids.voron].every(id => state(id).link.state !== 'online'),
  )
  const down = all.filter(id => id !== ids.moonraker)
  told.push(...(await askAll(alice, down)))
  await clock.advance(2_000)
  told.push(await settled(clock, host.discover()))
  const heard = events.filter(
    ({ audience, callerId }) => audience === 'applications' || callerId === alice.id,
  )
  expect(new Set(heard.map(({ profile, attribute }) => `${profile}/${attribute}`))).toEqual(
    new Set(
      ofPlugIn.flatMap(([route, { owner }]) =>
        route.startsWith('EVENT ') && !owner ? [route.slice(6)] : [],
      ),
    ),
  )
  expect(heard.length).toBe(events.length)
  expect(placesIn([told, heard])).toEqual([])
  expect(
    printers
      .list()
      .map(({ snapshot: { link } }) => link.text ?? '')
      .join(' '),
  ).toMatch(/127\.0\.0\.1/)
})

it('the owner is told, in answers, events and refusals', async () => {
  await until(
    clock,
    'the locked one is refused',
    () => printers.get(ids.locked).snapshot.link.state === 'offline',
  )
  const answers = await askAll(owner, [ids.octoprint, ids.locked, ids.unplugged])
  await clock.advance(2_000)
  const lists = [answers, events.filter(({ attribute }) => attribute === 'list')]
  for (const told of lists) {
    const found = placesIn(told)
    for (const id of [ids.octoprint, ids.unplugged]) expect(found).toContain(printers.get(id).address)
  }
  expect(await call('POST', 'POST printercontrol/pause', owner, ids.unplugged)).toMatchObject({
    code: 'printer.offline',
    message: expect.stringContaining(usbPath),
  })
  expect(events.every(({ audience, callerId }) => audience === 'owner' || callerId === owner.id)).toBe(true)
})

it('both hear at once, each their own', async () => {
  for (const caller of [owner, alice]) await call('PUT', 'PUT printers/list', caller, 'room')
  events.length = 0
  printers.rename(ids.locked, 'Renamed')
  await clock.advance(2_000)
  const told = events.filter(({ payload }) => stringsIn(payload).includes('Renamed'))
  const audiences = told.map(({ audience, payload }) => [audience, placesIn(payload).length > 0])
  expect(audiences.toSorted()).toEqual([
    ['applications', false],
    ['owner', true],
  ])
})

it('what one application prints from this machine, everybody is told by its file’s name alone', async () => {
  const dir = makeTempDir()
  const path = join(dir, 'part.gcode')
  writeFileSync(path, 'G1 X1\n'.repeat(2_000))
  await until(clock, 'it is up', () => printers.get(ids.marlin).snapshot.label === 'idle')
  for (const caller of [owner, bob])
    for (const route of ['3dprinter/status', '3dprinter/printer'])
      await call('PUT', `PUT ${route}`, caller, ids.marlin)
  await call('PUT', 'PUT printers/list', bob, 'room')
  const uri = pathToFileURL(path).href
  const queue = [{ order: 0, uri: 'printer:/part.gcode' }]
  expect(await call('PUT', 'PUT 3dprinter/print', alice, ids.marlin, { uri })).toMatchObject({
    payload: { queue },
  })
  await clock.advance(2_000)
  const told = [events, ...(await askAll(bob, [ids.marlin])), ...(await askAll(owner, [ids.marlin]))]
  expect(stringsIn(told).filter(text => text.includes(dir) || text.includes(basename(dir)))).toEqual([])
  expect(stringsIn(events)).toContain('printer:/part.gcode')
})

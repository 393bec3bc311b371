import { createSocket } from 'node:dgram'
import { Bonjour } from 'bonjour-service'
import { expect, it, onTestFinished, vi } from 'vitest'
import type { Hearing } from '../../../src/main/discovery/announcements.ts'
import { createMdns, sightingOf } from '../../../src/main/discovery/mdns.ts'
import type { NetworkSighting } from '../../../src/main/printers/index.ts'
import { createLogRecorder } from '../../fakes/log.ts'

/** A port of its own, so that the machine's real announcements stay out and ours stay in. */
async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4')
  await new Promise<void>(resolve => socket.bind(0, '127.0.0.1', resolve))
  const { port } = socket.address()
  await new Promise<void>(resolve => socket.close(() => resolve()))
  return port
}

const loopback = () => [{ name: 'lo', address: '127.0.0.1', netmask: '255.0.0.0' }]

async function room() {
  const port = await freeUdpPort()
  const local = { interface: '127.0.0.1', bind: '0.0.0.0', port }
  const printer = new Bonjour(local)
  onTestFinished(() => printer.destroy())
  const announcements = createMdns({ log: createLogRecorder().log, interfaces: loopback, port })
  const seen = new Map<string, NetworkSighting>()
  const gone: string[] = []
  const hearing: Hearing = { seen: (key, sighting) => seen.set(key, sighting), gone: key => gone.push(key) }
  onTestFinished(announcements.start(hearing))
  const hears = async (count: number) =>
    vi.waitFor(() => expect(seen.size).toBeGreaterThanOrEqual(count), { timeout: 8_000, interval: 20 })
  return { printer, announcements, seen, gone, hears }
}

const about = { host: 'desk.local', probe: false } as const

it('hears a printer that announces itself, with all it says', async () => {
  const { printer, announcements, seen, hears } = await room()
  const txt = { uuid: 'm1', Version: '0.9' }
  printer.publish({ ...about, name: 'Desk @ klipper', type: 'moonraker', port: 7125, txt })
  await hears(1)
  expect([...seen.values()]).toMatchObject([
    {
      via: 'mdns',
      type: 'moonraker',
      name: 'Desk @ klipper',
      port: 7125,
      txt: { uuid: 'm1', version: '0.9' },
    },
  ])
  expect(announcements.heard()).toBeGreaterThan(0)
}, 15_000)

it('hears every type of the table, Creality by asking which types there are', async () => {
  const { printer, announcements, seen, hears } = await room()
  const types = ['octoprint', 'http', 'prusalink', 'moonraker', 'duet_discovery', 'ultimaker', 'ipp-3d']
  for (const type of types)
    printer.publish({ ...about, name: `a ${type}`, type, port: 80, subtypes: ['print'] })
  printer.publish({ ...about, name: 'K1', type: 'Creality-1000F00D', protocol: 'udp', port: 9999 })
  printer.publish({ ...about, name: 'a thing', type: 'airplay', port: 7000 })
  announcements.ask()
  await hears(types.length + 1)
  const heard = [...seen.values()].map(({ type }) => type)
  expect(new Set(heard)).toEqual(new Set([...types, 'creality']))
  expect([...seen.values()].find(({ type }) => type === 'creality')).toMatchObject({
    port: 9999,
    txt: { serial: '1000f00d' },
  })
}, 15_000)

it('hears what says farewell', async () => {
  const { printer, seen, gone, hears } = await room()
  const service = printer.publish({ ...about, name: 'Desk', type: 'octoprint', port: 5000 })
  await hears(1)
  service.stop?.(() => {})
  await vi.waitFor(() => expect(new Set(gone)).toEqual(new Set(seen.keys())), {
    timeout: 8_000,
    interval: 20,
  })
}, 15_000)

it('goes on without the network when its port cannot be had', async () => {
  const { log, lines } = createLogRecorder()
  const announcements = createMdns({
    log,
    interfaces: () => [{ name: 'x', address: '203.0.113.9', netmask: '' }],
    port: 1,
  })
  const stop = announcements.start({ seen: () => {}, gone: () => {} })
  await vi.waitFor(() => expect(lines).toHaveLength(1), { timeout: 5_000, interval: 10 })
  announcements.ask()
  stop()
  expect(announcements.heard()).toBe(0)
})

it('is read leniently from the network', () => {
  const kind = { type: 'http', mdns: { protocol: 'tcp' } } as const
  const service = {
    name: 'PrusaLink at 10',
    fqdn: `PrusaLink at 10.0.0.1\u0007${'x'.repeat(999)}._http._tcp.local`,
    type: 'http',
    host: 'a.local',
    port: 80,
    addresses: ['fe80::1', '10.0.0.1'],
    txt: { UUID: 7, path: '/' },
  }
  const sighting = sightingOf(service, kind)
  expect(sighting).toMatchObject({ addresses: ['10.0.0.1', '[fe80::1]'], txt: { uuid: '7', path: '/' } })
  expect(sighting.name).toMatch(/^PrusaLink at 10\.0\.0\.1 x+$/)
  expect(sighting.name).toHaveLength(100)
})

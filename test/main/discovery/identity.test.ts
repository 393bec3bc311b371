import { expect, it, vi } from 'vitest'
import type { NetworkSighting } from '../../../src/main/printers/index.ts'
import { createMoonrakerSim } from '../../../src/main/printers/sim/moonraker.ts'
import { createOctoPrintSim } from '../../../src/main/printers/sim/octoprint.ts'
import { createPrusaLinkSim } from '../../../src/main/printers/sim/prusalink.ts'
import type { SimPrinter } from '../../../src/main/printers/sim/sim-printer.ts'
import { createSimPrinter } from '../../../src/main/printers/sim/sim-printer.ts'
import type { SimServer } from '../../../src/main/printers/sim/sim-server.ts'
import { settled, until } from '../printers/driver-kit.ts'
import { announced, discoveryBench } from './bench.ts'

vi.setConfig({ testTimeout: 30_000 })

type Bench = Awaited<ReturnType<typeof discoveryBench>>

const key = { apiKey: 'simulated' }
const password = { password: 'simulated' }
const at = (port: number): Partial<NetworkSighting> => ({ addresses: ['127.0.0.1'], port })

interface Make {
  readonly identity: string
  readonly secrets: Readonly<Record<string, string>>
  start(sim: SimPrinter): Promise<SimServer>
  sighting(port: number): NetworkSighting
}

const makes: Readonly<Record<string, Make>> = {
  octoprint: {
    identity: 'octoprint:u1',
    secrets: key,
    start: sim => createOctoPrintSim(sim, key),
    sighting: port => announced('octoprint', { uuid: 'u1', version: '1.11' }, at(port)),
  },
  moonraker: {
    identity: 'moonraker:m1',
    secrets: {},
    start: sim => createMoonrakerSim(sim),
    sighting: port => announced('moonraker', { uuid: 'm1' }, at(port)),
  },
  prusalink: {
    identity: 'prusalink:mk4.local',
    secrets: password,
    start: sim => createPrusaLinkSim(sim, password),
    sighting: port => announced('prusalink', { path: '/' }, { ...at(port), host: 'mk4.local' }),
  },
}
const cases = Object.entries(makes)

async function desk(driver: string, make: Make, identity: string | undefined = make.identity) {
  const bench = await discoveryBench()
  const server = await make.start(createSimPrinter({ clock: bench.clock }))
  const config = { url: server.url, ...make.secrets }
  const id = await bench.printers.add({ driver, name: 'Desk', config, identity })
  await live(bench, id)
  const end = async () => {
    await bench.end()
    await server.stop()
  }
  return { ...bench, server, id, end }
}

const live = ({ clock, printers }: Pick<Bench, 'clock' | 'printers'>, id: string) =>
  until(clock, 'it is live', () => printers.get(id).snapshot.link.state === 'online', 60_000)
const lost = ({ clock, printers }: Pick<Bench, 'clock' | 'printers'>, id: string) =>
  until(clock, 'it is lost', () => printers.get(id).snapshot.link.state !== 'online', 150_000)

it.each(cases)('a %s is followed to its new address, and the move is shown', async (driver, make) => {
  const room = await desk(driver, make)
  const { printers, server, id, see } = room
  const before = printers.get(id).address
  await server.move()
  see(make.sighting(server.port))
  await until(room.clock, 'it moved', () => printers.get(id).movedFrom !== undefined, 150_000)
  await live(room, id)
  expect(printers.get(id)).toMatchObject({ movedFrom: before, address: `127.0.0.1:${server.port}` })
  expect(printers.get(id).notes).toMatchObject([{ code: 'moved', params: { from: before } }])
  await room.end()
})

it.each(cases)('a %s that was added by its address alone is followed too', async (driver, make) => {
  const room = await desk(driver, make, undefined)
  const { printers, server, id, see } = room
  see(make.sighting(server.port))
  expect(printers.get(id).identity).toBe(make.identity)
  await server.move()
  see(make.sighting(server.port))
  await until(room.clock, 'it moved', () => printers.get(id).movedFrom !== undefined, 150_000)
  await live(room, id)
  await room.end()
})

it('a line that breaks asks the network at once, and follows what was heard meanwhile', async () => {
  const make = makes.moonraker
  if (make === undefined) throw new Error('no such make')
  const room = await desk('moonraker', make)
  const { clock, asked, server, id, see, printers } = room
  await clock.advance(20_000)
  // Another address of a printer that answers is no move: it has two interfaces.
  see({ ...make.sighting(server.port), addresses: ['10.9.8.7'] })
  await clock.advance(1_000)
  expect(printers.get(id).movedFrom).toBeUndefined()
  const before = asked()
  await server.cut()
  await lost(room, id)
  await clock.advance(10)
  expect(asked()).toBe(before + 1)
  expect(printers.get(id).address).toBe(`10.9.8.7:${server.port}`)
  await room.end()
})

it('two devices that claim one identity are both shown, and neither is followed', async () => {
  const make = makes.octoprint
  if (make === undefined) throw new Error('no such make')
  const room = await desk('octoprint', make)
  const { server, id, see, printers, discovery } = room
  await server.cut()
  await lost(room, id)
  const address = printers.get(id).address
  see({ ...make.sighting(server.port), name: 'one', addresses: ['10.0.0.1'] })
  printers.configure(id, { url: `http://${address}` })
  see({ ...make.sighting(server.port), name: 'two', addresses: ['10.0.0.2'] })
  await room.clock.advance(1_000)
  const moved = printers.get(id).address
  see({ ...make.sighting(server.port), name: 'two', addresses: ['10.0.0.3'] })
  await room.clock.advance(1_000)
  expect(discovery.found()).toMatchObject([{ twin: true }, { twin: true }])
  expect(printers.get(id).address).toBe(moved)
  await room.end()
})

async function prusas(...serials: readonly string[]) {
  const bench = await discoveryBench()
  const servers = await Promise.all(
    serials.map(serial =>
      createPrusaLinkSim(createSimPrinter({ clock: bench.clock }), {
        ...password,
        serial,
        name: 'prusa-mk4',
      }),
    ),
  )
  const add = async (name: string, url: string, identity?: string) => {
    const id = await bench.printers.add({ driver: 'prusalink', name, config: { url, ...password }, identity })
    await live(bench, id)
    return id
  }
  const end = async () => {
    await bench.end()
    for (const server of servers) await server.stop()
  }
  return { ...bench, servers, add, end }
}

it('another PrusaLink under the same host name is not taken for ours: its serial number tells', async () => {
  const room = await prusas('CZPX1', 'CZPX2')
  const [ours, stranger] = room.servers
  if (!ours || !stranger) throw new Error('no servers')
  const id = await room.add('Desk', ours.url, 'prusalink:prusa-mk4.local')
  const home = room.printers.get(id).address
  await ours.cut()
  await lost(room, id)
  const sighting = announced('prusalink', {}, { ...at(stranger.port), host: 'prusa-mk4.local' })
  room.see(sighting)
  expect(room.printers.get(id).address).toBe(`127.0.0.1:${stranger.port}`)
  await until(room.clock, 'it is back', () => room.printers.get(id).address === home, 60_000)
  room.see({ ...sighting, txt: { again: '1' } })
  expect(room.printers.get(id).address).toBe(home)
  await ours.restore()
  await live(room, id)
  expect(room.printers.get(id).snapshot.device.serialNumber).toBe('CZPX1')
  expect(room.printers.get(id).notes).toEqual([])
  await room.end()
})

it('another printer at the old address is told, until the person says that it is right', async () => {
  const room = await prusas('CZPX1', 'CZPX2')
  const [first, second] = room.servers
  if (!first || !second) throw new Error('no servers')
  const id = await room.add('Desk', first.url)
  room.printers.configure(id, { url: second.url })
  await until(room.clock, 'it is told', () => (room.printers.get(id).notes ?? []).length > 0, 60_000)
  expect(room.printers.get(id).notes).toEqual([
    { code: 'other-device', params: { was: 'CZPX1', now: 'CZPX2' } },
  ])
  const refused = room.printers.begin(id, 'x')
  await expect(refused).rejects.toMatchObject({ code: 'printer.in-doubt' })
  const owner = await room.add('Shelf', first.url)
  expect(room.printers.get(owner).notes).toMatchObject([{ code: 'same-as' }])
  room.printers.recognise(id)
  expect(room.printers.get(id).notes).toEqual([])
  expect(room.printers.get(owner).notes).toEqual([])
  await room.end()
})

it('two printers with one serial number are told of each other', async () => {
  const room = await prusas('CZPX1', 'CZPX1')
  const [first, second] = room.servers
  if (!first || !second) throw new Error('no servers')
  const [one, two] = [await room.add('One', first.url), await room.add('Two', second.url)]
  await until(room.clock, 'it is told', () => (room.printers.get(two).notes ?? []).length > 0, 60_000)
  expect(room.printers.get(one).notes).toEqual([
    { code: 'same-as', params: { name: 'Two', serial: 'CZPX1' } },
  ])
  await settled(room.clock, room.printers.remove(two))
  room.printers.rename(one, 'Only')
  expect(room.printers.get(one).notes).toEqual([])
  await room.end()
})

it('who a printer is and where it was outlive a restart', async () => {
  const make = makes.prusalink
  if (make === undefined) throw new Error('no such make')
  const room = await desk('prusalink', make)
  const { server, id, printers, see } = room
  await server.move()
  see(make.sighting(server.port))
  await until(room.clock, 'it moved', () => printers.get(id).movedFrom !== undefined, 150_000)
  const before = printers.get(id).notes
  await settled(room.clock, printers.stop())
  await printers.start()
  expect(printers.get(id).notes).toEqual(before)
  await room.end()
})

it('one printer seen on two interfaces is one', async () => {
  const { see, discovery, end } = await discoveryBench()
  const sighting = announced('octoprint', { uuid: 'u1', version: '1' }, { port: 5000 })
  see(sighting)
  see({ ...sighting, addresses: ['192.168.7.2'] })
  see({ ...sighting, via: 'datagram', name: 'ssdp', addresses: ['172.16.0.9'] })
  expect(discovery.found()).toHaveLength(1)
  await end()
})

import { describe, expect, it } from 'vitest'
import { createDiscovery, createDoctor } from '../../../src/main/discovery/index.ts'
import { match, moveOf, ownerOf } from '../../../src/main/discovery/matching.ts'
import { sightingOf } from '../../../src/main/discovery/mdns.ts'
import {
  createHttpClient,
  createPrinters,
  driverContext,
  drivers,
  type SerialPorts,
  type Sighting,
} from '../../../src/main/printers/index.ts'
import { createMoonrakerSim } from '../../../src/main/printers/sim/moonraker.ts'
import { createSimPrinter } from '../../../src/main/printers/sim/sim-printer.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { createLogRecorder } from '../../fakes/log.ts'
import { openTestStore } from '../../fakes/store.ts'
import { settled, until } from '../printers/driver-kit.ts'

const mdns = (type: string, port: number, txt: Record<string, string>, address = '127.0.0.1'): Sighting => ({
  via: 'mdns',
  type,
  name: `${type} desk`,
  host: `${type}.local`,
  addresses: [address],
  port,
  txt,
})

describe('what is seen', () => {
  it('is offered to every driver, and the surest comes first with its reason', () => {
    const found = match(drivers, mdns('octoprint', 5000, { uuid: 'u1', version: '1.11' }), 0)
    expect(found?.candidates[0]).toMatchObject({ driver: 'octoprint', why: expect.stringContaining('1.11') })
    expect(found?.id).toBe('octoprint:u1')
    expect(match(drivers, mdns('http', 80, {}), 0)).toBeUndefined()
  })

  it('is one printer although two interfaces heard it', () => {
    const one = match(drivers, mdns('octoprint', 5000, { uuid: 'u1', version: '1' }, '10.0.0.7'), 0)
    const two = match(drivers, mdns('octoprint', 5000, { uuid: 'u1', version: '1' }, '192.168.1.7'), 0)
    expect(one?.id).toBe(two?.id)
  })

  it('is no printer when one driver knows that it is none', () => {
    const board = match(drivers, { via: 'usb', path: '/dev/ttyACM0', vendorId: '1d50', productId: '614e' }, 0)
    expect(board?.candidates).toHaveLength(1)
    expect(board?.candidates[0]?.sure).toBeLessThan(0)
  })

  it('keeps two boards without serial numbers apart by where they are plugged in', () => {
    const ch340 = { via: 'usb', vendorId: '1a86', productId: '7523' } as const
    const left = match(drivers, { ...ch340, path: '/dev/ttyUSB0', locationId: '1-1.1' }, 0)
    const right = match(drivers, { ...ch340, path: '/dev/ttyUSB1', locationId: '1-1.2' }, 0)
    const swapped = match(drivers, { ...ch340, path: '/dev/ttyUSB1', locationId: '1-1.1' }, 0)
    expect(left?.id).not.toBe(right?.id)
    expect(swapped?.id).toBe(left?.id)
    expect(left?.candidates.every(({ needs }) => needs !== 'nothing')).toBe(true)
  })

  it('is recognised as ours by what stays the same, and its move is noticed', () => {
    const found = match(drivers, mdns('moonraker', 7125, { uuid: 'm1' }, '10.0.0.9'), 0)
    if (found === undefined) throw new Error('not found')
    const known = { id: 'p1', identity: 'moonraker:m1', address: '10.0.0.5:7125' }
    expect(ownerOf(found, [known])).toBe('p1')
    expect(moveOf(found, known)).toMatchObject({ url: 'http://10.0.0.9:7125' })
    expect(moveOf(found, { ...known, address: '10.0.0.9:7125' })).toBeUndefined()
    expect(ownerOf(found, [{ id: 'p2', identity: undefined, address: '10.0.0.9:7125' }])).toBe('p2')
  })

  it('is read leniently from the network', () => {
    const sighting = sightingOf(
      {
        name: 'x'.repeat(999),
        host: 'a.local',
        port: 80,
        addresses: ['fe80::1', '10.0.0.1'],
        txt: { UUID: 7, path: '/' },
      },
      'http',
    )
    expect(sighting).toMatchObject({ addresses: ['10.0.0.1', '[fe80::1]'], txt: { uuid: '7', path: '/' } })
  })
})

describe('discovery', () => {
  async function bench() {
    const clock = createFakeClock()
    const { log } = createLogRecorder()
    const ports: { path: string; vendorId?: string; productId?: string; locationId?: string }[] = []
    const opened: string[] = []
    const serial: SerialPorts = {
      list: async () => ports,
      open: async ({ path }) => {
        opened.push(path)
        throw new Error('must not be opened')
      },
    }
    const printers = createPrinters({
      clock,
      logger: () => log,
      store: await openTestStore(clock),
      secrets: { protect: text => text, reveal: text => text },
      drivers,
      serial,
      random: () => 0.5,
      uuid: () => 'aaaaaaaaaaaa',
    })
    await printers.start()
    const http = createHttpClient(clock)
    let see: (sighting: Sighting) => void = () => {}
    let lose: (name: string) => void = () => {}
    const discovery = createDiscovery({
      printers,
      drivers,
      serial,
      clock,
      log,
      mdns: {
        heard: () => 0,
        start(onSeen, onGone) {
          see = onSeen
          lose = onGone
          return () => {}
        },
      },
      context: signal => driverContext({ clock, random: () => 0.5, serial, http, log, signal }),
    })
    await discovery.start()
    const end = async () => {
      await discovery.stop()
      await settled(clock, printers.stop())
      http.close()
    }
    return {
      clock,
      ports,
      opened,
      serial,
      printers,
      discovery,
      see: (sighting: Sighting) => see(sighting),
      lose: (name: string) => lose(name),
      end,
    }
  }

  it('sees a port that is plugged in and one that is pulled, and opens neither', async () => {
    const { clock, ports, opened, discovery, end } = await bench()
    ports.push({ path: '/dev/ttyUSB0', vendorId: '1a86', productId: '7523', locationId: '1-1' })
    await clock.advance(3_100)
    expect(discovery.found()).toMatchObject([{ via: 'usb', address: '/dev/ttyUSB0' }])
    ports.length = 0
    await clock.advance(3_100)
    expect(discovery.found()).toEqual([])
    expect(opened).toEqual([])
    await end()
  })

  it('forgets what says farewell, whatever it is known by', async () => {
    const { discovery, see, lose, end } = await bench()
    see(mdns('octoprint', 5000, { uuid: 'u1', version: '1.11' }))
    expect(discovery.found()).toMatchObject([{ id: 'octoprint:u1' }])
    lose('octoprint desk')
    expect(discovery.found()).toEqual([])
    await end()
  })

  it('follows a printer to its new address by itself', async () => {
    const { clock, printers, see, end } = await bench()
    const sim = await createMoonrakerSim(createSimPrinter({ clock }))
    const txt = { uuid: 'm1' }
    const id = await printers.add({
      driver: 'moonraker',
      name: 'M',
      config: { url: sim.url },
      identity: 'moonraker:m1',
    })
    await until(clock, 'it is live', () => printers.get(id).snapshot.label === 'idle')
    const before = printers.get(id).address
    await sim.move()
    see(mdns('moonraker', sim.port, txt))
    await until(
      clock,
      'it is live again',
      () => printers.get(id).snapshot.label === 'idle' && printers.get(id).movedFrom !== undefined,
    )
    expect(printers.get(id)).toMatchObject({ movedFrom: before, address: `127.0.0.1:${sim.port}` })
    await end()
    await sim.stop()
  })

  it('asks an address, and says why when nobody answers', async () => {
    const { clock, discovery, end } = await bench()
    const sim = await createMoonrakerSim(createSimPrinter({ clock }))
    const found = await settled(clock, discovery.probe(`127.0.0.1:${sim.port}`))
    expect(found.candidates[0]).toMatchObject({ driver: 'moonraker', needs: 'nothing' })
    await sim.cut()
    await expect(settled(clock, discovery.probe(sim.url))).rejects.toMatchObject({ code: 'printer.offline' })
    await expect(discovery.probe('not an address')).rejects.toMatchObject({ code: 'request.invalid' })
    await end()
    await sim.stop()
  })

  it('has a doctor that says what is wrong and what to do', async () => {
    const { clock, printers, serial, discovery, ports, end } = await bench()
    ports.push({ path: '/dev/ttyUSB0' })
    const doctor = createDoctor({
      system: {
        platform: 'linux',
        interfaces: () => ['eth0 10.0.0.2'],
        serialGroup: async () => ({ name: 'dialout', member: false }),
        hasUdevadm: async () => false,
        holderOf: async () => 'ModemManager',
        connects: async host => (host === 'dead.local' ? 'EHOSTUNREACH' : 'ECONNREFUSED'),
      },
      clock,
      printers,
      serial,
      mdnsHeard: () => 0,
      probe: discovery.probe,
    })
    const { findings, text } = await doctor.report({ address: 'http://10.0.0.7:5000' })
    const levels = Object.fromEntries(findings.map(({ id, level }) => [id, level]))
    expect(levels).toEqual({
      interfaces: 'good',
      multicast: 'note',
      port: 'bad',
      ports: 'good',
      group: 'bad',
      busy: 'bad',
      udevadm: 'note',
    })
    for (const { level, todo } of findings) if (level === 'bad') expect(todo).toMatch(/\.$|\?$/)
    expect(text).toContain('usermod -aG dialout')
    expect((await doctor.report({ address: 'dead.local' })).text).toContain('EHOSTUNREACH')
    await end()
  })
})

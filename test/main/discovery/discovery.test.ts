import { describe, expect, it } from 'vitest'
import { createDoctor } from '../../../src/main/discovery/index.ts'
import { createMoonrakerSim } from '../../../src/main/printers/sim/moonraker.ts'
import { createSimPrinter } from '../../../src/main/printers/sim/sim-printer.ts'
import { settled, until } from '../printers/driver-kit.ts'
import { announced, discoveryBench } from './bench.ts'

const here = { addresses: ['127.0.0.1'] }

describe('discovery', () => {
  it('sees a port that is plugged in and one that is pulled, and opens neither', async () => {
    const { clock, ports, opened, discovery, end } = await discoveryBench()
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
    const { discovery, see, lose, end } = await discoveryBench()
    const seen = announced('octoprint', { uuid: 'u1', version: '1.11' })
    see(seen)
    expect(discovery.found()).toMatchObject([{ id: 'octoprint:u1' }])
    lose(seen)
    expect(discovery.found()).toEqual([])
    await end()
  })

  it('follows a printer to its new address by itself', async () => {
    const { clock, printers, see, end } = await discoveryBench()
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
    see(announced('moonraker', txt, { ...here, port: sim.port }))
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
    const { clock, discovery, end } = await discoveryBench()
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
    const { clock, printers, serial, discovery, ports, end } = await discoveryBench()
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
      heard: () => 0,
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

import { createSocket } from 'node:dgram'
import { Bonjour } from 'bonjour-service'
import { expect, it, onTestFinished, vi } from 'vitest'
import { createMdns } from '../../../src/main/discovery/index.ts'
import type { Sighting } from '../../../src/main/printers/index.ts'
import { createLogRecorder } from '../../fakes/log.ts'

/** A port of its own, so that the machine's real announcements stay out and ours stay in. */
async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4')
  await new Promise<void>(resolve => socket.bind(0, '127.0.0.1', resolve))
  const { port } = socket.address()
  await new Promise<void>(resolve => socket.close(() => resolve()))
  return port
}

it('hears a printer that announces itself, with all it says', async () => {
  const port = await freeUdpPort()
  const local = { interface: '127.0.0.1', bind: '0.0.0.0', port }
  const printer = new Bonjour(local)
  const ear = createMdns({ log: createLogRecorder().log, interface: '127.0.0.1', port })
  const seen: Sighting[] = []
  const stop = ear.start(
    sighting => seen.push(sighting),
    () => {},
  )
  onTestFinished(stop)
  onTestFinished(() => printer.destroy())
  printer.publish({
    name: 'Desk @ klipper',
    type: 'moonraker',
    port: 7125,
    host: 'klipper.local',
    txt: { uuid: 'm1', Version: '0.9' },
    probe: false,
  })
  await vi.waitFor(() => expect(seen.length).toBeGreaterThan(0), { timeout: 8_000, interval: 50 })
  expect(seen[0]).toMatchObject({
    via: 'mdns',
    type: 'moonraker',
    name: 'Desk @ klipper',
    port: 7125,
    txt: { uuid: 'm1', version: '0.9' },
  })
  expect(ear.heard()).toBeGreaterThan(0)
}, 15_000)

import type { Clock } from '../lib/clock.ts'
import type { LoggerFor } from '../lib/log.ts'
import { type DriverContext, drivers, type Printers, type SerialPorts } from '../printers/index.ts'
import { mergeAnnouncements, noAnnouncements } from './announcements.ts'
import { createDatagrams } from './datagrams.ts'
import { watchDeviceFolder } from './device-folder.ts'
import { createDiscovery, type Discovery } from './discovery.ts'
import { createDoctor, type Doctor } from './doctor.ts'
import { createDoctorSystem } from './doctor-system.ts'
import { createMdns } from './mdns.ts'

export interface DiscoveryRoom extends Discovery {
  readonly doctor: Doctor
}

/** Discovery with the sources and the eyes of this machine, and the doctor who knows what they tell. */
export function createDiscoveryRoom(deps: {
  readonly clock: Clock
  readonly logger: LoggerFor
  readonly printers: Printers & { context(signal: AbortSignal): DriverContext }
  readonly serial: SerialPorts
  /** Whether the network is listened to; USB and typed addresses are always looked at. */
  readonly listens: boolean
}): DiscoveryRoom {
  const { clock, printers, serial } = deps
  const log = deps.logger('discovery')
  const announcements = deps.listens
    ? mergeAnnouncements(createMdns({ log }), createDatagrams({ log, clock }))
    : noAnnouncements
  const signs = process.platform === 'win32' ? {} : { signs: watchDeviceFolder(log) }
  const discovery = createDiscovery({
    printers,
    drivers,
    serial,
    announcements,
    clock,
    log,
    context: printers.context,
    ...signs,
  })
  const { found, probe } = discovery
  const doctor = createDoctor({
    system: createDoctorSystem(),
    clock,
    printers,
    serial,
    announcements,
    found,
    probe,
  })
  return { ...discovery, doctor }
}

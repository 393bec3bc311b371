import type { Announcements, Hearing } from '../../../src/main/discovery/announcements.ts'
import { createDiscovery } from '../../../src/main/discovery/discovery.ts'
import {
  createHttpClient,
  createPrinters,
  driverContext,
  drivers,
  type NetworkSighting,
  type SerialPorts,
} from '../../../src/main/printers/index.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { createLogRecorder } from '../../fakes/log.ts'
import { openTestStore } from '../../fakes/store.ts'
import { settled } from '../printers/driver-kit.ts'

export interface FakePort {
  path: string
  vendorId?: string
  productId?: string
  serialNumber?: string
  manufacturer?: string
  locationId?: string
}

export function announced(
  type: string,
  txt: Record<string, string> = {},
  over: Partial<NetworkSighting> = {},
): NetworkSighting {
  const place = { name: `${type} desk`, host: `${type}.local`, addresses: ['10.0.0.5'], port: 80 }
  return { via: 'mdns', type, ...place, txt, ...over }
}

/** Discovery with announcements the test makes, ports it plugs in, and real printers behind. */
export async function discoveryBench(startAt?: number) {
  const clock = createFakeClock(startAt)
  const { log } = createLogRecorder()
  const ports: FakePort[] = []
  const opened: string[] = []
  const serial: SerialPorts = {
    list: async () => ports.map(port => ({ ...port })),
    open: async ({ path }) => {
      opened.push(path)
      throw new Error('must not be opened')
    },
  }
  let ids = 0
  const printers = createPrinters({
    clock,
    logger: () => log,
    store: await openTestStore(clock),
    secrets: { protect: text => text, reveal: text => text },
    drivers,
    serial,
    random: () => 0.5,
    uuid: () => `aaaaaaaaaa${String(ids++).padStart(2, '0')}`,
  })
  await printers.start()
  const http = createHttpClient(clock)
  let hearing: Hearing | undefined
  let asked = 0
  let sign = () => {}
  const announcements: Announcements = {
    heard: () => 0,
    ask: () => {
      asked++
    },
    start(given) {
      hearing = given
      return () => {}
    },
  }
  const discovery = createDiscovery({
    printers,
    drivers,
    serial,
    clock,
    log,
    announcements,
    signs(onSign) {
      sign = onSign
      return () => {}
    },
    context: signal => driverContext({ clock, random: () => 0.5, serial, http, log, signal }),
  })
  await discovery.start()
  const keyOf = ({ via, type, name }: NetworkSighting) => `${via}:${name}._${type}`
  return {
    clock,
    ports,
    opened,
    serial,
    printers,
    discovery,
    asked: () => asked,
    sign: () => sign(),
    see: (sighting: NetworkSighting) => hearing?.seen(keyOf(sighting), sighting),
    lose: (sighting: NetworkSighting) => hearing?.gone(keyOf(sighting)),
    async end() {
      await discovery.stop()
      await settled(clock, printers.stop())
      http.close()
    },
  }
}

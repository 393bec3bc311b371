/**
 * Discovery: seeing printers in the network and on USB, recognising those Gantry has already wherever they turn up,
 * and finding out why one cannot be seen. It opens no line to a printer: that is `printers`.
 */
import { GantryError } from '../contract/error.ts'
import type { Clock } from '../lib/clock.ts'
import type { Dispose } from '../lib/dispose.ts'
import { createEmitter } from '../lib/emitter.ts'
import type { Logger } from '../lib/log.ts'
import {
  type DriverContext,
  type PrinterDriver,
  type Printers,
  type SerialPorts,
  type Sighting,
  webAddress,
} from '../printers/index.ts'
import { type Candidate, type Found, match, moveOf, ownerOf } from './matching.ts'
import type { MdnsEar } from './mdns.ts'
import { watchUsb } from './usb.ts'

export { createDoctor, type Doctor } from './doctor.ts'
export { createDoctorSystem } from './doctor-system.ts'
export type { Found } from './matching.ts'
export { createMdns, deafMdns } from './mdns.ts'

export interface Discovery {
  readonly name: string
  start(): Promise<void>
  stop(): Promise<void>
  found(): (Found & { readonly printerId: string | undefined })[]
  /** Asks an address what lives there; rejects with why nobody can be asked. */
  probe(address: string): Promise<Found>
  on(name: 'changed', listener: () => void): Dispose
}

export interface DiscoveryDeps {
  readonly printers: Printers
  readonly drivers: readonly PrinterDriver[]
  readonly serial: SerialPorts
  readonly mdns: MdnsEar
  readonly clock: Clock
  readonly log: Logger
  /** What a driver is given to ask an address. */
  readonly context: (signal: AbortSignal) => DriverContext
}

const probeLimitMs = 8_000
/** More than any room holds; a network that floods us with names does not fill memory. */
const mostFound = 500

export function createDiscovery(deps: DiscoveryDeps): Discovery {
  const { printers, drivers, clock, log } = deps
  const seen = new Map<string, Found>()
  /** What announced itself by this name: it says farewell by name only. */
  const announced = new Map<string, string>()
  const emitter = createEmitter<{ changed: undefined }>(error =>
    log.error('a listener of discovery failed', { error }),
  )
  let stops: Dispose[] = []

  const follow = (found: Found) => {
    const printer = printers
      .list()
      .find(({ id, simulated }) => !simulated && id === ownerOf(found, printers.list()))
    const config = printer && moveOf(found, printer)
    if (printer && config) printers.moved(printer.id, config)
  }
  const onSeen = (sighting: Sighting) => {
    const found = match(drivers, sighting, clock.now())
    if (found === undefined || (seen.size >= mostFound && !seen.has(found.id))) return
    seen.set(found.id, found)
    if (sighting.via === 'mdns') announced.set(sighting.name, found.id)
    follow(found)
    emitter.emit('changed', undefined)
  }
  const drop = (gone: (found: Found) => boolean) => {
    for (const [id, found] of [...seen]) if (gone(found)) seen.delete(id)
    emitter.emit('changed', undefined)
  }

  return {
    name: 'discovery',
    async start() {
      stops = [
        deps.mdns.start(onSeen, name => {
          const gone = announced.get(name)
          announced.delete(name)
          drop(({ id }) => id === gone)
        }),
        watchUsb({
          ...deps,
          onSeen,
          onGone: path => drop(({ via, address }) => via === 'usb' && address === path),
        }),
      ]
    },
    async stop() {
      for (const stop of stops) stop()
      stops = []
    },
    found() {
      const ours = printers.list()
      return [...seen.values()].map(found => ({ ...found, printerId: ownerOf(found, ours) }))
    },
    async probe(typed) {
      const parsed = webAddress.safeParse(typed)
      if (!parsed.success) {
        throw new GantryError(
          'request.invalid',
          `“${typed}” is no address: ${parsed.error.issues[0]?.message ?? ''}.`,
        )
      }
      const candidates = await probeAll(deps, parsed.data)
      const found: Found = {
        id: `address:${parsed.data}`,
        via: 'address',
        title: candidates[0]?.name ?? new URL(parsed.data).host,
        address: new URL(parsed.data).host,
        seenAt: clock.now(),
        candidates,
      }
      return found
    },
    on: emitter.on,
  }
}

/** All drivers ask at once; when none got an answer, the reason of the first is the reason. */
async function probeAll({ drivers, clock, context }: DiscoveryDeps, address: string): Promise<Candidate[]> {
  const limit = new AbortController()
  const stopTimer = clock.after(probeLimitMs, 'discovery.probe', () => limit.abort())
  try {
    const asked = await Promise.allSettled(
      drivers.flatMap(driver =>
        driver.probe
          ? [driver.probe(address, context(limit.signal)).then(likeness => ({ driver, likeness }))]
          : [],
      ),
    )
    const answers = asked.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []))
    const failure = asked.find(result => result.status === 'rejected')
    if (answers.length === 0 && failure) throw failure.reason
    return answers
      .flatMap(({ driver, likeness }) =>
        likeness === undefined ? [] : [{ ...likeness, driver: driver.id, driverName: driver.name }],
      )
      .sort((a, b) => b.sure - a.sure)
  } finally {
    stopTimer()
  }
}

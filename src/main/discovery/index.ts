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
  webAddress,
} from '../printers/index.ts'
import type { Ear } from './ear.ts'
import { alone, moveOf, ownerOf, type Told } from './matching.ts'
import { probeAll } from './probe.ts'
import { createRhythm } from './rhythm.ts'
import { createSightings } from './sightings.ts'
import { watchUsb } from './usb.ts'

export { createDoctor, type Doctor } from './doctor.ts'
export { createDoctorSystem } from './doctor-system.ts'
export { deafEar } from './ear.ts'
export type { Told as Found } from './matching.ts'
export { createMdns } from './mdns.ts'
export { whyInWords } from './words.ts'

export interface Discovery {
  readonly name: string
  start(): Promise<void>
  stop(): Promise<void>
  found(): Told[]
  /** Somebody looks at what is found: the network is asked more often until this is undone. */
  look(): Dispose
  /** Asks an address what lives there; rejects with why nobody can be asked. */
  probe(address: string): Promise<Told>
  on(name: 'changed', listener: () => void): Dispose
}

export interface DiscoveryDeps {
  readonly printers: Printers
  readonly drivers: readonly PrinterDriver[]
  readonly serial: SerialPorts
  readonly ear: Ear
  readonly clock: Clock
  readonly log: Logger
  /** What a driver is given to ask an address. */
  readonly context: (signal: AbortSignal) => DriverContext
}

/** Answers to one question come in a burst; they are told together. */
const tellAfterMs = 200

export function createDiscovery(deps: DiscoveryDeps): Discovery {
  const { printers, drivers, clock, log, ear } = deps
  const sightings = createSightings(drivers, clock)
  const reached = new Set<string>()
  const emitter = createEmitter<{ changed: undefined }>(error =>
    log.error('a listener of discovery failed', { error }),
  )
  const rhythm = createRhythm(clock, () => {
    if (sightings.round()) tell()
    ear.ask()
  })
  let stops: Dispose[] = []
  let cancelTell: Dispose | undefined

  const tell = () => {
    cancelTell ??= clock.after(tellAfterMs, 'discovery.tell', () => {
      cancelTell = undefined
      emitter.emit('changed', undefined)
    })
  }
  /** A printer that answers is where it should be: two interfaces, or an old address, are no move. */
  const follow = () => {
    const lost = printers
      .list()
      .filter(({ simulated, snapshot }) => !simulated && snapshot.link.state !== 'online')
    if (lost.length === 0) return
    for (const found of sightings.all()) {
      const printer = lost.find(({ id }) => id === ownerOf(found, lost))
      const config = printer && moveOf(found, printer)
      if (printer && config) printers.moved(printer.id, config)
    }
  }
  const seen = (isNews: boolean) => {
    if (!isNews) return
    follow()
    tell()
  }
  const watchLine = (id: string) => {
    const isReached = printers.get(id).snapshot.link.state === 'online'
    if (isReached) reached.add(id)
    else if (reached.delete(id)) {
      follow()
      rhythm.hurry()
    }
  }

  return {
    name: 'discovery',
    async start() {
      stops = [
        ear.start({
          seen: (key, sighting) => seen(sightings.see(key, sighting)),
          gone: key => sightings.lose(key) && tell(),
        }),
        watchUsb({
          ...deps,
          onSeen: sighting => seen(sightings.see(`usb:${sighting.path}`, sighting)),
          onGone: path => sightings.lose(`usb:${path}`) && tell(),
        }),
        printers.on('changed', watchLine),
        printers.on('removed', id => reached.delete(id)),
        rhythm.start(),
      ]
    },
    async stop() {
      for (const stop of stops) stop()
      stops = []
      cancelTell?.()
    },
    found() {
      const ours = printers.list()
      return sightings.all().map(({ ageMs, ...found }) => ({
        ...found,
        seenAt: Math.round(clock.now() - ageMs),
        printerId: ownerOf(found, ours),
      }))
    },
    look: rhythm.look,
    async probe(typed) {
      const parsed = webAddress.safeParse(typed)
      if (!parsed.success) {
        const why = parsed.error.issues[0]?.message ?? ''
        throw new GantryError('request.invalid', `This is no address Gantry can ask: ${why}.`)
      }
      const candidates = await probeAll(deps, parsed.data)
      const { host } = new URL(parsed.data)
      const found = alone({
        key: `address:${parsed.data}`,
        via: 'address',
        title: candidates[0]?.name ?? host,
        address: host,
        hosts: [],
        identity: candidates[0]?.identity,
        candidates,
        foreign: undefined,
      })
      return { ...found, seenAt: clock.now(), printerId: ownerOf(found, printers.list()) }
    },
    on: emitter.on,
  }
}

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
import type { Announcements } from './announcements.ts'
import { type DeviceSigns, noSigns } from './device-folder.ts'
import { alone, moveOf, ownerOf, type Told } from './matching.ts'
import { probeAll } from './probe.ts'
import { createRhythm } from './rhythm.ts'
import { createSightings } from './sightings.ts'
import { createSockets } from './sockets.ts'
import { watchUsb } from './usb.ts'

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
  readonly announcements: Announcements
  /** The system's sign that a port came or went. */
  readonly signs?: DeviceSigns
  readonly clock: Clock
  readonly log: Logger
  /** What a driver is given to ask an address. */
  readonly context: (signal: AbortSignal) => DriverContext
}

/** Answers to one question come in a burst; they are told together. */
const tellAfterMs = 200

/** What is heard and seen, whose it is, and who is told. */
export function createDiscovery(deps: DiscoveryDeps): Discovery {
  const { printers, drivers, clock, log, announcements } = deps
  const sightings = createSightings(drivers, clock)
  const sockets = createSockets()
  const reached = new Set<string>()
  const emitter = createEmitter<{ changed: undefined }>(error =>
    log.error('a listener of discovery failed', { error }),
  )
  const rhythm = createRhythm(clock, () => {
    if (sightings.round()) tell()
    announcements.ask()
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
  /** One that was added by its address alone is followed from now on too. */
  const identify = () => {
    const unknown = printers.list().filter(({ simulated, identity }) => !simulated && identity === undefined)
    if (unknown.length === 0) return
    for (const { twin, address, candidates } of sightings.all()) {
      const printer = unknown.find(each => each.address === address)
      const best = candidates.find(({ driver }) => driver === printer?.driver)
      const isHere = printer?.snapshot.link.state === 'online'
      if (printer && isHere && best?.identity && !twin) printers.identify(printer.id, best.identity)
    }
  }
  const seen = (isNews: boolean) => {
    if (!isNews) return
    identify()
    follow()
    tell()
  }
  /** Whose name hangs on the socket alone. */
  const bySocket = (identity: string) =>
    printers.list().find(each => !each.simulated && each.identity === identity)
  const plugged = (key: string) => {
    const { identity } = sightings.at(key) ?? {}
    if (!identity?.startsWith('usb-path:')) return
    const printer = bySocket(identity)
    for (const other of sockets.back(identity)) {
      const neighbour = bySocket(other)
      const says = [printer, neighbour].map(each => each?.snapshot.device.serialNumber)
      const areTold = says[0] !== undefined && says[1] !== undefined && says[0] !== says[1]
      if (printer && neighbour && !areTold) printers.maybeSwapped(printer.id, neighbour.id)
    }
  }
  const unplugged = (key: string) => {
    const { identity } = sightings.at(key) ?? {}
    if (identity?.startsWith('usb-path:') && bySocket(identity)) sockets.out(identity)
    if (sightings.lose(key)) tell()
  }
  const watchLine = (id: string) => {
    const isReached = printers.get(id).snapshot.link.state === 'online'
    if (isReached && !reached.has(id)) {
      reached.add(id)
      identify()
    } else if (!isReached && reached.delete(id)) {
      follow()
      rhythm.hurry()
    }
  }

  return {
    name: 'discovery',
    async start() {
      stops = [
        announcements.start({
          seen: (key, sighting) => seen(sightings.see(key, sighting)),
          gone: key => sightings.lose(key) && tell(),
        }),
        watchUsb({
          signs: noSigns,
          ...deps,
          onSeen(sighting) {
            const key = `usb:${sighting.path}`
            seen(sightings.see(key, sighting))
            plugged(key)
          },
          onGone: path => unplugged(`usb:${path}`),
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

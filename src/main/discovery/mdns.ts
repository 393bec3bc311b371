import { isIPv4 } from 'node:net'
import { Bonjour, type Service } from 'bonjour-service'
import type { Dispose } from '../lib/dispose.ts'
import type { Logger } from '../lib/log.ts'
import type { Sighting } from '../printers/index.ts'

/** printer-protocols 2.1, the types whose printers Gantry speaks to. */
const types = ['octoprint', 'prusalink', 'moonraker', 'http']

/** Listening to what announces itself in the network. The package behind it is named nowhere else. */
export interface MdnsEar {
  start(onSeen: (sighting: Sighting) => void, onGone: (name: string) => void): Dispose
  /** How many announcements of any kind were heard: none at all means multicast does not come through. */
  heard(): number
}

/** For those who want the network left alone. */
export const deafMdns: MdnsEar = { heard: () => 0, start: () => () => {} }

export interface MdnsOptions {
  readonly log: Logger
  /** For tests: stay on this interface. */
  readonly interface?: string
  readonly port?: number
}

export function createMdns({ log, ...options }: MdnsOptions): MdnsEar {
  let heard = 0
  return {
    heard: () => heard,
    start(onSeen, onGone) {
      const network = {
        ...(options.interface !== undefined && { interface: options.interface, bind: '0.0.0.0' }),
        ...(options.port !== undefined && { port: options.port }),
      }
      const bonjour = new Bonjour(network, (error: unknown) =>
        log.warn('the network cannot be listened to for printers', { error }),
      )
      for (const type of types) {
        const browser = bonjour.find({ type })
        browser.on('up', service => {
          heard++
          onSeen(sightingOf(service, type))
        })
        browser.on('srv-update', service => onSeen(sightingOf(service, type)))
        browser.on('down', service => onGone(service.name))
      }
      return () => bonjour.destroy()
    },
  }
}

export function sightingOf(
  service: Pick<Service, 'name' | 'host' | 'port' | 'addresses' | 'txt'>,
  type: string,
): Sighting {
  const txt: Record<string, string> = {}
  if (typeof service.txt === 'object' && service.txt !== null) {
    for (const [key, value] of Object.entries(service.txt))
      txt[key.toLowerCase()] = String(value).slice(0, 255)
  }
  const addresses = service.addresses ?? []
  return {
    via: 'mdns',
    type,
    name: service.name.slice(0, 200),
    host: service.host,
    // IPv6 without its zone cannot be dialled; it comes last.
    addresses: [
      ...addresses.filter(isIPv4),
      ...addresses.filter(each => !isIPv4(each)).map(each => `[${each}]`),
    ],
    port: service.port,
    txt,
  }
}

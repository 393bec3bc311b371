import { isIPv4 } from 'node:net'
import { Bonjour, type Browser, type Service } from 'bonjour-service'
import { plainName } from '../contract/plain-name.ts'
import type { Logger } from '../lib/log.ts'
import type { NetworkSighting } from '../printers/index.ts'
import type { Announcements, Hearing } from './announcements.ts'
import { createGroupSockets } from './group-sockets.ts'
import { type Interface, listInterfaces } from './interfaces.ts'
import { type Kind, kinds } from './kinds.ts'

const mdnsPort = 5353
const mdnsGroup = '224.0.0.251'
/** RFC 6762 11: packets of mDNS carry 255. */
const mdnsTtl = 255
const longestText = 255

export interface MdnsOptions {
  readonly log: Logger
  /** For tests: other interfaces, another port. */
  readonly interfaces?: () => readonly Interface[]
  readonly port?: number
}

interface Listener {
  ask(): void
}

/** Listening to what announces itself by mDNS. The package behind it is named nowhere else. */
export function createMdns({
  log,
  interfaces = listInterfaces,
  port = mdnsPort,
}: MdnsOptions): Announcements {
  const listeners = new Set<Listener>()
  let heard = 0
  let refresh = () => {}
  return {
    heard: () => heard,
    start(hearing) {
      const sockets = createGroupSockets({
        options: { port, group: mdnsGroup, ttl: mdnsTtl },
        interfaces,
        log,
        onOpen(socket, place) {
          socket.on('message', (message, from) => {
            // Its QR bit tells an announcement from a question; what this machine says itself proves nothing.
            const isOwn = from.address === place.address && !place.address.startsWith('127.')
            if (!isOwn && ((message[2] ?? 0) & 0x80) !== 0) heard++
          })
          const bonjour = new Bonjour({ port, ...{ socket, bind: false } }, (error: unknown) =>
            log.debug('a question about printers could not be sent', { error }),
          )
          const listener = listen(bonjour, hearing)
          listeners.add(listener)
          listener.ask()
          return () => {
            listeners.delete(listener)
            bonjour.destroy()
          }
        },
      })
      refresh = sockets.refresh
      refresh()
      return () => {
        refresh = () => {}
        sockets.stop()
      }
    },
    ask() {
      for (const listener of listeners) listener.ask()
      refresh()
    },
  }
}

/**
 * Every question has browsers of its own. A browser tells of a service once and does not notice a new address under
 * an old name; the next one hears everything anew.
 */
function listen(bonjour: Bonjour, { seen, gone }: Hearing): Listener {
  let browsers: Browser[] = []
  const follow = (browser: Browser, kindOf: (service: Service) => Kind | undefined) => {
    const tell = (service: Service) => {
      const kind = kindOf(service)
      if (kind) seen(keyOf(service), sightingOf(service, kind))
    }
    browser.on('up', tell)
    browser.on('srv-update', tell)
    browser.on('txt-update', tell)
    browser.on('down', service => gone(keyOf(service)))
    browsers.push(browser)
  }
  const wild = kinds.filter(({ mdns }) => mdns?.wildcard)
  return {
    ask() {
      for (const browser of browsers) browser.stop()
      browsers = []
      for (const kind of kinds) {
        if (kind.mdns === undefined || kind.mdns.wildcard) continue
        const { protocol, subtype } = kind.mdns
        const about = { type: kind.type, protocol }
        follow(bonjour.find(about), () => kind)
        if (subtype) follow(bonjour.find({ ...about, name: `_${subtype}._sub` }), () => kind)
      }
      follow(bonjour.find(null), service => wild.find(({ mdns }) => mdns?.wildcard?.test(service.type)))
    },
  }
}

const keyOf = ({ fqdn }: Pick<Service, 'fqdn'>) => `mdns:${fqdn.toLowerCase().slice(0, longestText)}`

export function sightingOf(
  service: Pick<Service, 'name' | 'fqdn' | 'type' | 'host' | 'port' | 'addresses' | 'txt'>,
  { type, mdns }: Kind,
): NetworkSighting {
  const txt: Record<string, string> = {}
  if (typeof service.txt === 'object' && service.txt !== null) {
    for (const [key, value] of Object.entries(service.txt))
      txt[key.toLowerCase()] = String(value).slice(0, longestText)
  }
  const serial = mdns?.wildcard?.exec(service.type)?.[1]
  const addresses = service.addresses ?? []
  return {
    via: 'mdns',
    type,
    // The package cuts the name at its first dot; the whole name still has it.
    name: plainName(/^(.*?)\._[^.]+\._(?:tcp|udp)\.[^.]+\.?$/is.exec(service.fqdn)?.[1] ?? service.name),
    host: service.host,
    // IPv6 without its zone cannot be dialled; it comes last.
    addresses: [
      ...addresses.filter(isIPv4),
      ...addresses.filter(each => !isIPv4(each)).map(each => `[${each}]`),
    ],
    port: service.port,
    txt: { ...txt, ...(serial !== undefined && { serial: serial.toLowerCase() }) },
  }
}

import type { Foreign } from '../contract/found.ts'
import { plainName } from '../contract/plain-name.ts'
import {
  addressOf,
  type Likeness,
  type NetworkSighting,
  type PrinterDriver,
  type Sighting,
} from '../printers/index.ts'
import { foreignOf } from './kinds.ts'

export interface Candidate extends Likeness {
  readonly driver: string
  readonly driverName: string
}

/** Something heard once that may be a printer, with what every driver thinks of it, surest first. */
export interface Found {
  /** Where it was heard: what says farewell says it by this. */
  readonly key: string
  readonly via: Sighting['via']
  readonly title: string
  readonly address: string
  /** What stays the same when the address changes, as far as what was seen tells. */
  readonly identity: string | undefined
  /** All addresses it has, where it has several. */
  readonly hosts: readonly string[]
  readonly candidates: readonly Candidate[]
  readonly foreign: Foreign | undefined
}

const worthShowing = 0.2
const surely = 0.9
const unsure = 0.5

/**
 * Offers a sighting to every driver. A driver that is sure it is no printer (a Klipper board, a multi-material unit)
 * overrules those that think it might be. What only a make we cannot drive says of itself is found too; undefined
 * when nobody thinks anything of it.
 */
export function match(drivers: readonly PrinterDriver[], sighting: Sighting, key: string): Found | undefined {
  const all = drivers.flatMap(driver => {
    const likeness = driver.recognise(sighting)
    return likeness === undefined ? [] : [{ ...likeness, driver: driver.id, driverName: driver.name }]
  })
  const veto = all.findLast(({ sure }) => sure < 0)
  const candidates = veto
    ? [veto]
    : all.filter(({ sure }) => sure >= worthShowing).sort((a, b) => b.sure - a.sure)
  const other = candidates.length === 0 && isNetwork(sighting) ? foreignOf(sighting) : undefined
  if (candidates.length === 0 && other === undefined) return undefined
  const best = candidates[0]
  const identity = best?.identity ?? other?.identity
  const { name, address, hosts } = placeOf(sighting, best)
  const make = other && (other.foreign.model ?? other.foreign.make)
  const title = plainName(best?.name ?? other?.name ?? name) || make || address
  return { key, via: sighting.via, title, address, identity, hosts, candidates, foreign: other?.foreign }
}

function isNetwork(sighting: Sighting): sighting is NetworkSighting {
  return sighting.via === 'mdns' || sighting.via === 'datagram'
}

function placeOf(
  sighting: Sighting,
  best: Candidate | undefined,
): { readonly name: string; readonly address: string; readonly hosts: readonly string[] } {
  if (sighting.via === 'usb') {
    return { name: sighting.manufacturer ?? sighting.path, address: sighting.path, hosts: [] }
  }
  if (sighting.via === 'address') return { name: sighting.address, address: sighting.address, hosts: [] }
  const { name, addresses, host, port } = sighting
  const place = `${addresses[0] ?? host}${port === 0 || port === 80 ? '' : `:${port}`}`
  return {
    name,
    address: (best && addressOf(best.config)) || place,
    hosts: addresses.length > 0 ? addresses : [host],
  }
}

/** One device as it is told, of all that was seen of it. */
export interface Merged extends Found {
  readonly id: string
  /** Another device claims the same identity. */
  readonly twin: boolean
}

/** As the rest of the engine is told of it. */
export interface Told extends Merged {
  readonly seenAt: number
  /** Which of our printers it is. */
  readonly printerId: string | undefined
}

export const alone = (found: Found): Merged => ({ ...found, id: found.identity ?? found.key, twin: false })

const sureness = ({ candidates, foreign }: Found) => candidates[0]?.sure ?? (foreign ? unsure : 0)

/**
 * One device, one entry: heard over mDNS and by datagram, on two interfaces, under a type of its own and as a web
 * page. Two devices of one kind that claim one identity stay two, and say so.
 */
export function merge(all: readonly Found[]): Merged[] {
  const kept: Merged[] = []
  for (const found of all.toSorted((a, b) => sureness(b) - sureness(a))) {
    const at = kept.findIndex(each => isSame(each, found))
    const same = kept[at]
    if (same) {
      kept[at] = { ...same, hosts: [...new Set([...same.hosts, ...found.hosts])] }
      continue
    }
    const rival = kept.findIndex(each => each.identity !== undefined && each.identity === found.identity)
    const first = kept[rival]
    if (first) kept[rival] = { ...first, id: first.key, twin: true }
    kept.push(first ? { ...found, id: found.key, twin: true } : alone(found))
  }
  return kept
}

function isSame(kept: Found, found: Found): boolean {
  if (kept.address === found.address) return true
  const isKnown = kept.identity !== undefined && kept.identity === found.identity
  if (isKnown && kept.via !== found.via) return true
  const shares = kept.hosts.some(host => found.hosts.includes(host))
  if (shares && kept.foreign && kept.foreign.make === found.foreign?.make) return true
  // Beside a make that is sure of itself, its web page and its maker's own announcement are the same box.
  return shares && sureness(kept) >= surely && sureness(found) < surely
}

interface Known {
  readonly id: string
  readonly identity: string | undefined
  readonly address: string
}

/** Which of our printers it is: by what stays the same, else by where it is unless it says to be another one. */
export function ownerOf(found: Found, printers: readonly Known[]): string | undefined {
  const identities = found.candidates.flatMap(({ identity }) => identity ?? [])
  const byIdentity = printers.find(({ identity }) => identity !== undefined && identities.includes(identity))
  const byPlace = ({ address, identity }: Known) =>
    address !== '' &&
    address === found.address &&
    (identity === undefined || !identities.some(each => kindOf(each) === kindOf(identity)))
  return (byIdentity ?? printers.find(byPlace))?.id
}

const kindOf = (identity: string) => identity.replace(/:.*$/, '').replace(/^usb-path$/, 'usb')

/**
 * The config that leads to where a known printer is now; undefined when it did not move. Of two that claim to be it
 * neither is followed.
 */
export function moveOf(found: Merged, printer: Known): Likeness['config'] | undefined {
  if (found.twin) return undefined
  const candidate = found.candidates.find(
    ({ identity }) => identity !== undefined && identity === printer.identity,
  )
  return candidate !== undefined && found.address !== printer.address ? candidate.config : undefined
}

import type { Likeness, PrinterDriver, Sighting } from '../printers/index.ts'

export interface Candidate extends Likeness {
  readonly driver: string
  readonly driverName: string
}

/** Something that may be a printer, with what every driver thinks of it, surest first. */
export interface Found {
  readonly id: string
  readonly via: Sighting['via']
  readonly title: string
  readonly address: string
  readonly seenAt: number
  readonly candidates: readonly Candidate[]
}

const worthShowing = 0.2

/**
 * Offers a sighting to every driver. A driver that is sure it is no printer (a Klipper board, a multi-material unit)
 * overrules those that think it might be; undefined when nobody thinks anything of it.
 */
export function match(
  drivers: readonly PrinterDriver[],
  sighting: Sighting,
  seenAt: number,
): Found | undefined {
  const all = drivers.flatMap(driver => {
    const likeness = driver.recognise(sighting)
    return likeness === undefined ? [] : [{ ...likeness, driver: driver.id, driverName: driver.name }]
  })
  const veto = all.find(({ sure }) => sure < 0)
  const candidates = veto
    ? [veto]
    : all.filter(({ sure }) => sure >= worthShowing).sort((a, b) => b.sure - a.sure)
  if (candidates.length === 0) return undefined
  return { ...placeOf(sighting, candidates[0]), via: sighting.via, seenAt, candidates }
}

function placeOf(sighting: Sighting, best: Candidate | undefined): Pick<Found, 'id' | 'title' | 'address'> {
  const id = best?.identity
  switch (sighting.via) {
    case 'mdns':
      return {
        // Heard on two interfaces it is still one: identity, or its name, makes it so.
        id: id ?? `mdns:${sighting.type}:${sighting.name}`,
        title: best?.name ?? sighting.name,
        address: `${sighting.addresses[0] ?? sighting.host}:${sighting.port}`,
      }
    case 'usb':
      return {
        id: id ?? `usb:${sighting.locationId ?? sighting.path}`,
        title: best?.name ?? sighting.manufacturer ?? sighting.path,
        address: sighting.path,
      }
    case 'address':
      return {
        id: `address:${sighting.address}`,
        title: best?.name ?? sighting.address,
        address: sighting.address,
      }
  }
}

interface Known {
  readonly id: string
  readonly identity: string | undefined
  readonly address: string
}

/** Which of our printers it is: by what stays the same, else by where it is. */
export function ownerOf(found: Found, printers: readonly Known[]): string | undefined {
  const identities = found.candidates.flatMap(({ identity }) => identity ?? [])
  const byIdentity = printers.find(({ identity }) => identity !== undefined && identities.includes(identity))
  return (byIdentity ?? printers.find(({ address }) => address !== '' && address === found.address))?.id
}

/** The config that leads to where a known printer is now; undefined when it did not move. */
export function moveOf(found: Found, printer: Known): Likeness['config'] | undefined {
  const candidate = found.candidates.find(
    ({ identity }) => identity !== undefined && identity === printer.identity,
  )
  return candidate !== undefined && found.address !== printer.address ? candidate.config : undefined
}

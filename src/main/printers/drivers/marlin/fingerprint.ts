import { because, type Likeness, type Sighting, type UsbSighting } from '../../identity/sighting.ts'
import type { SerialPortInfo } from '../../serial/serial-ports.ts'
import { boardOf } from './usb-ids.ts'

/** Serial numbers that cheap chips carry by the thousand: they tell nothing apart. */
const shared = /^(?:0+|12345678(?:90?)?|0001|n\/?a|none|unknown|default.*)?$/i

/** What no list of ids names, but says itself that it is for telephone lines. */
const modem = /\bmodem\b|\bLTE\b|quectel|sierra wireless/i

/** The serial number where it is one, else the place on the bus: CH340 boards differ by nothing but that. */
export function identityOf(port: Pick<SerialPortInfo, 'serialNumber' | 'locationId'>): string | undefined {
  if (port.serialNumber !== undefined && !shared.test(port.serialNumber)) return `usb:${port.serialNumber}`
  return port.locationId === undefined ? undefined : `usb-path:${port.locationId}`
}

export function recognise(sighting: Sighting): Likeness | undefined {
  if (sighting.via === 'usb') return recogniseUsb(sighting)
  if (sighting.via !== 'address') return undefined
  const { address } = sighting
  if (/^tcp:\/\//i.test(address)) {
    return { sure: 0.8, why: because('serial-bridge'), config: { port: address }, needs: 'ask' }
  }
  if (/^(?:\/dev\/\S+|COM\d+)$/i.test(address)) {
    return { sure: 0.7, why: because('serial-port'), config: { port: address }, needs: 'ask' }
  }
  return undefined
}

function recogniseUsb(sighting: UsbSighting): Likeness | undefined {
  if (/\/dev\/tty\.|\/ttyS\d+$/.test(sighting.path)) return undefined
  const board = boardOf(sighting.vendorId, sighting.productId)
  const identity = identityOf(sighting)
  const port = sighting.path
  const maker = sighting.manufacturer?.trim() ?? ''
  const isModem = board === undefined && modem.test(maker)
  const params = { port, what: board?.what ?? maker, makes: board?.makes ?? '' }
  const otherCode = isModem ? 'usb-modem' : maker ? 'usb-unknown-of' : 'usb-unknown'
  return {
    sure: board?.sure ?? (isModem ? -1 : sighting.vendorId === undefined ? 0.2 : 0.3),
    why: because(board?.code ?? otherCode, params),
    ...(board?.make ? { make: board.make } : {}),
    ...(identity ? { identity } : {}),
    config: { port: sighting.path, ...(identity ? { identity } : {}) },
    // Opening resets most boards, and a print from card with them: never without asking.
    needs: 'ask',
  }
}

/**
 * Where the printer is plugged in now. The system hands out names like `ttyUSB0` in the order of plugging, so a known
 * identity goes before the name; of two boards with one serial number neither is taken for the other.
 */
export function findPort(
  wanted: { readonly port: string; readonly identity?: string | undefined },
  ports: readonly SerialPortInfo[],
): { readonly path: string; readonly info: SerialPortInfo | undefined } | undefined {
  const named = ports.find(port => port.path === wanted.port)
  if (wanted.identity === undefined) return { path: wanted.port, info: named }
  const same = ports.filter(port => identityOf(port) === wanted.identity)
  if (same.length === 1 && same[0]) return { path: same[0].path, info: same[0] }
  if (same.length > 1) return named && same.includes(named) ? { path: named.path, info: named } : undefined
  // Nothing on this bus carries it: a port the list does not know (a link, a bridge) is taken by its name.
  return named ? undefined : { path: wanted.port, info: undefined }
}

import { because, type Likeness, type Sighting } from '../../identity/sighting.ts'
import { announcedUrl } from '../../identity/web-address.ts'

const usualPort = 7125

/** printer-protocols 2.1: `_moonraker._tcp`, once `[zeroconf]` is configured; an address is asked. */
export function recognise(sighting: Sighting): Likeness | undefined {
  if (sighting.via === 'address') {
    const { address } = sighting
    const sure = address.includes(`:${usualPort}`) ? 0.6 : 0.3
    return { sure, why: because('may-be-anything'), config: { url: address }, needs: 'nothing' }
  }
  if (sighting.via === 'usb') {
    // 1d50:614e is Klipper's own board: it speaks a binary protocol that only Klipper knows.
    if (sighting.vendorId !== '1d50' || !['614e', '6177'].includes(sighting.productId ?? '')) return undefined
    return { sure: -1, why: because('usb-klipper', { port: sighting.path }), config: {}, needs: 'ask' }
  }
  if (sighting.type !== 'moonraker') return undefined
  const { txt, port, name } = sighting
  const secure = txt.https_port !== undefined && txt.https_port === String(port)
  const url = announcedUrl(sighting, { path: txt.route_prefix ?? '', secure })
  if (url === undefined) return undefined
  const called = /^(.*) @ [^@]*$/.exec(name)?.[1] ?? name
  // One id, written without dashes over mDNS and with them over SSDP.
  const id = txt.uuid?.replaceAll('-', '').toLowerCase()
  return {
    sure: 0.95,
    why: because('announces', { what: `Moonraker ${txt.version ?? ''}`.trim() }),
    ...(called !== '' && { name: called }),
    ...(id && { identity: `moonraker:${id}` }),
    config: { url },
    needs: 'nothing',
  }
}

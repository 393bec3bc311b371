import type { Likeness, Sighting } from '../../sighting.ts'

const usualPort = 7125

/** printer-protocols 2.1: `_moonraker._tcp`, once `[zeroconf]` is configured; an address is asked. */
export function recognise(sighting: Sighting): Likeness | undefined {
  if (sighting.via === 'address') {
    const { address } = sighting
    return {
      sure: address.includes(`:${usualPort}`) ? 0.6 : 0.3,
      why: 'An address may lead to anything; asking it will tell.',
      config: { url: address },
      needs: 'nothing',
    }
  }
  if (sighting.via === 'usb') {
    // 1d50:614e is Klipper's own board: it speaks a binary protocol that only Klipper knows.
    if (sighting.vendorId !== '1d50' || !['614e', '6177'].includes(sighting.productId ?? '')) return undefined
    return {
      sure: -1,
      why: 'This is a Klipper board. It is run by Klipper: connect to its Moonraker over the network instead.',
      config: {},
      needs: 'ask',
    }
  }
  if (sighting.type !== 'moonraker') return undefined
  const { txt, port, name } = sighting
  const prefix = (txt.route_prefix ?? '').replace(/^\/?/, '/').replace(/\/$/, '')
  return {
    sure: 0.95,
    why: `It announces itself as Moonraker ${txt.version ?? ''}.`.replace(' .', '.'),
    name: /^(.*) @ [^@]*$/.exec(name)?.[1] ?? name,
    ...(txt.uuid && { identity: `moonraker:${txt.uuid}` }),
    config: { url: `http://${sighting.addresses[0] ?? sighting.host}:${port}${prefix}` },
    needs: 'nothing',
  }
}

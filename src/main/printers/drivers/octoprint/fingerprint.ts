import type { Likeness, Sighting } from '../../sighting.ts'

/** printer-protocols 2.1: PrusaLink on a Raspberry Pi borrows `_octoprint._tcp`, with `path=/` and nothing else. */
export function recognise(sighting: Sighting): Likeness | undefined {
  if (sighting.via === 'address') {
    return {
      sure: 0.3,
      why: 'An address may lead to anything; asking it will tell.',
      config: { url: sighting.address },
      needs: 'credentials',
    }
  }
  if (sighting.via !== 'mdns' || sighting.type !== 'octoprint') return undefined
  const { txt, port } = sighting
  const own = txt.version !== undefined || txt.uuid !== undefined
  const path = txt.path === undefined || txt.path === '/' ? '' : txt.path.replace(/\/$/, '')
  return {
    sure: own ? 0.95 : 0.4,
    why: own
      ? `It announces itself as OctoPrint ${txt.version ?? ''}.`.replace(' .', '.')
      : 'It announces itself as OctoPrint, as PrusaLink does too.',
    name: sighting.name.replace(/^OctoPrint instance /i, '').replaceAll('"', ''),
    ...(txt.model && { make: txt.model }),
    ...(txt.uuid && { identity: `octoprint:${txt.uuid}` }),
    config: {
      url: `${port === 443 ? 'https' : 'http'}://${sighting.addresses[0] ?? sighting.host}:${port}${path}`,
    },
    needs: 'credentials',
  }
}

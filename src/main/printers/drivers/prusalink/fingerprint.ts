import type { Likeness, Sighting } from '../../sighting.ts'

/** printer-protocols 2.1: PrusaLink on a Raspberry Pi announces itself; Buddy boards mostly do not. */
export function recognise(sighting: Sighting): Likeness | undefined {
  const needs = 'credentials' as const
  if (sighting.via === 'address') {
    const config = { url: sighting.address }
    return { sure: 0.3, why: 'An address may lead to anything; asking it will tell.', config, needs }
  }
  if (sighting.via !== 'mdns') return undefined
  const { type, port, name, txt } = sighting
  const config = { url: `http://${sighting.addresses[0] ?? sighting.host}:${port}` }
  if (type === 'prusalink') {
    return {
      sure: 0.95,
      why: 'It announces itself as PrusaLink.',
      name: /^PrusaLink at ([^:]+)/.exec(name)?.[1] ?? name,
      make: 'Prusa Research',
      identity: `prusalink:${sighting.host.replace(/\.$/, '').toLowerCase()}`,
      config,
      needs,
    }
  }
  if ((type === 'octoprint' || type === 'http') && /prusa/i.test(name) && txt.version === undefined) {
    return { sure: 0.6, why: 'Its name speaks of Prusa.', name, make: 'Prusa Research', config, needs }
  }
  return undefined
}

import { because, type Likeness, type Sighting } from '../../identity/sighting.ts'
import { announcedUrl } from '../../identity/web-address.ts'

/** printer-protocols 2.1: PrusaLink on a Raspberry Pi announces itself; Buddy boards mostly do not. */
export function recognise(sighting: Sighting): Likeness | undefined {
  const needs = 'credentials' as const
  if (sighting.via === 'address') {
    return { sure: 0.3, why: because('may-be-anything'), config: { url: sighting.address }, needs }
  }
  if (sighting.via === 'usb') return undefined
  const { type, name, txt } = sighting
  const url = announcedUrl(sighting)
  if (url === undefined) return undefined
  const about = { make: 'Prusa Research', config: { url }, needs }
  if (type === 'prusalink') {
    return {
      ...about,
      sure: 0.95,
      why: because('announces', { what: 'PrusaLink' }),
      name: /^PrusaLink at ([^:]+)/.exec(name)?.[1] ?? name,
      identity: `prusalink:${sighting.host.replace(/\.$/, '').toLowerCase()}`,
    }
  }
  if ((type === 'octoprint' || type === 'http') && /prusa/i.test(name) && txt.version === undefined) {
    return { ...about, sure: 0.6, why: because('named-like', { what: 'Prusa' }), name }
  }
  return undefined
}

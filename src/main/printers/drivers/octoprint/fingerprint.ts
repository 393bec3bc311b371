import { because, type Likeness, type Sighting } from '../../identity/sighting.ts'
import { announcedUrl } from '../../identity/web-address.ts'

/** printer-protocols 2.1: PrusaLink on a Raspberry Pi borrows `_octoprint._tcp`, with `path=/` and nothing else. */
export function recognise(sighting: Sighting): Likeness | undefined {
  if (sighting.via === 'address') {
    const config = { url: sighting.address }
    return { sure: 0.3, why: because('may-be-anything'), config, needs: 'credentials' }
  }
  if (sighting.via === 'usb' || sighting.type !== 'octoprint') return undefined
  const { txt, name } = sighting
  const url = announcedUrl(sighting, { path: txt.path ?? '' })
  if (url === undefined) return undefined
  const own = txt.version !== undefined || txt.uuid !== undefined
  const what = `OctoPrint ${txt.version ?? ''}`.trim()
  const called = name.replace(/^OctoPrint instance /i, '').replaceAll('"', '')
  return {
    sure: own ? 0.95 : 0.4,
    why: because(own ? 'announces' : 'announces-borrowed', { what }),
    ...(called !== '' && { name: called }),
    ...(txt.model && { make: txt.model }),
    ...(txt.uuid && { identity: `octoprint:${txt.uuid}` }),
    config: { url },
    needs: 'credentials',
  }
}

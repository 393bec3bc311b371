import { isIP } from 'node:net'

/** What stands where an address stood. */
const hidden = '[address]'

/**
 * What looks like the way to a device, whoever says it: URLs, device files and ports, MAC and IP addresses, the names
 * of a home network. A version such as 2.1.2.4 looks like one, too, and is hidden with them.
 */
const shapes: readonly RegExp[] = [
  /\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>]+/gi,
  /(?:\\\\[.?]\\|\/dev\/)[^\s"'<>,;()]+/g,
  /\bCOM\d{1,3}\b/g,
  /(?<![\w:])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![\w:])/gi,
  /\b(?:[a-z0-9-]+\.)+(?:local|localdomain|lan|home|internal|intranet|box|arpa)\.?(?::\d{1,5})?\b/gi,
  /\blocalhost(?::\d{1,5})?\b/gi,
]
/** What holds none of these has no such shape: most texts of most printers. */
const mayHold = /[.:/\\-]|COM\d|localhost/i

/** What may be an IP, with brackets, zone and port; `isIP` has the last word. */
const mayBeIp = /(?<![\w.:])\[?[\da-f:.]{3,60}(?:%\w+)?(?:\](?::\d{1,5})?)?(?![\w])/gi

function withoutIp(found: string): string {
  const end = /[.:]$/.exec(found)?.[0] ?? ''
  const address = found.slice(0, found.length - end.length)
  const bare = address
    .replace(/^\[(.*)\](?::\d+)?$/, '$1')
    .replace(/^([\d.]+):\d+$/, '$1')
    .replace(/%\w+$/, '')
  return isIP(bare) === 0 ? found : `${hidden}${end}`
}

/** @param places where the printer is, as far as it is known: whatever their shape, they are hidden, too. */
export function withoutAddresses(text: string, places: readonly string[] = []): string {
  let told = text
  // The longest first: of `voron:7125` nothing is left when `voron` is looked for.
  for (const place of [...places].sort((one, other) => other.length - one.length))
    if (place !== '') told = told.replace(wordOf(place), hidden)
  if (!mayHold.test(told)) return told
  for (const shape of shapes) told = told.replace(shape, hidden)
  return told.replace(mayBeIp, withoutIp)
}

/** As a word of its own: a printer called `o` hides no letter. */
function wordOf(place: string): RegExp {
  const known = words.get(place)
  if (known) return known
  const text = place.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const word = new RegExp(`(?<![\\p{L}\\p{N}_-])${text}(?![\\p{L}\\p{N}_-])`, 'giu')
  if (words.size >= mostWords) words.clear()
  words.set(place, word)
  return word
}

/** A room of printers is where it is: the same places are looked for with every change. */
const words = new Map<string, RegExp>()
const mostWords = 2_000

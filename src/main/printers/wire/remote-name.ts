import { createHash } from 'node:crypto'
import { extname } from 'node:path'

/** What a make takes for the name of a file. */
export interface NameRule {
  /** With its ending, in UTF-8. */
  readonly longestBytes: number
  /** It may write all beyond ASCII in letters of its own choice, so that two names could become one. */
  readonly respells: boolean
  /** A file that is another to a person has this name already, in other letters. */
  readonly isTaken?: boolean
}

/**
 * Taken by some host, file system or firmware for something of its own: folders, quotes and comments of G-code, wildcards,
 * what FAT, OctoPrint and PrusaLink refuse or drop; and what ends a line or turns the direction of a text.
 */
const notTaken =
  /[\\/";<>:|?*%#&$^`~¯°ˇ\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Co}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu
const keptByWindows = /^(?:con|prn|aux|nul|clock\$|com\d|lpt\d)$/i
const beyondAscii = /[^\x20-\x7e]/

/**
 * The name under which a file is put on a printer: its own, wherever the make takes that. One that has to be changed
 * carries a sign of what it was, so that no two names ever become the same file, and the same name always does.
 */
export function remoteName(name: string, rule: NameRule): string {
  const whole = name.normalize('NFC')
  const ending = extname(whole)
    .toLowerCase()
    .replace(/[^a-z0-9.]/g, '')
  const plain = whole
    .slice(0, whole.length - extname(whole).length)
    .replace(notTaken, '_')
    .replace(/^[. ]+/, '')
    .replace(/[. ]+$/, '')
  const fits = Buffer.byteLength(plain + ending) <= rule.longestBytes
  const isOwn = plain + ending === whole && plain !== '' && fits && !keptByWindows.test(plain)
  if (isOwn && !rule.isTaken && !(rule.respells && beyondAscii.test(plain))) return whole
  const sign = createHash('sha256').update(whole).digest('hex').slice(0, 8)
  const room = rule.longestBytes - Buffer.byteLength(`-${sign}${ending}`)
  return `${cut(plain, room).trimEnd() || 'print'}-${sign}${ending}`
}

/** At most so many bytes, and no character in half. */
function cut(text: string, mostBytes: number): string {
  let kept = ''
  let bytes = 0
  for (const each of text) {
    bytes += Buffer.byteLength(each)
    if (bytes > mostBytes) break
    kept += each
  }
  return kept
}

import { GantryError } from '../contract/error.ts'

const longest = 120
/** Names that Windows keeps for itself, in whatever folder. */
const kept = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i

/** A file name from outside as one that may stand in a folder, in a request to a printer and on a screen. */
export function safeFileName(name: string): string {
  const last = name.normalize('NFC').split(/[\\/]/).at(-1) ?? ''
  const plain = last
    .replace(/[\p{Cc}\p{Cf}<>:"|?*]/gu, '')
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(/^\.+/, '')
  const dot = plain.lastIndexOf('.')
  const [stem, ending] = dot > 0 ? [plain.slice(0, dot), plain.slice(dot)] : [plain, '']
  if (!/^\.(?:gcode|gco|g|bgcode)$/i.test(ending)) {
    throw new GantryError(
      'contents.refused',
      'Only .gcode, .gco, .g and .bgcode files can be printed. A model must be sliced first.',
    )
  }
  const short = stem.slice(0, longest - ending.length).trim()
  return `${short === '' || kept.test(short) ? `file ${short}`.trim() : short}${ending.toLowerCase()}`
}

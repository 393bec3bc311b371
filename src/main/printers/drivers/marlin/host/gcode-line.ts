/** What a firmware is sent of one line of a file: without comment, number and blanks; empty when nothing is left. */
export function commandOf(raw: string): string {
  let text = raw
  const semicolon = text.indexOf(';')
  if (semicolon >= 0) text = text.slice(0, text.includes('"') ? commentStart(text) : semicolon)
  text = text.trim()
  const first = text.charCodeAt(0)
  return first === N || first === n ? withoutNumber(text) : text
}

const N = 0x4e
const n = 0x6e
const M = 0x4d
const m = 0x6d

/** A semicolon inside quotes belongs to the text. */
function commentStart(text: string): number {
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]
    if (letter === '"') quoted = !quoted
    else if (letter === ';' && !quoted) return at
  }
  return text.length
}

/** Numbers and checksums of a file written for another sender would only contradict our own. */
function withoutNumber(text: string): string {
  return text
    .replace(/^N\d+\s*/i, '')
    .replace(/\s*\*\d+\s*$/, '')
    .trim()
}

const lineEnds = /[\r\n\0]/

/** Ends the line in its middle at some firmware or other: the rest would be a command of its own. */
export function breaksOff(command: string): boolean {
  return lineEnds.test(command)
}

const word = /^([A-Z])\s*(\d+(?:\.\d+)?)/i

/** `G1`, `M104`, in one spelling: `g01 x3` is a `G1`. */
export function codeOf(command: string): string {
  const match = word.exec(command)
  return match ? `${(match[1] ?? '').toUpperCase()}${Number(match[2])}` : ''
}

const longCodes = new Set(
  'G4 G28 G29 G30 G32 G34 M0 M1 M48 M109 M116 M190 M191 M226 M303 M400 M600 M701 M702'.split(' '),
)

/** May take minutes before the firmware says `ok`. */
export function isLong(command: string): boolean {
  // Nearly every line of a print is a G0 or G1: told apart by two letters.
  const second = command.charCodeAt(1)
  if ((second === 0x30 || second === 0x31) && !(command.charCodeAt(2) >= 0x30)) {
    const first = command.charCodeAt(0)
    if (first === 0x47 || first === 0x67) return false
  }
  return longCodes.has(codeOf(command))
}

/** What a host keeps back: waits it can answer itself, and commands that would break its own numbering. */
export function hostMeaning(command: string): 'pause' | 'drop' | undefined {
  const first = command.charCodeAt(0)
  if (first !== M && first !== m) return undefined
  switch (codeOf(command)) {
    case 'M0':
    case 'M1':
    case 'M25':
      return 'pause'
    case 'M110':
    case 'M28':
    case 'M29':
    case 'M112':
      return 'drop'
    default:
      return undefined
  }
}

export function extrudes(command: string): boolean {
  return /^G0?[0-3]\b.*\sE\d*\.?\d*[1-9]/i.test(command)
}

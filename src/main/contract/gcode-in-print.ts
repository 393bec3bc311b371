/** What one line of G-code, typed by a person, means to a print that is on. What is not known is `other`. */
export type GcodeInPrint =
  | { readonly kind: 'stop' }
  /** Asks, shows or tunes; moves nothing and changes no mode. */
  | { readonly kind: 'harmless' }
  /** Ends a wait for a person. */
  | { readonly kind: 'answer' }
  | {
      readonly kind: 'heat'
      /** `nozzle`: the active one, whichever that is. */
      readonly heater: string
      readonly targetC: number
      /** It holds up every line behind it. */
      readonly waits: boolean
    }
  | { readonly kind: 'move' }
  | { readonly kind: 'other' }

const harmless = new Set(
  'M27 M31 M73 M105 M106 M107 M114 M115 M117 M118 M119 M123 M155 M220 M221 M300 M503 M900'.split(' '),
)
const harmlessWords = new Set(
  'STATUS GET_POSITION SET_PRESSURE_ADVANCE SET_DISPLAY_TEXT SET_LED RESPOND EXCLUDE_OBJECT'.split(' '),
)
const answers = new Set(['M108', 'M876'])
const heats: Readonly<Record<string, readonly [heater: string, waits: boolean]>> = {
  M104: ['nozzle', false],
  M109: ['nozzle', true],
  M140: ['bed', false],
  M190: ['bed', true],
  M141: ['chamber', false],
  M191: ['chamber', true],
}

export function gcodeInPrint(line: string): GcodeInPrint {
  const text = line.trim().toUpperCase()
  const code = /^([GMT])\s*(\d+(?:\.\d+)?)(?!\d|\.|[A-Z_]{2})/.exec(text)
  if (code === null) return { kind: isHarmlessWord(text) ? 'harmless' : 'other' }
  const name = `${code[1]}${Number(code[2])}`
  if (name === 'M112') return { kind: 'stop' }
  if (holdsAnother(name, text.slice(code[0].length))) return { kind: 'other' }
  if (harmless.has(name)) return { kind: 'harmless' }
  if (answers.has(name)) return { kind: 'answer' }
  if (name === 'G0' || name === 'G1') return { kind: 'move' }
  const heat = Object.hasOwn(heats, name) ? heats[name] : undefined
  return heat ? heatOf(heat, text) : { kind: 'other' }
}

function isHarmlessWord(text: string): boolean {
  const word = /^[A-Z_][A-Z0-9_]*/.exec(text)?.[0] ?? ''
  return harmlessWords.has(word) && !/\b[GMT]\s*\d/.test(text)
}

/** RepRapFirmware and Smoothie take several commands in one line, and Repetier ends a line at a colon. */
function holdsAnother(name: string, rest: string): boolean {
  const isText = name === 'M117' || name === 'M118'
  return isText ? /:\s*[GMTN]\s*\d/.test(rest) : /[GMN:]/.test(rest.replace(/;.*$/, ''))
}

/** Without a target Klipper takes 0; of several the coldest is what it may come to. */
function heatOf([heater, waits]: readonly [string, boolean], text: string): GcodeInPrint {
  const targets = [...text.slice(1).matchAll(/[SR]\s*(-?\d+(?:\.\d+)?)?/g)].map(found =>
    Number(found[1] ?? 0),
  )
  const tool = /T\s*(\d+)/.exec(text)?.[1]
  return {
    kind: 'heat',
    heater: heater === 'nozzle' && tool !== undefined ? `nozzle${Number(tool)}` : heater,
    targetC: targets.length === 0 ? 0 : Math.min(...targets),
    waits,
  }
}

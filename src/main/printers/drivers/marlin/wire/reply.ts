import { type HostAction, parseAction } from './action.ts'
import { type CardReply, parseCard } from './card.ts'
import {
  type BuildVolume,
  type FirmwareIdentity,
  parseArea,
  parseCapability,
  parseFirmware,
  parseSoftEndstops,
  type Reach,
} from './firmware.ts'
import { parseRepetierTarget, parseTemperatures, type TemperatureReport } from './temperature.ts'

export type Reply =
  | {
      readonly kind: 'ok'
      readonly line?: number
      readonly plannerFree?: number
      readonly queueFree?: number
    }
  | { readonly kind: 'resend'; readonly line: number }
  /** The firmware lost the number of a line and asks for nothing: the next line brings the resend. */
  | { readonly kind: 'number-lost' }
  /** The reason printed before a resend. */
  | { readonly kind: 'line-damaged'; readonly text: string }
  | { readonly kind: 'busy'; readonly why: 'processing' | 'user' | 'input' }
  | { readonly kind: 'wait' }
  | { readonly kind: 'start' }
  | { readonly kind: 'reset-cause'; readonly text: string }
  | { readonly kind: 'error'; readonly text: string }
  | { readonly kind: 'warning'; readonly text: string }
  | { readonly kind: 'unknown-command'; readonly command: string }
  | { readonly kind: 'temperatures'; readonly report: TemperatureReport }
  | {
      readonly kind: 'target'
      readonly heater: 'tool' | 'bed'
      readonly index: number
      readonly targetC: number
    }
  | {
      readonly kind: 'position'
      readonly xMm: number
      readonly yMm: number
      readonly zMm: number
      readonly eMm?: number
      /** Its motors are towers: the middle of the bed is 0, and the reach is round. */
      readonly delta?: true
    }
  /** The tool that prints from now on. */
  | { readonly kind: 'tool'; readonly tool: number }
  | { readonly kind: 'firmware'; readonly identity: FirmwareIdentity }
  | { readonly kind: 'capability'; readonly name: string; readonly on: boolean }
  | { readonly kind: 'area'; readonly volume?: BuildVolume; readonly reach: Reach }
  /** A runout sensor, as M119 shows it. */
  | { readonly kind: 'filament'; readonly present: boolean }
  | { readonly kind: 'progress'; readonly percent: number; readonly remainingMin?: number }
  | ({ readonly kind: 'action' } & HostAction)
  | CardReply
  | { readonly kind: 'text'; readonly text: string }

type Parser = (line: string) => Reply | undefined

const plainOk: readonly Reply[] = [{ kind: 'ok' }]

/** Everything one line says. An `ok` may carry data on the same line; each fact is one entry, the `ok` first. */
export function parseReply(line: string): readonly Reply[] {
  if (line === 'ok') return plainOk
  const ok = parseOk(line)
  const fact = firstFact(ok ? line.replace(/^ok\s*/, '') : line)
  if (!ok) return [fact ?? { kind: 'text', text: line }]
  return fact ? [ok, fact] : [ok]
}

/** `ok`, `ok N12 P15 B3`, `ok T:24.5 /0.0` */
function parseOk(line: string): Extract<Reply, { kind: 'ok' }> | undefined {
  const match = /^ok(?:$|[\s:])/.test(line)
    ? /^ok(?:\s+N(-?\d+))?(?:\s+P(\d+))?(?:\s+B(\d+))?(?=\s|$|:)/.exec(line)
    : null
  if (!match) return undefined
  const [, lineNumber, plannerFree, queueFree] = match
  return {
    kind: 'ok',
    ...(lineNumber === undefined ? {} : { line: Number(lineNumber) }),
    ...(plannerFree === undefined ? {} : { plannerFree: Number(plannerFree) }),
    ...(queueFree === undefined ? {} : { queueFree: Number(queueFree) }),
  }
}

function firstFact(line: string): Reply | undefined {
  for (const parse of parsers) {
    const fact = parse(line)
    if (fact) return fact
  }
  return undefined
}

/** `Resend: 12`, `resend:12`, `rs 12`, `rs N12`, `rs Checksum error on line 12` */
const resend: Parser = line => {
  const match = /^(?:resend|rs)\b\D*(\d+)/i.exec(line)
  return match ? { kind: 'resend', line: Number(match[1]) } : undefined
}

/** `Error:checksum mismatch, Last Line: 11` asks for a resend; `Error:Thermal Runaway, system stopped!` does not. */
const errorLine: Parser = line => {
  const match = /^(?:error:|!!\s*|fatal:)\s*(.*)$/i.exec(line)
  if (!match) return undefined
  const text = match[1] ?? ''
  if (/no line ?number with checksum|missing line ?number/i.test(text)) return { kind: 'number-lost' }
  if (
    /line number is not last line number|expected line|checksum mismatch|(?:no|missing) checksum|format error/i.test(
      text,
    )
  )
    return { kind: 'line-damaged', text }
  return { kind: 'error', text: /^(?:!!|fatal:)/i.test(line) ? line : text }
}

/** What an MMU says in capitals that is no fault. */
const mmuNews = new Set(['FILAMENT EJECTED', 'FILAMENT CHANGE'])

/**
 * Prusa's faults, which no `Error:` announces: `Hotend fan speed is lower than expected`, `TM: error triggered!`, and
 * `echo:MMU2:FINDA DIDNT TRIGGER`, whose title is in capitals while its progress is not.
 */
const plainFault: Parser = line => {
  const text = line.replace(/^echo:\s*/, '')
  if (/^(?:Hotend|Extruder|Print) fan speed is lower/i.test(text)) return { kind: 'error', text }
  if (/^TM: error (?:triggered|\|)/.test(text)) return { kind: 'error', text }
  const title = /^MMU2:([A-Z][A-Z0-9 .:-]{5,})$/.exec(text)?.[1]
  return title === undefined || mmuNews.has(title.trim()) ? undefined : { kind: 'error', text }
}

/** `echo:busy: processing`, with and without `echo:` and the space */
const busy: Parser = line => {
  const match = /^(?:echo:)?\s*busy:\s*(.*)$/i.exec(line)
  if (!match) return undefined
  const text = match[1] ?? ''
  return { kind: 'busy', why: /user/i.test(text) ? 'user' : /input/i.test(text) ? 'input' : 'processing' }
}

const word: Parser = line => {
  if (line === 'start') return { kind: 'start' }
  return line === 'wait' ? { kind: 'wait' } : undefined
}

/** `echo: External Reset`, printed after `start` */
const resetCause: Parser = line => {
  const match = /^(?:echo:)?\s*(PowerUp|(?:External|Brown out|Watchdog|Software) Reset)\s*$/i.exec(line)
  return match?.[1] === undefined ? undefined : { kind: 'reset-cause', text: match[1] }
}

const action: Parser = line => {
  const found = parseAction(line)
  return found && { kind: 'action', ...found }
}

const temperatures: Parser = line => {
  const report = parseTemperatures(line)
  return report && { kind: 'temperatures', report }
}

const target: Parser = line => {
  const found = parseRepetierTarget(line)
  return found && { kind: 'target', ...found }
}

/** `X:1.00 Y:2.00 Z:3.00 E:0.00 Count X:80 Y:160 Z:1200`; what follows `Count` is in steps. */
const position: Parser = line => {
  const before = line.split(/\bCount\b/i)[0] ?? ''
  const axis = (name: string) => {
    const match = new RegExp(String.raw`(?:^|\s)${name}:\s*(-?\d+(?:\.\d+)?)`).exec(before)
    return match ? Number(match[1]) : undefined
  }
  const [xMm, yMm, zMm] = [axis('X'), axis('Y'), axis('Z')]
  const eMm = axis('E') ?? axis('E0')
  if (xMm === undefined || yMm === undefined || zMm === undefined) return undefined
  const delta = /\bCount A:/.test(line) ? { delta: true as const } : {}
  return { kind: 'position', xMm, yMm, zMm, ...(eMm === undefined ? {} : { eMm }), ...delta }
}

/** `echo:Active Extruder: 1`, said after a change of tool */
const activeTool: Parser = line => {
  const match = /^(?:echo:)?\s*Active Extruder:\s*(\d+)/i.exec(line)
  return match ? { kind: 'tool', tool: Number(match[1]) } : undefined
}

const firmware: Parser = line => {
  const identity = parseFirmware(line)
  return identity && { kind: 'firmware', identity }
}

const capability: Parser = line => {
  const found = parseCapability(line)
  return found && { kind: 'capability', ...found }
}

const area: Parser = line => {
  const found = parseArea(line)
  if (found) return { kind: 'area', ...found }
  const reach = parseSoftEndstops(line)
  return reach && { kind: 'area', reach }
}

/** `filament: open` of M119: Marlin calls the sensor triggered as long as there is filament. */
const filament: Parser = line => {
  const match = /^filament\d*:\s*(open|triggered)/i.exec(line)
  return match ? { kind: 'filament', present: match[1]?.toLowerCase() === 'triggered' } : undefined
}

/** `NORMAL MODE: Percent done: 10; print time remaining in mins: 50;` and `Progress: 50.00%; Time left: 12m;` */
const progress: Parser = line => {
  const prusa = /NORMAL MODE: Percent done: (\d+);(?:.*?remaining in mins: (-?\d+))?/i.exec(line)
  const marlin = /^Progress: (\d+(?:\.\d+)?)%(?:.*?Time left: (?:(\d+)h)?\s*(\d+)m)?/i.exec(line)
  const percent = Number(prusa?.[1] ?? marlin?.[1] ?? Number.NaN)
  if (!(percent >= 0 && percent <= 100)) return undefined
  const minutes =
    prusa?.[2] ?? (marlin?.[3] === undefined ? undefined : Number(marlin[2] ?? 0) * 60 + Number(marlin[3]))
  const remainingMin = Number(minutes)
  return { kind: 'progress', percent, ...(remainingMin >= 0 ? { remainingMin } : {}) }
}

/** `echo:Unknown command: "M999X"`: not an error, an `ok` follows */
const unknownCommand: Parser = line => {
  const match = /^(?:echo:)?\s*Unknown command:\s*"?([^"]*)"?/i.exec(line)
  return match ? { kind: 'unknown-command', command: match[1] ?? '' } : undefined
}

/** `echo: cold extrusion prevented` */
const warning: Parser = line =>
  /cold extru|endstops hit:/i.test(line)
    ? { kind: 'warning', text: line.replace(/^echo:\s*/, '') }
    : undefined

const parsers: readonly Parser[] = [
  word,
  resend,
  busy,
  errorLine,
  plainFault,
  action,
  temperatures,
  target,
  position,
  activeTool,
  capability,
  firmware,
  area,
  filament,
  parseCard,
  progress,
  unknownCommand,
  resetCause,
  warning,
]

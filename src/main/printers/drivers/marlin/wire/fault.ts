export type Severity = 'warning' | 'error' | 'critical'

export interface WireFault {
  readonly code:
    | 'thermal-runaway'
    | 'heating-failed'
    | 'sensor-fault'
    | 'killed'
    | 'probe-failed'
    | 'motion'
    | 'clog'
    | 'fan'
    | 'media'
    | 'unsupported-command'
    | 'firmware-fatal'
    | 'other'
  readonly severity: Severity
  /** The printer's own words. */
  readonly text: string
}

type Row = readonly [RegExp, WireFault['code'], Severity]

/** First match wins: the reason before the kill that follows from it. */
const rows: readonly Row[] = [
  [/thermal (?:runaway|malfunction)/i, 'thermal-runaway', 'critical'],
  [/heating failed|preheat error/i, 'heating-failed', 'critical'],
  [
    /m(?:ax|in)temp(?: bed)? (?:error|triggered)|m(?:ax|in)temp bed|m(?:ax|in)temp/i,
    'sensor-fault',
    'critical',
  ],
  [/temperature difference/i, 'sensor-fault', 'critical'],
  [/kill\(\) called|kill caused by|watchdog|printer halted/i, 'killed', 'critical'],
  [/printer stopped due to errors/i, 'killed', 'critical'],
  [/probing failed|bltouch|stop called because of unhomed|bed leveling failed/i, 'probe-failed', 'error'],
  [/homing failed|driver over ?temperature|\btmc\b.*(?:error|connection)/i, 'motion', 'error'],
  // Prusa's thermal model: the printer pauses and cools, and is not dead.
  [/^TM: error triggered/i, 'thermal-runaway', 'error'],
  [/^TM: error/i, 'heating-failed', 'warning'],
  [/^MMU2:.*(?:FINDA|FSENSOR|FILAM|LOAD TO EXTR)/, 'clog', 'error'],
  [/^MMU2:.*(?:PULLEY|SELECTOR|IDLER)/, 'motion', 'error'],
  [/^MMU2:/, 'other', 'error'],
  [/endstops hit:/i, 'motion', 'warning'],
  [/invalid extruder/i, 'unsupported-command', 'error'],
  [
    /error writing to file|cannot open|open failed|volume\.init|openroot failed|sd init fail/i,
    'media',
    'warning',
  ],
  [/fan speed is lower|fan (?:error|speed)/i, 'fan', 'warning'],
  [/^!!|^fatal:/i, 'firmware-fatal', 'critical'],
]

/** What an `Error:`, `!!` or `fatal:` line means; text nobody has listed is an error of its own, never ignored. */
export function classifyFault(text: string): WireFault {
  const row = rows.find(([pattern]) => pattern.test(text))
  return row ? { code: row[1], severity: row[2], text } : { code: 'other', severity: 'error', text }
}

/**
 * Joins a fault told in two lines: `Error:0` then `: Extruder switched off. MAXTEMP triggered !`, and a reason
 * followed by `Error:Printer halted. kill() called!`, which must not hide it.
 */
export function joinFault(held: WireFault | undefined, next: WireFault): WireFault {
  if (!held) return next
  if (/^\d*$/.test(held.text.trim())) return classifyFault(`${held.text}${next.text}`)
  if (next.code === 'killed' && held.code !== 'killed') {
    return {
      code: held.code === 'other' ? 'killed' : held.code,
      severity: 'critical',
      text: `${held.text} ${next.text}`,
    }
  }
  return next
}

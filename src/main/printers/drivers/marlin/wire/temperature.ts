import { ownOf } from '../../../../lib/own.ts'

/** One heater or sensor as the firmware printed it. `actualC` is null where it printed no number. */
export interface HeaterReading {
  readonly actualC: number | null
  readonly targetC?: number
}

export interface TemperatureReport {
  readonly tools: ReadonlyMap<number, HeaterReading>
  readonly beds: ReadonlyMap<number, HeaterReading>
  readonly chambers: ReadonlyMap<number, HeaterReading>
  /** Everything else that has a name: `board`, `probe`, `heat-break` and what a Klipper calls its own. */
  readonly sensors: ReadonlyMap<string, HeaterReading>
  /** The tool that prints, where the line shows which. */
  readonly active?: number
  /** Its one tool has no number: it is the one that prints, whichever that is. */
  readonly unnumbered?: true
}

const value = String.raw`(-?\d+(?:\.\d+)?|[+-]?nan|[+-]?inf)`
const token = new RegExp(String.raw`(?:^|\s)([A-Za-z_]\w*):\s*${value}(?:\s*/\s*${value})?`, 'gi')
const heaterWord = /(?:^|\s)(?:T\d*|B\d*):/
const axes = [/(?:^|\s)X:/, /(?:^|\s)Y:/, /(?:^|\s)Z:/]

const sensorNames: Readonly<Record<string, string>> = {
  P: 'probe',
  A: 'board',
  M: 'board',
  R: 'redundant',
  L: 'cooler',
  S: 'processor',
  X: 'heat-break',
  CH: 'chamber-air',
}

/** An extruder number, seconds left, a line number: not temperatures. */
const notHeaters = new Set(['E', 'W', 'N', 'G', 'Y', 'Z', 'ok'])

/** ` T:204.9 /205.0 B:60.0 /60.0 C:34.0 /45.0 @:64 B@:12`; undefined for a line that reports no temperatures. */
export function parseTemperatures(line: string): TemperatureReport | undefined {
  if (!heaterWord.test(line) || /^(?:echo:|error|\/\/|!!)/i.test(line)) return undefined
  if (axes.every(axis => axis.test(line))) return undefined
  const tools = new Map<number, HeaterReading>()
  const beds = new Map<number, HeaterReading>()
  const chambers = new Map<number, HeaterReading>()
  const sensors = new Map<string, HeaterReading>()
  let bareTool: HeaterReading | undefined
  let waitsFor: number | undefined

  for (const [, key = '', actual = '', target] of line.matchAll(token)) {
    const reading = toReading(actual, target)
    const [, group, index] = /^([TBC])(\d*)$/.exec(key) ?? []
    if (group === 'T' && index === '') bareTool = reading
    else if (group === 'T') tools.set(Number(index), reading)
    else if (group === 'B') beds.set(Number(index), reading)
    else if (group === 'C') chambers.set(Number(index), reading)
    else if (key === 'E') waitsFor = reading.actualC ?? undefined
    else if (!notHeaters.has(key)) sensors.set(ownOf(sensorNames, key) ?? key, reading)
  }
  const found = { tools, beds, chambers, sensors }
  if (!bareTool) return found
  // `T:150.2 E:1 W:?`: an old Marlin waits for the heat of the tool it names.
  if (tools.size === 0 && waitsFor !== undefined) tools.set(waitsFor, bareTool)
  else if (tools.size === 0) {
    tools.set(0, bareTool)
    return { ...found, unnumbered: true }
  }
  // With several extruders the bare `T` repeats the active one; a Smoothieware leaves its first tool bare.
  else if (!tools.has(0)) tools.set(0, bareTool)
  else {
    const active = onlyOneLike(bareTool, tools)
    if (active !== undefined) return { ...found, active }
  }
  return found
}

function onlyOneLike(reading: HeaterReading, tools: ReadonlyMap<number, HeaterReading>): number | undefined {
  const alike = [...tools].filter(
    ([, { actualC, targetC }]) => actualC === reading.actualC && targetC === reading.targetC,
  )
  return tools.size > 1 && alike.length === 1 ? alike[0]?.[0] : undefined
}

function toReading(actual: string, target: string | undefined): HeaterReading {
  const targetC = target === undefined ? Number.NaN : Number(target)
  const actualC = Number(actual)
  return {
    actualC: Number.isFinite(actualC) ? actualC : null,
    ...(Number.isFinite(targetC) ? { targetC } : {}),
  }
}

/** Repetier prints targets on their own lines, `TargetExtr0:210` and `TargetBed:60`; they hold until changed. */
export function parseRepetierTarget(
  line: string,
): { heater: 'tool' | 'bed'; index: number; targetC: number } | undefined {
  const match = /^Target(?:Extr(\d+)|Bed):(\d+(?:\.\d+)?)/.exec(line)
  if (!match) return undefined
  const heater = match[1] === undefined ? 'bed' : 'tool'
  return { heater, index: Number(match[1] ?? 0), targetC: Number(match[2]) }
}

const COLDEST_ROOM_C = -10
const HOTTEST_HEATER_C = 600

/** An open thermistor reads about -14, a missing one -273.1, a broken one nan or 2000: not temperatures of this room. */
export function isSensorSound(reading: HeaterReading): boolean {
  const { actualC } = reading
  return actualC !== null && actualC > COLDEST_ROOM_C && actualC < HOTTEST_HEATER_C
}

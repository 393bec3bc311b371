import type { Clock } from '../../lib/clock.ts'
import { act, blankState, type SimAct, type SimFile, type SimState, step } from './model.ts'

/** One simulated printer in time: whoever looks sees where the arithmetic has come to by now. */
export interface SimPrinter {
  readonly clock: Clock
  state(): SimState
  /** false: the printer refuses this now. */
  act(input: SimAct): boolean
  /** Puts a file on it, read for what a slicer wrote into it. */
  addFile(path: string, content: string, sizeBytes?: number): SimFile
}

export interface SimOptions {
  readonly clock: Clock
  /** How many simulated seconds pass in one: a newcomer does not wait two hours for a print. */
  readonly speed?: number
  readonly files?: readonly SimFile[]
}

const stepMs = 250
/** A laptop that slept does not make the printer do a week of arithmetic. */
const longestGapMs = 3_600_000

export function createSimPrinter({ clock, speed = 1, files = [] }: SimOptions): SimPrinter {
  let state: SimState = { ...blankState, files }
  let walkedToMs = clock.elapsed()

  const catchUp = () => {
    const gapMs = Math.min(longestGapMs, (clock.elapsed() - walkedToMs) * speed)
    walkedToMs = clock.elapsed()
    for (let leftMs = gapMs; leftMs > 0; leftMs -= stepMs) state = step(state, Math.min(stepMs, leftMs))
    return state
  }
  return {
    clock,
    state: catchUp,
    act(input) {
      const after = act(catchUp(), input)
      if (after) state = after
      return after !== undefined
    },
    addFile(path, content, sizeBytes = content.length) {
      const file = fileOf(path, content, sizeBytes, clock.now())
      state = act(catchUp(), { kind: 'add-file', file }) ?? state
      return file
    },
  }
}

/** What slicers write in comments, or something sensible of the size: `;TIME:600`, `;LAYER_COUNT:40`, `M104 S210`. */
export function fileOf(path: string, content: string, sizeBytes: number, modifiedAt: number): SimFile {
  const number = (pattern: RegExp) => {
    const found = Number(pattern.exec(content)?.[1])
    return Number.isFinite(found) && found > 0 ? found : undefined
  }
  const durationS = number(/^;\s*TIME:\s*(\d+)/m) ?? Math.min(14_400, Math.max(120, sizeBytes / 500))
  return {
    path,
    sizeBytes,
    modifiedAt,
    durationS,
    layers: number(/^;\s*LAYER_COUNT:\s*(\d+)/m) ?? Math.max(1, Math.round(durationS / 30)),
    filamentMm: number(/^;\s*Filament used:\s*([\d.]+)/im) ?? Math.round(durationS * 1.5),
    nozzleC: number(/^M10[49]\s+S(\d+)/m) ?? 210,
    bedC: number(/^M1[49]0\s+S(\d+)/m) ?? 60,
  }
}

import type { RouteResult } from '@contract/routes.ts'
import type { Printer } from '../../stores/printers.ts'

type Heater = Printer['snapshot']['heaters'][number]
type Told = RouteResult<'GET printerhistory/temperatures'>['series']

/** [Unix ms, actual °C or null, target °C or null], oldest first. */
export type Point = readonly [at: number, actualC: number | null, targetC: number | null]
export type SeriesById = ReadonlyMap<string, readonly Point[]>

/** Gantry keeps a reading a minute while nothing moves; a longer silence is a hole, never a straight line. */
const longestSilenceMs = 150_000

const pointOf = ({ at, actualC, targetC }: Heater): Point => [at, actualC ?? null, targetC ?? null]

/** What the store kept, under what was heard since: a reading that is in both counts once. */
export function merge(past: Told, live: SeriesById): SeriesById {
  const merged = new Map<string, readonly Point[]>()
  for (const { id, points } of past) merged.set(id, points)
  for (const [id, points] of live) {
    const first = points[0]?.[0] ?? Number.POSITIVE_INFINITY
    merged.set(id, [...(merged.get(id) ?? []).filter(([at]) => at < first), ...points])
  }
  return merged
}

/** The readings with those of now, without what is older than `from`. The same array where nothing is new. */
export function append(live: SeriesById, heaters: readonly Heater[], from: number): SeriesById {
  const next = new Map(live)
  for (const heater of heaters) {
    const points = next.get(heater.id) ?? []
    const last = points.at(-1)
    if (last && heater.at <= last[0]) continue
    next.set(heater.id, [...points.filter(([at]) => at >= from), pointOf(heater)])
  }
  return next
}

/**
 * What was heard last still holds up to `now` where the printer tells of every change by itself: its lines reach
 * the edge instead of ending where a steady heater was last worth a word.
 */
export function heldUntil(series: SeriesById, now: number): SeriesById {
  const held = new Map<string, readonly Point[]>()
  for (const [id, points] of series) {
    const last = points.at(-1)
    held.set(id, last && last[0] < now ? [...points, [now, last[1], last[2]]] : points)
  }
  return held
}

type Column = (number | null | undefined)[]

export interface Aligned {
  /** Seconds, as the chart wants them. */
  readonly times: number[]
  /** In the order asked for. Undefined: nothing was said at this time. Null: a hole. */
  readonly actual: Column[]
  readonly target: Column[]
}

/** All series on one axis of time. */
export function align(series: SeriesById, ids: readonly string[]): Aligned {
  const moments = new Set<number>()
  const holed = ids.map(id => withHoles(series.get(id) ?? []))
  for (const points of holed) for (const [at] of points) moments.add(at)
  const times = [...moments].sort((a, b) => a - b)
  const place = new Map(times.map((at, index) => [at, index]))
  const column = (points: readonly Point[], pick: 1 | 2): Column => {
    const values: Column = new Array(times.length).fill(undefined)
    for (const point of points) values[place.get(point[0]) ?? 0] = point[pick]
    return values
  }
  return {
    times: times.map(at => at / 1000),
    actual: holed.map(points => column(points, 1)),
    target: holed.map(points => column(points, 2)),
  }
}

function withHoles(points: readonly Point[]): readonly Point[] {
  return points.flatMap((point, index) => {
    const before = points[index - 1]
    const isHole = before !== undefined && point[0] - before[0] > longestSilenceMs
    return isHole ? [[before[0] + 1, null, null] as const, point] : [point]
  })
}

/** At most so many points, the newest among them: for a table that a person can hear to its end. */
export function thin(points: readonly Point[], most: number): readonly Point[] {
  const step = Math.max(1, Math.ceil(points.length / most))
  return points.filter((_, index) => (points.length - 1 - index) % step === 0)
}

export function range(points: readonly Point[]): readonly [number, number] | undefined {
  const values = points.flatMap(([, actual]) => (actual === null ? [] : [actual]))
  return values.length === 0 ? undefined : [Math.min(...values), Math.max(...values)]
}

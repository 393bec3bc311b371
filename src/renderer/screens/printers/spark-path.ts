import type { Reading } from '../../stores/recent.ts'

export const sparkWidth = 64
export const sparkHeight = 22

/** Less than this fills no more than its share of the height: a steady nozzle looks steady. */
const floorC = 10
const edge = 1.5

/**
 * The line of a sparkline as an SVG path; empty while there is no line to draw. `until`: up to there the last
 * reading still holds, as with a printer that only tells what changed.
 */
export function sparkPath(told: readonly Reading[], until = 0): string {
  const first = told.at(0)
  const newest = told.at(-1)
  if (first === undefined || newest === undefined) return ''
  const last = { ...newest, at: Math.max(newest.at, until) }
  if (last.at <= first.at) return ''
  const readings = [...told, last]
  const values = readings.map(({ celsius }) => celsius)
  const low = Math.min(...values)
  const high = Math.max(...values)
  const span = Math.max(high - low, floorC)
  const middle = (low + high) / 2
  const points = readings.map(({ at, celsius }) => {
    const x = ((at - first.at) / (last.at - first.at)) * sparkWidth
    const y = sparkHeight / 2 - ((celsius - middle) / span) * (sparkHeight - 2 * edge)
    return `${x.toFixed(1)} ${y.toFixed(1)}`
  })
  return `M${points.join('L')}`
}

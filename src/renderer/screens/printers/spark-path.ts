import type { Reading } from '../../stores/recent.ts'

export const sparkWidth = 64
export const sparkHeight = 22

/** Less than this fills no more than its share of the height: a steady nozzle looks steady. */
const floorC = 10
const edge = 1.5

/** The line of a sparkline as an SVG path; empty while there is no line to draw. */
export function sparkPath(readings: readonly Reading[]): string {
  const first = readings.at(0)
  const last = readings.at(-1)
  if (first === undefined || last === undefined || last.at <= first.at) return ''
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

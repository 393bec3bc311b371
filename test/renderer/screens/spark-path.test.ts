import { describe, expect, it } from 'vitest'
import { sparkHeight, sparkPath } from '../../../src/renderer/screens/printers/spark-path.ts'

const heights = (path: string) =>
  path
    .slice(1)
    .split('L')
    .map(point => Number(point.split(' ')[1]))
const drawn = (...celsius: number[]) =>
  heights(sparkPath(celsius.map((value, index) => ({ at: index * 1000, celsius: value }))))

describe('a sparkline', () => {
  it('draws a steady nozzle steady: half a degree is a twentieth of ten', () => {
    const [low = 0, high = 0] = drawn(245, 245.5)
    expect(low - high).toBeCloseTo((sparkHeight - 3) / 20, 0)
  })

  it('uses its whole height for a climb', () => {
    const all = drawn(20, 100, 220)
    expect(Math.max(...all)).toBeCloseTo(sparkHeight - 1.5, 1)
    expect(Math.min(...all)).toBeCloseTo(1.5, 1)
  })

  it('holds the last reading of a printer that only tells changes', () => {
    expect(sparkPath([{ at: 1_000, celsius: 21 }], 9_000)).toBe('M0.0 11.0L64.0 11.0')
  })

  it('draws nothing of no reading, of one, and of a clock that stood still', () => {
    expect(sparkPath([])).toBe('')
    expect(sparkPath([{ at: 1, celsius: 20 }])).toBe('')
    expect(
      sparkPath([
        { at: 1, celsius: 20 },
        { at: 1, celsius: 30 },
      ]),
    ).toBe('')
  })
})

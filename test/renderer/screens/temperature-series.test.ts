import { describe, expect, it } from 'vitest'
import { align, append, merge, thin } from '../../../src/renderer/screens/printer/temperature-series.ts'

const heater = (at: number, actualC?: number) =>
  ({
    id: 'bed',
    kind: 'bed',
    index: 0,
    at,
    byPlugin: true,
    ...(actualC !== undefined && { actualC }),
  }) as const

describe('a printer’s temperatures over time', () => {
  it('counts a reading once that the store kept and the line told too', () => {
    const live = append(new Map(), [heater(2_000, 21)], 0)
    const past = [
      {
        id: 'bed',
        points: [[1_000, 20, 0] as [number, number, number], [2_000, 21, 0] as [number, number, number]],
      },
    ]
    expect(merge(past, live).get('bed')).toEqual([
      [1_000, 20, 0],
      [2_000, 21, null],
    ])
  })

  it('takes no reading twice and none from the past, and lets go of what is too old', () => {
    const first = append(new Map(), [heater(2_000, 21)], 0)
    expect(append(first, [heater(2_000, 99)], 0).get('bed')).toEqual([[2_000, 21, null]])
    expect(append(first, [heater(1_000, 99)], 0).get('bed')).toEqual([[2_000, 21, null]])
    expect(append(first, [heater(9_000, 22)], 5_000).get('bed')).toEqual([[9_000, 22, null]])
  })

  it('draws no line through a silence, nor through a reading that was none', () => {
    const series = new Map([
      [
        'bed',
        [
          [0, 20, 0],
          [200_000, 30, 0],
          [201_000, null, 0],
        ] as const,
      ],
      ['nozzle0', [[200_000, 100, 210]] as const],
    ])
    expect(align(series, ['bed', 'nozzle0'])).toEqual({
      times: [0, 0.001, 200, 201],
      actual: [
        [20, null, 30, null],
        [undefined, undefined, 100, undefined],
      ],
      target: [
        [0, null, 0, 0],
        [undefined, undefined, 210, undefined],
      ],
    })
  })

  it('thins readings out and keeps the newest', () => {
    const points = Array.from({ length: 100 }, (_, at) => [at, at, null] as const)
    expect(thin(points, 10)).toHaveLength(10)
    expect(thin(points, 10).at(-1)).toEqual([99, 99, null])
    expect(thin([], 10)).toEqual([])
  })
})

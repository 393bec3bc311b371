import { describe, expect, it } from 'vitest'
import { median, readings, tableOf } from '../../scripts/benching/bench.mjs'

const rows = [
  { name: 'bare', unit: 'ms', samples: [10, 30, 20] },
  { name: 'ours', unit: 'ms', samples: [50, 30], comparedTo: 'bare' },
]

describe('the numbers of a bench', () => {
  it.each([
    [[3], 3],
    [[9, 1, 5], 5],
    [[4, 1, 2, 3], 2.5],
  ])('have the median of %j as %d', (samples, expected) => {
    expect(median(samples)).toBe(expected)
  })

  it('tell the spread, and the ratio to what they are compared with', () => {
    expect(readings('http', rows)).toEqual([
      {
        bench: 'http',
        name: 'bare',
        unit: 'ms',
        median: 20,
        fastest: 10,
        slowest: 30,
        runs: 3,
        ratio: undefined,
      },
      { bench: 'http', name: 'ours', unit: 'ms', median: 40, fastest: 30, slowest: 50, runs: 2, ratio: 2 },
    ])
  })

  it('become a table', () => {
    expect(tableOf(readings('http', rows))).toBe(
      [
        '             median       spread   ratio',
        'http: bare  20.0 ms  10.0 – 30.0          3 runs',
        'http: ours  40.0 ms  30.0 – 50.0  × 2.00  2 runs',
      ].join('\n'),
    )
  })
})

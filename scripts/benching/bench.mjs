/**
 * What a bench is, and how its samples become numbers that can be compared.
 *
 * @typedef {object} Row
 * @property {string} name
 * @property {string} unit
 * @property {readonly number[]} samples
 * @property {string} [comparedTo] The name of the row that this one is a multiple of.
 *
 * @typedef {object} BenchTools
 * @property {string} root
 * @property {number} runs How many samples to take.
 * @property {AbortSignal} signal
 * @property {import('../bootstrap/progress.mjs').Say} say
 *
 * @typedef {object} Bench
 * @property {string} about
 * @property {(tools: BenchTools) => Promise<readonly Row[]>} run
 *
 * @typedef {object} Reading
 * @property {string} bench
 * @property {string} name
 * @property {string} unit
 * @property {number} median
 * @property {number} fastest
 * @property {number} slowest
 * @property {number} runs
 * @property {number | undefined} ratio
 */

/** @param {readonly number[]} samples */
export function median(samples) {
  const sorted = samples.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  return (low + high) / 2
}

/**
 * @param {string} bench
 * @param {readonly Row[]} rows
 * @returns {Reading[]}
 */
export function readings(bench, rows) {
  return rows.map(({ name, unit, samples, comparedTo }) => {
    const base = rows.find(row => row.name === comparedTo)
    return {
      bench,
      name,
      unit,
      median: median(samples),
      fastest: Math.min(...samples),
      slowest: Math.max(...samples),
      runs: samples.length,
      ratio: base && median(samples) / median(base.samples),
    }
  })
}

/** @param {readonly Reading[]} list */
export function tableOf(list) {
  const cells = [
    ['', 'median', 'spread', 'ratio', ''],
    ...list.map(({ bench, name, unit, median: middle, fastest, slowest, runs, ratio }) => [
      `${bench}: ${name}`,
      `${digits(middle)} ${unit}`,
      runs > 1 ? `${digits(fastest)} – ${digits(slowest)}` : '',
      ratio === undefined ? '' : `× ${ratio.toFixed(2)}`,
      `${runs} ${runs === 1 ? 'run' : 'runs'}`,
    ]),
  ]
  const widths = [0, 1, 2, 3, 4].map(column => Math.max(...cells.map(row => row[column]?.length ?? 0)))
  return cells
    .map(row =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** @param {number} value */
function digits(value) {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3)
}

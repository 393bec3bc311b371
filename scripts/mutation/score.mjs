/**
 * What a mutation run says of a room's tests.
 *
 * @typedef {{ line: number, column: number }} Place
 * @typedef {{ status: string, replacement?: string, location: { start: Place, end: Place } }} Mutant
 * @typedef {{ files: Record<string, { source: string, mutants: Mutant[] }> }} Report The part of Stryker's report that counts.
 * @typedef {{ file: string, line: number, change: string }} Survivor
 * @typedef {{ mutants: number, noticed: number, percent: number, survivors: Survivor[] }} Score
 */

const NOTICED = ['Killed', 'Timeout']
const UNNOTICED = ['Survived', 'NoCoverage']
const LONGEST = 60

/**
 * @param {Report} report
 * @returns {Score}
 */
export function scoreOf(report) {
  let noticed = 0
  const survivors = []
  for (const [file, { source, mutants }] of Object.entries(report.files)) {
    const lines = source.split('\n')
    for (const mutant of mutants) {
      if (NOTICED.includes(mutant.status)) noticed += 1
      else if (UNNOTICED.includes(mutant.status))
        survivors.push({ file, line: mutant.location.start.line, change: changeOf(lines, mutant) })
    }
  }
  const mutants = noticed + survivors.length
  // Rounded down: a room reaches its aim or it does not.
  const percent = mutants === 0 ? 0 : Math.floor((noticed / mutants) * 1_000) / 10
  return { mutants, noticed, percent, survivors }
}

/**
 * The code as it was and as it became, on one line.
 *
 * @param {readonly string[]} lines
 * @param {Mutant} mutant
 */
function changeOf(lines, { replacement = '', location: { start, end } }) {
  const touched = lines.slice(start.line - 1, end.line)
  touched[touched.length - 1] = (touched.at(-1) ?? '').slice(0, end.column - 1)
  touched[0] = (touched[0] ?? '').slice(start.column - 1)
  return `${short(touched.join(' '))} → ${short(replacement)}`
}

/** @param {string} code */
function short(code) {
  const line = code.replace(/\s+/g, ' ').trim()
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line
}

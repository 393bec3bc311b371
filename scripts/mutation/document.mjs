/**
 * `docs/quality.md`: the scores, which a run writes, and the survivors that people accepted, each with its reason,
 * which a run only reads.
 *
 * @typedef {import('./score.mjs').Score} Score
 * @typedef {import('./score.mjs').Survivor} Survivor
 */

export const DOCUMENT = 'docs/quality.md'

const BEGIN = '<!-- scores: written by npm run mutate -->'
const END = '<!-- end of scores -->'
const HEAD = [
  '| room | mutants | noticed | score | accepted | open |',
  '| --- | ---: | ---: | ---: | ---: | ---: |',
]

/**
 * The line that stands for a survivor in the document.
 *
 * @param {Survivor} survivor
 */
export const lineOf = ({ file, change }) => `${file.replace('src/main/', '')}: ${change}`

/**
 * @param {string} text
 * @param {Score} score
 * @returns {Survivor[]} those that nobody accepted
 */
export function openSurvivors(text, { survivors }) {
  const accepted = new Set(text.split('\n').map(line => line.trim()))
  return survivors.filter(survivor => !accepted.has(lineOf(survivor)))
}

/**
 * The document with the score of this room in its place.
 *
 * @param {string} text
 * @param {string} name
 * @param {Score} score
 */
export function withScore(text, name, score) {
  const [before, rest] = text.split(BEGIN)
  const [table = '', after] = (rest ?? '').split(END)
  if (before === undefined || after === undefined)
    throw new Error(`${DOCUMENT} has lost the place of its scores.`)
  const open = openSurvivors(text, score).length
  const { mutants, noticed, percent, survivors } = score
  const row = [name, mutants, noticed, `${percent.toFixed(1)} %`, survivors.length - open, open]
  const others = table
    .split('\n')
    .filter(line => line.startsWith('| ') && !HEAD.includes(line) && !line.startsWith(`| ${name} |`))
  const rows = [...others, `| ${row.join(' | ')} |`].sort()
  return `${before}${BEGIN}\n\n${[...HEAD, ...rows].join('\n')}\n\n${END}${after}`
}

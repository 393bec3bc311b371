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

/** What stands of a survivor in the list of its room: the file, what it was and what it became. */
const ACCEPTED = /^\S+\.ts: .+ → .*$/

/**
 * The lines accepted for one room: those below its heading, down to the next.
 *
 * @param {string} text
 * @param {string} name
 */
function acceptedLines(text, name) {
  const [, below = ''] = text.split(`\n### ${name}\n`)
  const [own = ''] = below.split('\n#')
  return own
    .split('\n')
    .map(line => line.trim())
    .filter(line => ACCEPTED.test(line))
}

/**
 * @param {string} text
 * @param {string} name
 * @param {Score} score
 * @returns {Survivor[]} those that nobody accepted
 */
export function openSurvivors(text, name, { survivors }) {
  const accepted = new Set(acceptedLines(text, name))
  return survivors.filter(survivor => !accepted.has(lineOf(survivor)))
}

/**
 * @param {string} text
 * @param {string} name
 * @param {Score} score
 * @returns {string[]} accepted lines that fit no survivor any more
 */
export function idleAcceptances(text, name, { survivors }) {
  const found = new Set(survivors.map(lineOf))
  return acceptedLines(text, name).filter(line => !found.has(line))
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
  const open = openSurvivors(text, name, score).length
  const { mutants, noticed, percent, survivors } = score
  const row = [name, mutants, noticed, `${percent.toFixed(1)} %`, survivors.length - open, open]
  const others = table
    .split('\n')
    .filter(line => line.startsWith('| ') && !HEAD.includes(line) && !line.startsWith(`| ${name} |`))
  const rows = [...others, `| ${row.join(' | ')} |`].sort()
  return `${before}${BEGIN}\n\n${[...HEAD, ...rows].join('\n')}\n\n${END}${after}`
}

import { ensureBuilt } from '../bootstrap/build.mjs'
import { isProblem } from '../bootstrap/problem.mjs'
import { failure } from './summary.mjs'

/**
 * Runs the parts one after the other. One that mostly waits for other programs starts at once, beside the others; what
 * it says is kept until its turn comes, so that the output reads as if they had followed each other.
 *
 * @typedef {import('./parts.mjs').Part} Part
 * @typedef {import('./parts.mjs').PartTools} PartTools
 * @typedef {import('./summary.mjs').Outcome} Outcome
 *
 * @param {readonly Part[]} parts
 * @param {PartTools} tools
 * @returns {Promise<Outcome[]>}
 */
export async function runParts(parts, tools) {
  const early = new Map(parts.filter(part => part.startsEarly).map(part => [part, begin(part, tools)]))
  const outcomes = []
  for (const part of parts) {
    tools.write(`\n== ${part.name}: ${part.title}\n`)
    const { show, outcome } = early.get(part) ?? begin(part, tools)
    show()
    outcomes.push(await outcome)
  }
  return outcomes
}

/**
 * @param {Part} part
 * @param {PartTools} tools
 */
function begin(part, tools) {
  let kept = ''
  /** @param {string} text */
  let write = text => {
    kept += text
  }
  const outcome = runPart(part, { ...tools, write: text => write(text) })
  // Whoever waits for it hears of a failure; nobody may be waiting yet.
  outcome.catch(() => {})
  const show = () => {
    write = tools.write
    if (kept) write(kept)
  }
  return { show, outcome }
}

/**
 * A part that cannot even be prepared has failed, and the ones after it still run.
 *
 * @param {Part} part
 * @param {PartTools} tools
 * @returns {Promise<Outcome>}
 */
async function runPart(part, tools) {
  const startedAt = performance.now()
  try {
    if (part.needsBuild) await ensureBuilt(tools)
    return await part.run(tools)
  } catch (error) {
    if (tools.signal.aborted || !isProblem(error)) throw error
    return failure(part.name, performance.now() - startedAt, error.message)
  }
}

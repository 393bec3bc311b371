import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBuilt } from '../bootstrap/build.mjs'
import { ensureInstalled } from '../bootstrap/install.mjs'
import { root, runEntry } from '../bootstrap/prepare.mjs'
import { isProblem } from '../bootstrap/problem.mjs'
import { conformanceOutcome } from '../conformance/document.mjs'
import { parts } from './parts.mjs'
import { failure, summarise } from './summary.mjs'
import { ensureSystemPackages } from './system-packages.mjs'

export async function main(argv = process.argv.slice(2)) {
  const unknown = argv.find(name => !parts.some(part => part.name === name))
  if (unknown !== undefined) {
    console.error(
      `gantry: ${unknown} is no part of the tests: choose from ${parts.map(part => part.name).join(', ')}.`,
    )
    process.exitCode = 2
    return
  }
  const chosen = argv.length === 0 ? parts : parts.filter(part => argv.includes(part.name))
  const isCi = process.env.CI === 'true'
  await runEntry(async ({ say, signal }) => {
    await ensureInstalled({ root, say, signal })
    await ensureSystemPackages([...new Set(chosen.flatMap(part => part.packages))], { say, signal })
    for (const part of chosen) rmSync(join(root, 'test-results', `${part.name}.json`), { force: true })
    const outcomes = []
    for (const part of chosen) {
      console.log(`\n== ${part.name}: ${part.title}`)
      outcomes.push(await runPart(part, { root, say, signal }))
    }
    // Only a whole run knows what is proven.
    if (chosen.length === parts.length) {
      const reports = parts.map(part => part.name)
      outcomes.push(conformanceOutcome({ root, reports, isCi }))
    }
    const { lines, closing, exitCode } = summarise(outcomes, { isCi })
    console.log(`\n${lines.join('\n')}\n\n${closing}`)
    return exitCode
  })
}

/**
 * A part that cannot even be prepared has failed, and the ones after it still run.
 *
 * @param {import('./parts.mjs').Part} part
 * @param {import('./parts.mjs').PartTools} tools
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

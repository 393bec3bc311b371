import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { ensureInstalled } from '../bootstrap/install.mjs'
import { root, runEntry } from '../bootstrap/prepare.mjs'
import { conformanceOutcome } from '../conformance/document.mjs'
import { parts } from './parts.mjs'
import { runParts } from './run-parts.mjs'
import { summarise } from './summary.mjs'
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
    await Promise.all([
      ensureInstalled({ root, say, signal }),
      ensureSystemPackages([...new Set(chosen.flatMap(part => part.packages))], { say, signal }),
    ])
    for (const part of chosen) rmSync(join(root, 'test-results', `${part.name}.json`), { force: true })
    /** @param {string} text */
    const write = text => process.stdout.write(text)
    const outcomes = await runParts(chosen, { root, say, signal, write })
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

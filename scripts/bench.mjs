import { readdirSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { readings, tableOf } from './benching/bench.mjs'
import { ensureBuilt } from './bootstrap/build.mjs'
import { ensureInstalled } from './bootstrap/install.mjs'
import { root, runEntry } from './bootstrap/prepare.mjs'
import { isProblem, messageOf, problem } from './bootstrap/problem.mjs'

const USUAL_RUNS = 5

/** Measures Gantry: `npm run bench [name …] [-- --runs N --json FILE]`. See bench/README.md. */
await runEntry(async ({ say, signal }) => {
  const { names, runs, json } = readArguments(process.argv.slice(2))
  await ensureInstalled({ root, say, signal })
  await ensureBuilt({ root, say, signal })
  const results = []
  let failed = 0
  for (const name of names) {
    /** @type {import('./benching/bench.mjs').Bench} */
    const bench = await import(pathToFileURL(join(root, 'bench', `${name}.mjs`)).href)
    console.log(`${name}: ${bench.about}`)
    try {
      results.push(...readings(name, await bench.run({ root, runs, signal, say })))
    } catch (error) {
      if (signal.aborted || !isProblem(error)) throw error
      say.note(`${name}: ${error.message}`)
      failed += 1
    }
  }
  console.log(`\n${tableOf(results)}`)
  if (json) {
    const machine = {
      processor: cpus()[0]?.model,
      cores: cpus().length,
      memoryBytes: totalmem(),
      node: process.version,
    }
    writeFileSync(
      json,
      `${JSON.stringify({ at: new Date().toISOString(), machine, results }, undefined, 2)}\n`,
    )
  }
  return failed === 0 ? 0 : 1
})

/** @param {string[]} argv */
function readArguments(argv) {
  const known = readdirSync(join(root, 'bench'))
    .filter(file => file.endsWith('.mjs'))
    .map(file => file.slice(0, -'.mjs'.length))
  /** @type {{ positionals: string[], values: { runs?: string, json?: string } }} */
  let parsed
  try {
    parsed = parseArgs({
      args: argv,
      allowPositionals: true,
      options: { runs: { type: 'string' }, json: { type: 'string' } },
    })
  } catch (error) {
    throw problem('flags', messageOf(error))
  }
  const { positionals, values } = parsed
  const runs = Number(values.runs ?? USUAL_RUNS)
  if (!Number.isInteger(runs) || runs < 1) throw problem('flags', '--runs needs a whole number from 1 on.')
  const unknown = positionals.find(name => !known.includes(name))
  if (unknown !== undefined)
    throw problem('flags', `There is no bench ${unknown}: choose from ${known.join(', ')}.`)
  return { names: positionals.length > 0 ? positionals : known, runs, json: values.json }
}

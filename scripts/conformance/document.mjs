import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { readReport } from '../testing/vitest.mjs'
import { conformanceTables, standards } from './tables.mjs'

const DOCUMENT = 'docs/conformance.md'

/**
 * Brings `docs/conformance.md` up to what the run proved. In CI nothing is written: there the committed page must
 * already say it.
 *
 * @param {{ root: string, reports: readonly string[], isCi: boolean }} options `reports` are names in test-results.
 * @returns {import('../testing/summary.mjs').Outcome}
 */
export function conformanceOutcome({ root, reports, isCi }) {
  const files = reports
    .flatMap(name => readReport(join(root, 'test-results', `${name}.json`))?.testResults ?? [])
    .map(file => ({ ...file, name: relative(root, file.name).split(sep).join('/') }))
  const text = conformanceTables(standards, files)
  const path = join(root, DOCUMENT)
  const isCurrent = existsSync(path) && readFileSync(path, 'utf8') === text
  const outcome = { name: 'conformance', passed: 1, failed: 0, skipped: 0, durationMs: 0 }
  if (isCurrent) return { ...outcome, remarks: [] }
  if (isCi)
    return {
      ...outcome,
      passed: 0,
      failed: 1,
      remarks: [`${DOCUMENT} does not say what this run proved: run npm test and commit the page.`],
    }
  writeFileSync(path, text)
  return { ...outcome, remarks: [`${DOCUMENT} was written anew: look at it and commit it.`] }
}

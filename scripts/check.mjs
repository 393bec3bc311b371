import { root, runEntry } from './bootstrap/prepare.mjs'
import { runChecks } from './testing/checks.mjs'

/** Types, lint, format, dead code and the import table: `npm run check`. */
await runEntry(async ({ signal }) => {
  const results = await runChecks({ root, signal, write: text => process.stdout.write(text) })
  const failed = results.filter(result => !result.passed).length
  console.log(`${results.length - failed} passed, ${failed} failed, 0 skipped`)
  return failed === 0 ? 0 : 1
})

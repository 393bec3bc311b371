import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Makes the files of the tree that are made from others: docs/api.md and the client of the example app. */
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))
const { status } = spawnSync(process.execPath, [vitest, 'run', '--project', 'unit', 'test/generated'], {
  stdio: 'inherit',
  env: { ...process.env, UPDATE_DOCS: '1' },
})
process.exitCode = status ?? 1

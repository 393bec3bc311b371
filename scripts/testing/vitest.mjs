import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from '../bootstrap/run-command.mjs'
import { outcomeOf } from './summary.mjs'

const RUN_LIMIT_MS = 20 * 60_000

/**
 * Runs vitest projects as one part and reads its report, which stays in `test-results/` for the conformance tables.
 *
 * @param {{ name: string, projects: readonly string[], root: string, env: Record<string, string>, files?: readonly string[], signal: AbortSignal, write: (text: string) => unknown }} options
 */
export async function runVitest({ name, projects, root, env, files = [], signal, write }) {
  const reportPath = join(root, 'test-results', `${name}.json`)
  const startedAt = performance.now()
  const run = await runCommand(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      ...files,
      ...projects.flatMap(project => ['--project', project]),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${reportPath}`,
    ],
    { cwd: root, env: { ...process.env, ...env }, signal, limitMs: RUN_LIMIT_MS, write },
  )
  const durationMs = performance.now() - startedAt
  return outcomeOf(name, readReport(reportPath), { ...run, durationMs, root })
}

/**
 * @param {string} path
 * @returns {import('./summary.mjs').VitestReport | undefined}
 */
export function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

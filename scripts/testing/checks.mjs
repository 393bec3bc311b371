import { join } from 'node:path'
import { runCommand } from '../bootstrap/run-command.mjs'
import { seconds } from './summary.mjs'

/**
 * What must hold before any test is worth running: types, style, no dead code, the walls between the rooms.
 *
 * @typedef {{ name: string, tool: string, args: string[] }} Check
 * @typedef {{ name: string, passed: boolean, output: string, durationMs: number }} CheckResult
 */

const CHECK_LIMIT_MS = 10 * 60_000
const AT_ONCE = 2

const knownTypes = (/** @type {string} */ name) => [
  '--incremental',
  '--tsBuildInfoFile',
  `.cache/types/${name}.tsbuildinfo`,
]

/** @type {readonly Check[]} The longest first, so that two at a time end together. */
const checks = [
  {
    name: 'types of the page',
    tool: 'vue-tsc/bin/vue-tsc.js',
    args: ['-p', 'src/renderer/tsconfig.json', ...knownTypes('page')],
  },
  { name: 'types', tool: 'typescript/bin/tsc', args: ['-p', 'tsconfig.json', ...knownTypes('all')] },
  {
    name: 'types of the end-to-end tests',
    tool: 'typescript/bin/tsc',
    args: ['-p', 'test/e2e/tsconfig.json', ...knownTypes('e2e')],
  },
  { name: 'dead code', tool: 'knip/bin/knip.js', args: ['--no-progress'] },
  { name: 'lint and format', tool: '@biomejs/biome/bin/biome', args: ['check', '--error-on-warnings', '.'] },
  { name: 'import table', tool: 'vitest/vitest.mjs', args: ['run', '--project', 'unit', 'test/house'] },
]

/**
 * @param {{ root: string, signal?: AbortSignal | undefined, write: (text: string) => unknown, list?: readonly Check[] }} options
 * @returns {Promise<CheckResult[]>}
 */
export async function runChecks({ root, signal, write, list = checks }) {
  const waiting = [...list]
  /** @type {CheckResult[]} */
  const results = []
  const work = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const result = await runCheck(check, root, signal)
      results.push(result)
      write(`${result.passed ? 'passed' : 'FAILED'}  ${check.name} (${seconds(result.durationMs)})\n`)
      if (!result.passed) write(`${result.output.trimEnd()}\n`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return results
}

/**
 * @param {Check} check
 * @param {string} root
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<CheckResult>}
 */
async function runCheck({ name, tool, args }, root, signal) {
  const startedAt = performance.now()
  const result = await runCommand(process.execPath, [join(root, 'node_modules', tool), ...args], {
    cwd: root,
    limitMs: CHECK_LIMIT_MS,
    ...(signal && { signal }),
  })
  const durationMs = performance.now() - startedAt
  return {
    name,
    passed: result.code === 0,
    output: result.outOfTime ? 'It took too long.' : result.output,
    durationMs,
  }
}

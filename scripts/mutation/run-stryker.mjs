import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { problem } from '../bootstrap/problem.mjs'
import { runCommand } from '../bootstrap/run-command.mjs'

const ROOM_LIMIT_MS = 3 * 60 * 60_000
const CACHE = '.cache/mutation'
/** A folder in memory, where Linux has one: most tests write a database of their own, and then wait for no disk. */
const MEMORY = '/dev/shm'
/** What no unit test of a room reads. */
const NOT_NEEDED = [
  ...['.cache', 'bench', 'dist', 'docs/images', 'out', 'test-results'],
  ...['test/e2e', 'test/interop', 'test/renderer'],
]

/**
 * Tries the tests of one room. What has not changed since the last time is not tried again.
 *
 * @param {{ root: string, name: string, room: import('./rooms.mjs').Room, signal: AbortSignal, write: (text: string) => unknown }} options
 * @returns {Promise<import('./score.mjs').Report>}
 */
export async function runStryker({ root, name, room, signal, write }) {
  const own = `${CACHE}/${name.replace('/', '-')}`
  const report = `${own}.report.json`
  const sandbox = `${CACHE}/sandbox`
  const config = {
    packageManager: 'npm',
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner', join(root, 'scripts/mutation/words.mjs')],
    ignorers: ['words'],
    vitest: { configFile: 'scripts/mutation/vitest.config.ts', related: false },
    mutate: room.mutate,
    testFiles: room.tests,
    ignorePatterns: NOT_NEEDED,
    coverageAnalysis: 'perTest',
    // A constant of a module is read once for all tests: to change one is to run them all.
    ignoreStatic: true,
    incremental: true,
    incrementalFile: `${own}.incremental.json`,
    concurrency: 2,
    // A busy machine must not look like an endless loop.
    timeoutMS: 15_000,
    tempDirName: sandbox,
    reporters: ['progress-append-only', 'json', 'html'],
    jsonReporter: { fileName: report },
    htmlReporter: { fileName: `${own}.html` },
    allowConsoleColors: false,
    logLevel: 'warn',
  }
  mkdirSync(join(root, CACHE), { recursive: true })
  for (const leftOver of [sandbox, report]) rmSync(join(root, leftOver), { recursive: true, force: true })
  writeFileSync(join(root, `${own}.config.json`), JSON.stringify(config))
  const stryker = join(root, 'node_modules/@stryker-mutator/core/bin/stryker.js')
  const result = await runCommand(process.execPath, [stryker, 'run', `${own}.config.json`], {
    cwd: root,
    env: { ...process.env, ...(existsSync(MEMORY) && { TMPDIR: MEMORY }) },
    limitMs: ROOM_LIMIT_MS,
    signal,
    write,
  })
  if (result.code !== 0) throw problem('machine', `The tests of ${name} could not be tried: see above.`)
  return JSON.parse(readFileSync(join(root, report), 'utf8'))
}

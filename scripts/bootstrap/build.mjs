import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { problem } from './problem.mjs'
import { runCommand } from './run-command.mjs'

/** Builds `out/` when what it is made of has changed. */

const INPUTS = [
  'src',
  'resources',
  'electron.vite.config.ts',
  'renderer.vite.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
]
const OUTPUTS = [
  'out/main/index.js',
  'out/main/headless.js',
  'out/preload/index.cjs',
  'out/renderer/index.html',
]
const STAMP = 'out/.built-from'
const BUILD_LIMIT_MS = 10 * 60_000

/**
 * @param {{ root: string, say: import('./progress.mjs').Say, signal?: AbortSignal | undefined, run?: typeof runCommand }} options
 */
export async function ensureBuilt({ root, say, signal, run = runCommand }) {
  if (isFresh(root)) return
  rmSync(join(root, STAMP), { force: true })
  const stamp = contentOf(root)
  const result = await say.step('Building the program', 'the compiler', () =>
    run(
      process.execPath,
      [join(root, 'node_modules/electron-vite/bin/electron-vite.js'), 'build', '--logLevel', 'warn'],
      {
        cwd: root,
        limitMs: BUILD_LIMIT_MS,
        ...(signal && { signal }),
      },
    ),
  )
  const absent = OUTPUTS.filter(path => !existsSync(join(root, path)))
  if (result.code !== 0 || absent.length > 0) {
    const why = result.outOfTime
      ? 'It took too long.'
      : result.output.trim().split('\n').slice(-20).join('\n')
    throw problem(
      'build',
      `The program could not be built from its sources.\n${why || `It lacks ${absent.join(', ')}.`}`,
    )
  }
  writeFileSync(join(root, STAMP), stamp)
}

/** @param {string} root */
export function isFresh(root) {
  if ([STAMP, ...OUTPUTS].some(path => !existsSync(join(root, path)))) return false
  return readFileSync(join(root, STAMP), 'utf8') === contentOf(root)
}

/** @param {string} root */
function filesOf(root) {
  return INPUTS.flatMap(input => {
    const full = join(root, input)
    if (!existsSync(full)) return []
    if (!statSync(full).isDirectory()) return [full]
    return readdirSync(full, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name))
  }).sort()
}

/** @param {string} root */
function contentOf(root) {
  const hash = createHash('sha256')
  for (const file of filesOf(root)) hash.update(`${file.slice(root.length)}\0`).update(readFileSync(file))
  return hash.digest('hex')
}

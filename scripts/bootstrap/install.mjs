import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { explain, npmCi } from './npm.mjs'
import { problem } from './problem.mjs'
import { runCommand } from './run-command.mjs'

/**
 * Keeps node_modules equal to package-lock.json. npm empties node_modules before it asks the registry, so packages
 * are installed beside it and swapped in when all are there: a failed or cancelled install breaks nothing.
 *
 * @typedef {{ packages?: Record<string, { version?: string, optional?: boolean, link?: boolean }> }} Lock
 * @typedef {{ ready: true } | { ready: false, complete: boolean, reason: string }} InstallState
 */

const STAMP = 'node_modules/.gantry-installed'
const INSTALL_LIMIT_MS = 20 * 60_000

/**
 * @param {string} root
 * @returns {InstallState}
 */
export function installState(root) {
  const lockText = readFileSync(join(root, 'package-lock.json'), 'utf8')
  const stamp = fingerprint(lockText)
  if (readText(join(root, STAMP)) === stamp) return { ready: true }
  const there = readText(join(root, 'node_modules/.package-lock.json'))
  if (there === undefined) return { ready: false, complete: false, reason: 'packages are missing' }
  const state = compareLocks(JSON.parse(lockText), JSON.parse(there))
  if (state.ready) writeFileSync(join(root, STAMP), stamp)
  return state
}

/**
 * @param {Lock} wanted
 * @param {Lock} there npm's own record of what it put into node_modules.
 * @returns {InstallState}
 */
export function compareLocks(wanted, there) {
  let changed = 0
  let missing = 0
  for (const [path, entry] of Object.entries(wanted.packages ?? {})) {
    if (path === '') continue
    const found = there.packages?.[path]
    // Packages for other platforms are optional and stay away.
    if (!found && !entry.optional) missing += 1
    else if (found && found.version !== entry.version) changed += 1
  }
  if (missing + changed === 0) return { ready: true }
  return {
    ready: false,
    complete: missing === 0,
    reason: missing > 0 ? 'packages are missing' : 'packages changed',
  }
}

/**
 * @param {{ root: string, say: import('./progress.mjs').Say, signal?: AbortSignal | undefined, run?: typeof runCommand }} options
 */
export async function ensureInstalled({ root, say, signal, run = runCommand }) {
  const state = installState(root)
  if (state.ready) return
  const failure = await say.step(`Installing packages, as ${state.reason}`, 'the npm registry', () =>
    installBeside(root, signal, run),
  )
  if (failure === undefined) return
  if (!state.complete) throw problem('install', failure)
  say.note(`${failure} Starting with the packages that are here, which may be older.`)
}

/**
 * @param {string} root
 * @param {AbortSignal | undefined} signal
 * @param {typeof runCommand} run
 * @returns {Promise<string | undefined>} what went wrong
 */
async function installBeside(root, signal, run) {
  await mkdir(join(root, '.cache'), { recursive: true })
  const work = await mkdtemp(join(root, '.cache/install-'))
  try {
    for (const file of ['package.json', 'package-lock.json', '.npmrc'])
      if (existsSync(join(root, file))) await copyFile(join(root, file), join(work, file))
    const result = await npmCi({ cwd: work, limitMs: INSTALL_LIMIT_MS, run, signal })
    if (result.code !== 0) return explain(result, 'Gantry’s packages')
    writeFileSync(join(work, STAMP), fingerprint(readFileSync(join(work, 'package-lock.json'), 'utf8')))
    await swap(root, work)
    return undefined
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/**
 * @param {string} root
 * @param {string} work
 */
async function swap(root, work) {
  if (existsSync(join(root, 'node_modules')))
    await rename(join(root, 'node_modules'), join(work, 'old_modules'))
  await rename(join(work, 'node_modules'), join(root, 'node_modules'))
}

/** @param {string} lockText */
function fingerprint(lockText) {
  return `${createHash('sha256').update(lockText).digest('hex')} ${process.platform} ${process.arch}`
}

/** @param {string} path */
function readText(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

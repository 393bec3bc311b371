import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { problem } from '../bootstrap/problem.mjs'
import { userCache } from '../bootstrap/registry-runtime.mjs'
import { runCommand } from '../bootstrap/run-command.mjs'

/**
 * A real OctoPrint for the interop tests, in a Python environment of its own in the cache folder: made once, found
 * again afterwards without touching the network.
 */
export const version = '1.11.8'

const ASK_LIMIT_MS = 30_000
const INSTALL_LIMIT_MS = 10 * 60_000

/** What pip says when nobody answers, as opposed to when somebody answers and the installation fails. */
const outOfReach =
  /connection broken|NewConnectionError|ConnectTimeout|Read timed out|name resolution|Network is unreachable|Cannot connect to proxy/i

/**
 * @param {{ say: import('../bootstrap/progress.mjs').Say, signal?: AbortSignal | undefined, cache?: string, run?: typeof runCommand }} options
 * @returns {Promise<{ python: string } | { missing: string }>} `missing` says what this machine lacks for it.
 */
export async function findOctoPrint({ say, signal, cache = userCache(), run = runCommand }) {
  if (process.platform === 'win32') return { missing: 'it is run on Linux and macOS only' }
  const home = join(cache, `octoprint-${version}`)
  const python = join(home, 'bin/python')
  if (existsSync(python)) return { python }
  await mkdir(cache, { recursive: true })
  const work = await mkdtemp(join(cache, '.making-'))
  try {
    const options = { cwd: cache, ...(signal && { signal }) }
    const made = await run('python3', ['-m', 'venv', work], { ...options, limitMs: ASK_LIMIT_MS })
    if (made.code !== 0) return { missing: 'there is no python3 that can make an environment (venv)' }
    const installed = await say.step(`Installing OctoPrint ${version}`, 'PyPI', () =>
      run(
        join(work, 'bin/python'),
        [
          '-m',
          'pip',
          'install',
          '--disable-pip-version-check',
          '--quiet',
          '--retries',
          '1',
          '--timeout',
          '15',
        ].concat(['--prefer-binary', `OctoPrint==${version}`]),
        { ...options, limitMs: INSTALL_LIMIT_MS },
      ),
    )
    if (installed.outOfTime || (installed.code !== 0 && outOfReach.test(installed.output)))
      return { missing: 'PyPI is out of reach' }
    if (installed.code !== 0)
      throw problem('install', `OctoPrint ${version} could not be installed: ${lastLines(installed.output)}`)
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

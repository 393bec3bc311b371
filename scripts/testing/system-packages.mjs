import { existsSync, readFileSync } from 'node:fs'
import { problem } from '../bootstrap/problem.mjs'
import { runCommand } from '../bootstrap/run-command.mjs'

/** The Debian packages that the tests with other programs need, by what needs them. */
export const systemPackages = {
  window: ['libgtk-3-0', 'libnss3', 'libgbm1', 'libasound2', 'libnotify4', 'libxss1', 'xvfb', 'xauth'],
  browser: ['chromium'],
  // Japanese screens are shot too, and would be rows of boxes without it.
  fonts: ['fonts-noto-cjk'],
  // What the real programs of the interop tests load, and what a part of theirs without a wheel is built with.
  interop: [
    ...['python3', 'python3-venv', 'python3-dev', 'gcc', 'libc6-dev', 'libcap-dev'],
    ...['libsodium23', 'libmagic1', 'libturbojpeg0'],
  ],
}

const ASK_LIMIT_MS = 30_000
const INSTALL_LIMIT_MS = 15 * 60_000

/**
 * Installs what is missing where that is ours to do (Debian as root, which is what containers are), and otherwise
 * says which line to type. Either way the tests go on: a part that still cannot run is listed as skipped.
 *
 * @param {readonly string[]} wanted
 * @param {{ say: import('../bootstrap/progress.mjs').Say, signal?: AbortSignal | undefined, run?: typeof runCommand, isDebian?: boolean, isRoot?: boolean }} options
 */
export async function ensureSystemPackages(
  wanted,
  { say, signal, run = runCommand, isDebian = onDebian(), isRoot = process.getuid?.() === 0 },
) {
  if (!isDebian) return
  const options = { cwd: '/', ...(signal && { signal }) }
  const asked = await run('dpkg-query', ['-s', ...wanted], {
    ...options,
    limitMs: ASK_LIMIT_MS,
  })
  const there = new Set(
    [...asked.output.matchAll(/^Package: (\S+)\nStatus: \S+ \S+ installed$/gm)].map(([, name]) => name),
  )
  const missing = wanted.filter(name => !there.has(name))
  if (missing.length === 0) return
  if (!isRoot) {
    say.note(`These tests need system packages. Type: sudo apt-get install -y ${missing.join(' ')}`)
    return
  }
  await say.step(`Installing system packages: ${missing.join(', ')}`, 'Debian’s package mirror', async () => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...missing]]) {
      const result = await run('apt-get', args, { ...options, env, limitMs: INSTALL_LIMIT_MS })
      if (result.code === 0 || args[0] === 'update') continue
      throw problem(
        'machine',
        `System packages could not be installed (apt-get install ${missing.join(' ')}):\n${result.output.trim().split('\n').slice(-5).join('\n')}`,
      )
    }
  })
}

function onDebian() {
  if (!existsSync('/etc/os-release')) return false
  return /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))
}

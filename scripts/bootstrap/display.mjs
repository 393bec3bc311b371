import { existsSync, readFileSync } from 'node:fs'
import { runCommand } from './run-command.mjs'

/** What a Linux machine must have before a window can open: a screen to draw on, and the libraries to draw with. */

const LDD_LIMIT_MS = 10_000

/** Which Debian package brings a library; the ones not named here come along with these. */
const PACKAGE_OF = new Map([
  ['libgtk-3.so.0', 'libgtk-3-0'],
  ['libgdk-3.so.0', 'libgtk-3-0'],
  ['libnss3.so', 'libnss3'],
  ['libnssutil3.so', 'libnss3'],
  ['libsmime3.so', 'libnss3'],
  ['libnspr4.so', 'libnspr4'],
  ['libgbm.so.1', 'libgbm1'],
  ['libasound.so.2', 'libasound2'],
  ['libatk-1.0.so.0', 'libatk1.0-0'],
  ['libatk-bridge-2.0.so.0', 'libatk-bridge2.0-0'],
  ['libatspi.so.0', 'libatspi2.0-0'],
  ['libcairo.so.2', 'libcairo2'],
  ['libcups.so.2', 'libcups2'],
  ['libdbus-1.so.3', 'libdbus-1-3'],
  ['libdrm.so.2', 'libdrm2'],
  ['libexpat.so.1', 'libexpat1'],
  ['libgio-2.0.so.0', 'libglib2.0-0'],
  ['libglib-2.0.so.0', 'libglib2.0-0'],
  ['libgobject-2.0.so.0', 'libglib2.0-0'],
  ['libpango-1.0.so.0', 'libpango-1.0-0'],
  ['libX11.so.6', 'libx11-6'],
  ['libxcb.so.1', 'libxcb1'],
  ['libXcomposite.so.1', 'libxcomposite1'],
  ['libXdamage.so.1', 'libxdamage1'],
  ['libXext.so.6', 'libxext6'],
  ['libXfixes.so.3', 'libxfixes3'],
  ['libXrandr.so.2', 'libxrandr2'],
  ['libxkbcommon.so.0', 'libxkbcommon0'],
])

/**
 * @param {{ env: NodeJS.ProcessEnv, platform?: NodeJS.Platform, hasSocket?: (name: string) => boolean }} host
 */
export function hasDisplay({ env, platform = process.platform, hasSocket = hasUnixSocket }) {
  if (platform !== 'linux') return true
  if (env.WAYLAND_DISPLAY) return true
  const display = env.DISPLAY
  if (!display) return false
  const local = /^(?:unix)?:(\d+)/.exec(display)
  // A display of another machine (ssh -X) is reached over the network: take the word for it.
  return local === null || hasSocket(`/tmp/.X11-unix/X${local[1]}`)
}

/** @param {string} name */
function hasUnixSocket(name) {
  if (existsSync(name)) return true
  try {
    return readFileSync('/proc/net/unix', 'utf8').includes(`@${name}`)
  } catch {
    return false
  }
}

/**
 * @param {string} binary
 * @param {{ signal?: AbortSignal | undefined, run?: typeof runCommand, platform?: NodeJS.Platform }} [options]
 * @returns {Promise<string[]>} the names of the libraries that the machine lacks
 */
export async function missingLibraries(
  binary,
  { signal, run = runCommand, platform = process.platform } = {},
) {
  if (platform !== 'linux') return []
  const result = await run('ldd', [binary], { cwd: '/', limitMs: LDD_LIMIT_MS, ...(signal && { signal }) })
  return [...result.output.matchAll(/^\s*(\S+) => not found/gm)].map(([, name = '']) => name)
}

/**
 * @param {readonly string[]} libraries
 * @param {boolean} [isDebian]
 */
export function libraryAdvice(libraries, isDebian = existsSync('/etc/debian_version')) {
  const packages = [
    ...new Set(libraries.map(name => PACKAGE_OF.get(name)).filter(name => name !== undefined)),
  ]
  if (!isDebian || packages.length === 0)
    return `install the packages of your system that bring ${libraries.join(', ')}`
  return `run: sudo apt-get install -y ${packages.join(' ')}`
}

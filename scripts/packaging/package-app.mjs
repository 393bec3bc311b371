import { existsSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { problem } from '../bootstrap/problem.mjs'
import { recipe, registryRuntime } from '../bootstrap/registry-runtime.mjs'
import { runCommand } from '../bootstrap/run-command.mjs'

const PACKAGE_LIMIT_MS = 20 * 60_000

/**
 * Makes packages with electron-builder (`electron-builder.yml`): without arguments this computer's unpacked app.
 *
 * @param {object} options
 * @param {string} options.root
 * @param {import('../bootstrap/progress.mjs').Say} options.say
 * @param {AbortSignal} options.signal
 * @param {import('../bootstrap/electron-runtime.mjs').ElectronRuntime} options.runtime
 * @param {readonly string[]} [options.args] electron-builder's own arguments.
 */
export async function packageApp({ root, say, signal, runtime, args = [] }) {
  const isUnpacked = args.length === 0
  if (runtime.kind === 'registry' && !isUnpacked)
    throw problem(
      'runtime',
      'Packages for people are made with the pinned Electron only, and its release page cannot be reached from here.',
    )
  if (isUnpacked) await rm(join(root, 'dist', unpackedFolder()), { recursive: true, force: true })
  const electron = isUnpacked ? await electronOptions(runtime, { say, signal }) : []
  const result = await say.step('Packaging the app', 'electron-builder', () =>
    runCommand(
      process.execPath,
      [
        join(root, 'node_modules/electron-builder/cli.js'),
        ...(isUnpacked ? ['--dir'] : args),
        '--publish',
        'never',
        ...electron,
      ],
      // Without this it looks for signing certificates and takes whatever it finds in a developer's keychain.
      {
        cwd: root,
        env: { CSC_IDENTITY_AUTO_DISCOVERY: 'false', ...process.env },
        signal,
        limitMs: PACKAGE_LIMIT_MS,
      },
    ),
  )
  if (result.code !== 0)
    throw problem(
      'build',
      `The app could not be packaged:\n${result.output.trim().split('\n').slice(-15).join('\n')}`,
    )
  if (runtime.kind === 'registry')
    say.note(`This package holds the Electron ${recipe.version} meant for tests. It must not be shipped.`)
}

/**
 * @param {import('../bootstrap/electron-runtime.mjs').ElectronRuntime} runtime
 * @param {{ say: import('../bootstrap/progress.mjs').Say, signal: AbortSignal }} tools
 */
async function electronOptions(runtime, tools) {
  if (runtime.kind === 'registry') {
    // The shared one, as the project's own points back at the project and would pack it whole.
    const folder = await registryRuntime(tools)
    return [`-c.electronDist=${folder}`, `-c.electronVersion=${recipe.version}`]
  }
  const folder = dirname(runtime.path)
  return [`-c.electronDist=${process.platform === 'darwin' ? dirname(dirname(dirname(folder))) : folder}`]
}

function unpackedFolder() {
  if (process.platform === 'darwin') return process.arch === 'arm64' ? 'mac-arm64' : 'mac'
  const suffix = process.arch === 'x64' ? '' : `${process.arch}-`
  return `${process.platform === 'win32' ? 'win' : 'linux'}-${suffix}unpacked`
}

/**
 * Where the unpacked app's executable is.
 *
 * @param {string} root
 */
export function packagedExecutable(root) {
  const folder = join(root, 'dist', unpackedFolder())
  const names = { darwin: 'Gantry.app/Contents/MacOS/Gantry', win32: 'Gantry.exe' }
  const path = join(
    folder,
    process.platform === 'darwin' || process.platform === 'win32' ? names[process.platform] : 'gantry',
  )
  if (existsSync(path)) return path
  const there = existsSync(folder) ? readdirSync(folder).join(', ') : 'nothing'
  throw problem('build', `The packaged app has no executable at ${path} (there is ${there}).`)
}

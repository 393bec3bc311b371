import { readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { electronRuntime } from '../scripts/bootstrap/electron-runtime.mjs'
import { packageApp, packagedExecutable } from '../scripts/packaging/package-app.mjs'

export const about = 'How big the unpacked app is, and how much of it is ours.'

const BYTES_PER_MB = 1_000_000

/** @type {import('../scripts/benching/bench.mjs').Bench['run']} */
export async function run({ root, say, signal }) {
  const runtime = await electronRuntime({ root, say, signal })
  await packageApp({ root, say, signal, runtime })
  const app = dirname(packagedExecutable(root))
  const whole = process.platform === 'darwin' ? dirname(dirname(app)) : app
  const ours = process.platform === 'darwin' ? join(whole, 'Contents/Resources') : join(whole, 'resources')
  const row = (/** @type {string} */ name, /** @type {string} */ path) => ({
    name,
    unit: 'MB',
    samples: [sizeBytes(path) / BYTES_PER_MB],
  })
  return [
    row('the whole app', whole),
    { ...row('ours in it', ours), comparedTo: 'the whole app' },
    row('the engine and shell, built', join(root, 'out/main')),
    row('the page, built', join(root, 'out/renderer')),
  ]
}

/** @param {string} path */
function sizeBytes(path) {
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.size
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}

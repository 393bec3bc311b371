import { resolve } from 'node:path'
import { ensureBuilt } from '../../../scripts/bootstrap/build.mjs'
import { readyRuntime } from '../../../scripts/bootstrap/electron-runtime.mjs'
import { createSay } from '../../../scripts/bootstrap/progress.mjs'

export const root = resolve(import.meta.dirname, '../../..')

/** Builds the program if its sources changed, before any of the files that run beside each other. */
export async function setup(): Promise<void> {
  await ensureBuilt({ root, say: createSay({ write: text => process.stderr.write(text) }) })
}

/** The Electron to test with: what `npm start` and `npm test` fetched. */
export function runtime(): { readonly path: string; readonly args: readonly string[] } {
  const ready = readyRuntime(root)
  if (!ready) throw new Error('There is no Electron runtime yet: run npm start or npm test once.')
  return ready
}

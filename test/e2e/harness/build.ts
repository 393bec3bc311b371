import { resolve } from 'node:path'
import { ensureBuilt } from '../../../scripts/bootstrap/build.mjs'
import { readyRuntime } from '../../../scripts/bootstrap/electron-runtime.mjs'

export const root = resolve(import.meta.dirname, '../../..')

const quiet = {
  step: async <Result>(_what: string, _waitsFor: string, run: () => Promise<Result>) => run(),
  note: () => {},
}

let built: Promise<void> | undefined

/** Builds the program if its sources changed; once for a test run. */
export function buildProgram(): Promise<void> {
  built ??= ensureBuilt({ root, say: quiet })
  return built
}

/** The Electron to test with: what `npm start` and `npm test` fetched. */
export function runtime(): { readonly path: string; readonly args: readonly string[] } {
  const ready = readyRuntime(root)
  if (!ready) throw new Error('There is no Electron runtime yet: run npm start or npm test once.')
  return ready
}

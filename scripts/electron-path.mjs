import { resolve } from 'node:path'
import { electronRuntime } from './bootstrap/electron-runtime.mjs'
import { isProblem } from './bootstrap/problem.mjs'
import { createSay } from './bootstrap/progress.mjs'

/** Prints where the Electron to test with is, fetching it if need be: `node scripts/electron-path.mjs`. */
try {
  const root = resolve(import.meta.dirname, '..')
  const runtime = await electronRuntime({
    root,
    say: createSay({ write: text => process.stderr.write(text) }),
  })
  console.log(runtime.path)
} catch (error) {
  if (!isProblem(error)) throw error
  console.error(`gantry: ${error.message}`)
  process.exitCode = 1
}

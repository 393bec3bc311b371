import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBuilt } from './build.mjs'
import { hasDisplay, libraryAdvice, missingLibraries } from './display.mjs'
import { electronRuntime } from './electron-runtime.mjs'
import { helpText, parseFlags } from './flags.mjs'
import { ensureInstalled } from './install.mjs'
import { electronSwitches, launch } from './launch.mjs'
import { root, runEntry } from './prepare.mjs'
import { isProblem } from './problem.mjs'

export async function main(argv = process.argv.slice(2)) {
  const flags = parseFlags(argv, process.env)
  if ('refusal' in flags) {
    console.error(`gantry: ${flags.refusal}`)
    process.exitCode = 2
    return
  }
  if (flags.asks) {
    console.log(flags.asks === 'help' ? helpText() : version())
    return
  }
  await runEntry(async ({ say, signal, release }) => {
    await ensureInstalled({ root, say, signal })
    const [window] = await Promise.all([
      flags.headless ? undefined : findWindow({ say, signal }),
      ensureBuilt({ root, say, signal }),
    ])
    signal.throwIfAborted()
    release()
    const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env
    if (!window) {
      const entry = join(root, 'out/main/headless.js')
      return launch(process.execPath, [entry, '--headless', ...flags.forwarded], { cwd: root, env })
    }
    const switches = electronSwitches({ platform: process.platform, uid: process.getuid?.() })
    if (switches.length > 0)
      say.note('Running as root, so the window opens without Chromium’s sandbox. Packages never do.')
    return launch(window.path, [...window.args, ...switches, ...flags.forwarded], { cwd: root, env })
  })
}

/**
 * The Electron to open the window with, or undefined after saying why there will be none.
 *
 * @param {{ say: import('./progress.mjs').Say, signal: AbortSignal }} tools
 */
async function findWindow({ say, signal }) {
  if (!hasDisplay({ env: process.env })) {
    say.note(
      'There is no display, so Gantry runs without its window (headless): open its dashboard in a browser.',
    )
    return undefined
  }
  try {
    const runtime = await electronRuntime({ root, say, signal })
    const missing = await missingLibraries(runtime.path, { signal })
    if (missing.length === 0) return runtime
    say.note(
      `The window cannot open because this computer lacks ${missing.join(', ')}: ${libraryAdvice(missing)}\ngantry: Until then Gantry runs without its window (headless): open its dashboard in a browser.`,
    )
  } catch (error) {
    if (signal.aborted || !isProblem(error)) throw error
    say.note(`${error.message} Gantry runs without its window (headless): open its dashboard in a browser.`)
  }
  return undefined
}

function version() {
  const { version: number } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return `Gantry ${number}`
}

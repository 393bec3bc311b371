import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { expect } from 'vitest'
import { electronSwitches } from '../../../scripts/bootstrap/launch.mjs'
import { root, runtime } from './build.ts'
import { openDisplay } from './display.ts'
import { makeTempDir } from './temp-dir.ts'
import { untrueAnswers } from './untrue-answers.ts'

export interface WindowOptions {
  /** A folder of an earlier start, which is then the caller's to remove. */
  readonly dataDir?: string
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export interface GantryWindow {
  readonly app: ElectronApplication
  readonly page: Page
  readonly dataDir: string
  /** What leads another program onto its screen. */
  readonly screen: Readonly<Record<string, string>>
  /** Ends the program as a signal does, and all that was started for it. Fails where an answer was not as documented. */
  close(): Promise<void>
}

const END_LIMIT_MS = 15_000

const switches = electronSwitches({ platform: process.platform, uid: process.getuid?.() })

/** Gantry in its real window, with a data folder of its own and ports nobody else has. */
export async function openGantryWindow(options: WindowOptions = {}): Promise<GantryWindow> {
  const { path, args } = runtime()
  const display = await openDisplay()
  const temp = options.dataDir === undefined ? await makeTempDir() : undefined
  const dataDir = options.dataDir ?? temp?.path ?? ''
  const app = await _electron.launch({
    executablePath: path,
    // Playwright would pretend a light system.
    colorScheme: null,
    cwd: root,
    args: [
      ...args,
      ...switches,
      '--disable-gpu',
      `--data-dir=${dataDir}`,
      '--port=0',
      '--https-port=0',
      '--no-discovery',
      '--check-results',
      ...(options.args ?? []),
    ],
    env: { ...environment(), ...display.env, ...options.env },
  })
  const child = app.process()
  const ended = new Promise<void>(resolve => {
    child.once('exit', () => resolve())
  })
  const close = async () => {
    const stuck = setTimeout(() => child.kill('SIGKILL'), END_LIMIT_MS)
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM')
      await ended
    }
    clearTimeout(stuck)
    display.close()
    const untrue = await untrueAnswers(dataDir)
    await temp?.remove()
    expect(untrue).toEqual([])
  }
  try {
    const page = await app.firstWindow()
    await page.waitForLoadState('domcontentloaded')
    return { app, page, dataDir, screen: display.env, close }
  } catch (thrown) {
    await close()
    throw thrown
  }
}

/** Ours, without what would make Electron something else or point Gantry elsewhere. */
export function environment(): Record<string, string> {
  const own = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('GANTRY_') && !name.startsWith('ELECTRON_') && name !== 'NODE_OPTIONS',
  )
  return Object.fromEntries(own.filter((entry): entry is [string, string] => entry[1] !== undefined))
}

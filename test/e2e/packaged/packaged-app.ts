import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { electronSwitches } from '../../../scripts/bootstrap/launch.mjs'
import { openDisplay } from '../harness/display.ts'

const START_LIMIT_MS = 40_000
const STOP_LIMIT_MS = 15_000

export interface PackagedApp {
  readonly window: Page
  readonly home: string
  /** Everything it said on its error channel so far, where Node and Chromium announce their debuggers. */
  readonly said: () => string
  readonly close: () => Promise<void>
}

/**
 * The inspector of the locked app is off, so Playwright's own way into Electron is closed; what is left is
 * Chromium's debugging port, which reaches pages and nothing else.
 */
export async function openPackagedApp(
  executable: string,
  options: {
    readonly env?: Readonly<Record<string, string>>
    readonly args?: readonly string[]
    /** A folder of plug-ins that a person put into the data folder. */
    readonly plugins?: string
  } = {},
): Promise<PackagedApp> {
  const screen = await openDisplay()
  const home = mkdtempSync(join(tmpdir(), 'gantry-packaged-'))
  if (options.plugins !== undefined) cpSync(options.plugins, join(home, 'data/plugins'), { recursive: true })
  const switches = electronSwitches({ platform: process.platform, uid: process.getuid?.() })
  const own = [`--data-dir=${join(home, 'data')}`, '--port=0', '--https-port=0', '--no-discovery']
  const child = spawn(
    executable,
    [...switches, '--remote-debugging-port=0', ...own, ...(options.args ?? [])],
    {
      env: {
        ...process.env,
        ...screen.env,
        HOME: home,
        XDG_CONFIG_HOME: join(home, 'config'),
        ...options.env,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    },
  )
  let said = ''
  const address = new Promise<string>((resolve, reject) => {
    const limit = setTimeout(
      () => reject(new Error(`The packaged app opened no debugging port.\n${said}`)),
      START_LIMIT_MS,
    )
    child.stderr.on('data', chunk => {
      said += String(chunk)
      const found = /DevTools listening on (ws:\S+)/.exec(said)?.[1]
      if (found) resolve(found)
    })
    child.once('exit', code => reject(new Error(`The packaged app ended with ${code}.\n${said}`)))
    child.once('close', () => clearTimeout(limit))
  })
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
      const { pid } = child
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      const harder = setTimeout(() => process.kill(-pid, 'SIGKILL'), STOP_LIMIT_MS)
      await gone
      clearTimeout(harder)
    }
    screen.close()
    rmSync(home, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    const browser = await chromium.connectOverCDP(await address)
    const context = browser.contexts()[0]
    if (!context) throw new Error('The packaged app has no page context.')
    const window = context.pages()[0] ?? (await context.waitForEvent('page'))
    return {
      window,
      home,
      said: () => said,
      close: async () => {
        await browser.close()
        await stop()
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The packaged app with no window, in no display, up to the link it prints; ended by a signal. */
export async function runPackagedHeadless(
  executable: string,
): Promise<{ readonly url: string; readonly status: number; readonly code: number | null }> {
  const home = mkdtempSync(join(tmpdir(), 'gantry-packaged-'))
  const switches = electronSwitches({ platform: process.platform, uid: process.getuid?.() })
  const own = [`--data-dir=${join(home, 'data')}`, '--port=0', '--https-port=0', '--no-discovery']
  const { DISPLAY: _, WAYLAND_DISPLAY: __, ...env } = process.env
  const child = spawn(executable, [...switches, '--headless', ...own], {
    env: { ...env, HOME: home, XDG_CONFIG_HOME: join(home, 'config') },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const ended = once(child, 'close').then(([code]) => code as number | null)
  try {
    const url = await new Promise<string>((resolve, reject) => {
      let out = ''
      child.stdout.on('data', chunk => {
        out += String(chunk)
        const found = /(http:\/\/127\.0\.0\.1:\d+)\/#invitation=/.exec(out)?.[1]
        if (found) resolve(found)
      })
      void ended.then(code => reject(new Error(`The packaged app ended with ${code}.\n${out}`)))
    })
    const { status } = await fetch(url)
    child.kill('SIGTERM')
    return { url, status, code: await ended }
  } finally {
    child.kill('SIGKILL')
    await ended
    rmSync(home, { recursive: true, force: true, maxRetries: 5 })
  }
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { electronRuntime } from '../../scripts/bootstrap/electron-runtime.mjs'
import { electronSwitches } from '../../scripts/bootstrap/launch.mjs'
import { problem } from '../../scripts/bootstrap/problem.mjs'
import { endGroup } from '../../scripts/bootstrap/run-command.mjs'
import { openScreen } from '../../scripts/testing/screen.mjs'

/**
 * Starts the built program for a measurement, on a data folder and a port of its own.
 *
 * @typedef {object} Running
 * @property {number} pid
 * @property {string} address Where its HTTP server is.
 * @property {string} dataDir
 * @property {number} startedAt When it was started, on the clock of `performance.timeOrigin`.
 * @property {<T>(ask: () => T | undefined | Promise<T | undefined>) => Promise<T>} until Asks until there is an answer.
 * @property {() => Promise<string>} debuggerAddress Where the window's own debugger listens.
 * @property {() => Promise<void>} close
 * @property {() => Promise<void>} kill As when the power goes: it is told nothing.
 */

const START_LIMIT_MS = 60_000
const ASK_EVERY_MS = 2

/**
 * Returns as soon as the first HTTP answer is there.
 *
 * @param {string} root
 * @param {string} [home] Stays when the program is closed, for the next one.
 * @returns {Promise<Running & { firstAnswerMs: number }>}
 */
export async function startHeadless(root, home) {
  const command = [join(root, 'out/main/headless.js'), '--headless']
  const running = await start(process.execPath, command, root, {}, home)
  try {
    const firstAnswerMs = await firstAnswer(running)
    return { ...running, firstAnswerMs }
  } catch (error) {
    await running.close()
    throw error
  }
}

/**
 * Returns as soon as the first paint of the window has happened.
 *
 * @param {import('../../scripts/benching/bench.mjs').BenchTools} tools
 * @param {string} [home] A folder that is prepared for it and stays.
 * @returns {Promise<Running & { firstPaintMs: number, debuggerAddress: () => Promise<string> } | undefined>}
 * undefined where there is no screen
 */
export async function startWindow({ root, say, signal }, home) {
  const screen = await openScreen()
  if (!screen) return undefined
  const { chromium } = await import('playwright-core')
  const runtime = await electronRuntime({ root, say, signal })
  const switches = electronSwitches({ platform: process.platform, uid: process.getuid?.() })
  const running = await start(
    runtime.path,
    [...runtime.args, ...switches, '--remote-debugging-port=0'],
    root,
    screen.env,
    home,
  )
  const close = async () => {
    await running.close()
    screen.close()
  }
  try {
    const browser = await chromium.connectOverCDP(await running.debuggerAddress())
    const context = browser.contexts()[0]
    const page = context?.pages()[0] ?? (await context?.waitForEvent('page'))
    const paintedAt = await page?.evaluate(`new Promise(resolve => {
      const tell = entry => resolve(performance.timeOrigin + entry.startTime)
      new PerformanceObserver((list, observer) => { observer.disconnect(); tell(list.getEntries()[0]) })
        .observe({ type: 'paint', buffered: true })
    })`)
    await browser.close()
    return { ...running, close, firstPaintMs: Number(paintedAt) - running.startedAt }
  } catch (error) {
    await close()
    throw error
  }
}

/**
 * The page of a window, to be driven as a person would.
 *
 * @param {Running} running
 */
export async function pageOf(running) {
  const { chromium } = await import('playwright-core')
  const browser = await chromium.connectOverCDP(await running.debuggerAddress())
  const page = browser.contexts()[0]?.pages()[0]
  if (!page) throw problem('machine', 'The window has no page.')
  return { page, close: () => browser.close() }
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} root
 * @param {Record<string, string>} env
 * @param {string} [keptHome]
 */
async function start(command, args, root, env, keptHome) {
  const home = keptHome ?? mkdtempSync(join(tmpdir(), 'gantry-bench-'))
  const port = await freePort()
  const startedAt = performance.timeOrigin + performance.now()
  const own = [`--data-dir=${join(home, 'data')}`, `--port=${port}`, '--no-discovery']
  const child = spawn(command, [...args, ...own], {
    cwd: root,
    env: { ...process.env, HOME: home, XDG_CONFIG_HOME: join(home, 'config'), ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  })
  let said = ''
  child.stderr.on('data', chunk => {
    said += String(chunk)
  })
  /** @type {Running['until']} */
  const until = async ask => {
    const endsAt = performance.now() + START_LIMIT_MS
    while (performance.now() < endsAt && child.exitCode === null && child.signalCode === null) {
      const answer = await ask()
      if (answer !== undefined) return answer
      await delay(ASK_EVERY_MS)
    }
    throw problem('machine', `The program did not come up.\n${said}`.trim())
  }
  return {
    pid: child.pid ?? 0,
    address: `http://127.0.0.1:${port}`,
    dataDir: join(home, 'data'),
    startedAt,
    until,
    debuggerAddress: () => until(() => /DevTools listening on (ws:\S+)/.exec(said)?.[1]),
    kill: async () => {
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
    close: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = once(child, 'exit')
        endGroup(child)
        await gone
      }
      if (keptHome === undefined) rmSync(home, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** @param {Running} running */
async function firstAnswer({ address, startedAt, until }) {
  const url = `${address}/gotapi/availability`
  await until(() =>
    fetch(url, { headers: { origin: 'http://localhost:1' } }).then(
      response => response.ok || undefined,
      () => undefined,
    ),
  )
  return performance.timeOrigin + performance.now() - startedAt
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}

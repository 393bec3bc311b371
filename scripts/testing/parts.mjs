import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { libraryAdvice, missingLibraries } from '../bootstrap/display.mjs'
import { electronRuntime } from '../bootstrap/electron-runtime.mjs'
import { isProblem } from '../bootstrap/problem.mjs'
import { packageApp } from '../packaging/package-app.mjs'
import { runChecks } from './checks.mjs'
import { findPeer, peers } from './peers.mjs'
import { openScreen } from './screen.mjs'
import { notRun, skip } from './summary.mjs'
import { systemPackages } from './system-packages.mjs'
import { runVitest } from './vitest.mjs'

/**
 * The parts of `npm test`, in the order they run. Each either brings back counts or says why it cannot run here.
 *
 * @typedef {object} PartTools
 * @property {string} root
 * @property {import('../bootstrap/progress.mjs').Say} say
 * @property {AbortSignal} signal
 * @property {(text: string) => unknown} write
 *
 * @typedef {object} Part
 * @property {string} name
 * @property {string} title
 * @property {boolean} needsBuild
 * @property {boolean} [startsEarly] Waits for other programs most of the time, so it runs beside the others.
 * @property {readonly string[]} packages Debian packages it needs.
 * @property {(tools: PartTools) => Promise<import('./summary.mjs').Outcome>} run
 */

/** @type {readonly Part[]} */
export const parts = [
  {
    name: 'check',
    title: 'types, lint, format, dead code, import table',
    needsBuild: false,
    packages: [],
    run: check,
  },
  {
    name: 'unit',
    title: 'unit and integration tests',
    needsBuild: false,
    packages: [],
    run: tools => runVitest({ ...tools, name: 'unit', projects: ['unit', 'apart', 'page'], env: {} }),
  },
  {
    name: 'electron',
    title: 'end to end in the real window',
    needsBuild: true,
    packages: [...systemPackages.window, ...systemPackages.fonts],
    run: tools => inWindow('electron', tools),
  },
  {
    name: 'browser',
    title: 'end to end in the browser',
    needsBuild: true,
    packages: [...systemPackages.browser, ...systemPackages.fonts],
    run: browser,
  },
  {
    name: 'packaged',
    title: 'the packaged app, locked as people get it',
    needsBuild: true,
    packages: systemPackages.window,
    run: tools => inWindow('packaged', tools, runtime => packageApp({ ...tools, runtime })),
  },
  {
    name: 'interop',
    title: 'our drivers against the real software',
    needsBuild: false,
    startsEarly: true,
    packages: systemPackages.interop,
    run: interop,
  },
]

/** @param {PartTools} tools */
async function check({ root, signal, write }) {
  const startedAt = performance.now()
  const results = await runChecks({ root, signal, write })
  const failed = results.filter(result => !result.passed)
  return {
    name: 'check',
    passed: results.length - failed.length,
    failed: failed.length,
    skipped: 0,
    remarks: failed.map(result => `${result.name} failed`),
    durationMs: performance.now() - startedAt,
  }
}

/**
 * The peers this machine can have are tried; each of the others is named with its reason.
 *
 * @param {PartTools} tools
 */
async function interop(tools) {
  const asked = await Promise.all(peers.map(async peer => ({ peer, found: await findPeer(peer, tools) })))
  /** @type {Record<string, string>} */
  const env = {}
  const files = []
  const remarks = []
  for (const { peer, found } of asked) {
    if ('missing' in found) remarks.push(`${peer.name}: ${found.missing}`)
    else {
      env[peer.variable] = found.python
      files.push(...peer.tests)
    }
  }
  if (files.length === 0) return notRun('interop', remarks.join('; '))
  const outcome = await runVitest({ ...tools, name: 'interop', projects: ['interop'], env, files })
  return { ...outcome, remarks: [...outcome.remarks, ...remarks.map(remark => `NOT RUN: ${remark}`)] }
}

/**
 * @param {string} name
 * @param {PartTools} tools
 * @param {(runtime: import('../bootstrap/electron-runtime.mjs').ElectronRuntime) => Promise<void>} [prepare]
 */
async function inWindow(name, tools, prepare = async () => {}) {
  const { root, say, signal } = tools
  try {
    const runtime = await electronRuntime({ root, say, signal })
    const missing = await missingLibraries(runtime.path, { signal })
    if (missing.length > 0)
      return skip(name, `this computer lacks ${missing.join(', ')}: ${libraryAdvice(missing)}`)
    // Each window of the tests opens one of its own.
    const screen = await openScreen()
    if (!screen) return skip(name, 'there is no display and no Xvfb to make one')
    screen.close()
    await prepare(runtime)
    return await runVitest({ ...tools, name, projects: [name], env: {} })
  } catch (error) {
    if (signal.aborted || !isProblem(error) || error.problem !== 'runtime') throw error
    return skip(name, error.message)
  }
}

/** @param {PartTools} tools */
async function browser(tools) {
  const path = findBrowser(process.env)
  if (!path) return skip('browser', 'there is no Chromium: install it or name one in CHROME_PATH')
  return runVitest({ ...tools, name: 'browser', projects: ['browser'], env: { CHROME_PATH: path } })
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined}
 */
export function findBrowser(env) {
  if (env.CHROME_PATH) return existsSync(env.CHROME_PATH) ? env.CHROME_PATH : undefined
  const folders = ['/usr/bin', ...(env.PATH ?? '').split(delimiter).filter(Boolean)]
  return ['chromium', 'chromium-browser', 'google-chrome']
    .flatMap(name => folders.map(folder => join(folder, name)))
    .find(path => existsSync(path))
}

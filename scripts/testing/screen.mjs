import { spawn } from 'node:child_process'
import { hasDisplay } from '../bootstrap/display.mjs'
import { endGroup } from '../bootstrap/run-command.mjs'

/**
 * A screen to open windows on: the one that is there, or an Xvfb of our own on a display number that the X server
 * itself picks, so that two never fight.
 *
 * @typedef {{ env: Record<string, string>, close: () => void }} Screen
 */

const START_LIMIT_MS = 20_000
const SIZE = '1600x1200x24'

/**
 * @param {{ env?: NodeJS.ProcessEnv, command?: string }} [options]
 * @returns {Promise<Screen | undefined>} undefined where there is no screen to be had
 */
export async function openScreen({ env = process.env, command = 'Xvfb' } = {}) {
  if (hasDisplay({ env })) return { env: {}, close: () => {} }
  const server = spawn(command, ['-displayfd', '3', '-screen', '0', SIZE, '-nolisten', 'tcp', '-noreset'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    detached: true,
  })
  const close = () => endGroup(server)
  const number = await new Promise(resolve => {
    const limit = setTimeout(() => resolve(undefined), START_LIMIT_MS)
    const settle = (/** @type {string | undefined} */ value) => {
      clearTimeout(limit)
      resolve(value)
    }
    server.once('error', () => settle(undefined))
    server.once('exit', () => settle(undefined))
    server.stdio[3]?.once('data', chunk => settle(String(chunk).trim()))
  })
  if (number === undefined) {
    close()
    return undefined
  }
  // Where Wayland is there too, Chromium would prefer it.
  return { env: { DISPLAY: `:${number}`, WAYLAND_DISPLAY: '', XDG_SESSION_TYPE: 'x11' }, close }
}

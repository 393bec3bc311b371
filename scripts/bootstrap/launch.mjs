import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/**
 * Runs the program in this terminal until it ends. A signal is handed on once: in a terminal Ctrl+C reaches the
 * program by itself, and npm repeats it, and a second one would mean "at once" to it.
 */

const SAME_PRESS_MS = 500

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<number>} its exit code
 */
export function launch(command, args, { cwd, env }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: 'inherit' })
    let handedAt = 0
    /** @param {NodeJS.Signals} name */
    const hand = name => {
      const now = Date.now()
      const cameToBoth = name === 'SIGINT' && process.stdin.isTTY
      if (!cameToBoth && now - handedAt > SAME_PRESS_MS) child.kill(name)
      handedAt = now
    }
    /** @type {NodeJS.Signals[]} */
    const names = ['SIGINT', 'SIGTERM', 'SIGHUP']
    for (const name of names) process.on(name, hand)
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      for (const name of names) process.off(name, hand)
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0))
    })
  })
}

/**
 * The switches Electron itself needs on this machine. Chromium refuses to sandbox a process of root, which is what
 * containers and labs run as; packages for users never get this.
 *
 * @param {{ platform: NodeJS.Platform, uid: number | undefined }} host
 */
export function electronSwitches({ platform, uid }) {
  return platform === 'linux' && uid === 0 ? ['--no-sandbox'] : []
}

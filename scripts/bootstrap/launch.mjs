import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/**
 * Runs the program in this terminal until it ends. A signal is handed on once: in a terminal Ctrl+C reaches the
 * program by itself, and npm repeats it, and a second one would mean "at once" to it.
 */

const SAME_PRESS_MS = 500

/**
 * What Chromium says where there is no D-Bus, a line for each service it would have used: nothing Gantry needs, and
 * nothing a person could do about. No switch silences it, as `--log-level` is a word of Gantry's own.
 */
const noise =
  /^(?:\[\d+:\d+\/\d+\.\d+:ERROR:(?:bus|object_proxy|libnotify_notification)\.cc\(\d+\)\] |\(electron:\d+\): libnotify-WARNING )/

/** Takes text as it comes and hands on its whole lines, Chromium's noise and the empty lines before it left out. */
export function withoutNoise(/** @type {(text: string) => void} */ write) {
  let rest = ''
  let blanks = ''
  /** @param {string} line */
  const hand = line => {
    if (!noise.test(line)) write(blanks + line)
    blanks = ''
  }
  return {
    /** @param {string} text */
    take(text) {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        if (line === '') blanks += '\n'
        else hand(`${line}\n`)
      }
    },
    end() {
      hand(rest)
    },
  }
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, isChromium?: boolean }} options
 * @returns {Promise<number>} its exit code
 */
export function launch(command, args, { cwd, env, isChromium = false }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['inherit', 'inherit', isChromium ? 'pipe' : 'inherit'],
    })
    const said = withoutNoise(text => process.stderr.write(text))
    child.stderr?.setEncoding('utf8').on('data', said.take).on('end', said.end)
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

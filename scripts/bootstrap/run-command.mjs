import { spawn } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'
import { messageOf, problem } from './problem.mjs'

/**
 * @typedef {object} CommandOptions
 * @property {string} cwd
 * @property {NodeJS.ProcessEnv} [env]
 * @property {AbortSignal} [signal] Ends the command and everything it started.
 * @property {number} limitMs
 * @property {(text: string) => unknown} [write] Gets its output as it comes.
 *
 * @typedef {object} CommandResult
 * @property {number} code 0 is success; -1 stands for a command that could not start or ran out of time.
 * @property {string} output What it said on both channels, the last part if that is long.
 * @property {boolean} outOfTime
 */

const KEPT_CHARS = 200_000
const KILL_AFTER_MS = 5_000

/**
 * Every command leads its own process group, so that ending it also ends what it started, and so that Ctrl+C in
 * the terminal reaches us first and only us.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {CommandOptions} options
 * @returns {Promise<CommandResult>}
 */
export function runCommand(command, args, { cwd, env = process.env, signal, limitMs, write }) {
  signal?.throwIfAborted()
  return new Promise((resolve, reject) => {
    let output = ''
    let outOfTime = false
    const child = spawn(command, args, {
      cwd,
      env,
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    /** @param {string} text */
    const keep = text => {
      output = (output + text).slice(-KEPT_CHARS)
      write?.(text)
    }
    child.stdout.setEncoding('utf8').on('data', keep)
    child.stderr.setEncoding('utf8').on('data', keep)
    const stop = () => endGroup(child)
    const limit = setTimeout(() => {
      outOfTime = true
      stop()
    }, limitMs)
    signal?.addEventListener('abort', stop, { once: true })
    const settle = () => {
      clearTimeout(limit)
      signal?.removeEventListener('abort', stop)
    }
    child.once('error', error => {
      settle()
      resolve({ code: -1, output: messageOf(error), outOfTime })
    })
    child.once('close', code => {
      settle()
      if (signal?.aborted) reject(problem('cancelled', 'Cancelled.'))
      else
        resolve({ code: outOfTime ? -1 : (code ?? -1), output: stripVTControlCharacters(output), outOfTime })
    })
  })
}

/** @param {import('node:child_process').ChildProcess} child */
export function endGroup(child) {
  const { pid } = child
  if (pid === undefined || child.exitCode !== null) return
  /** @param {NodeJS.Signals} name */
  const send = name => {
    try {
      if (process.platform === 'win32') child.kill(name)
      else process.kill(-pid, name)
    } catch {
      // Gone already, which is what was asked.
    }
  }
  send('SIGTERM')
  const harder = setTimeout(() => send('SIGKILL'), KILL_AFTER_MS)
  harder.unref()
  child.once('close', () => clearTimeout(harder))
}

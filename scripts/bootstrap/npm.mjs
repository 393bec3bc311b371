import { existsSync } from 'node:fs'

/**
 * How npm is called, and what its failures mean.
 *
 * @typedef {import('./run-command.mjs').CommandResult} CommandResult
 * @typedef {object} NpmOptions
 * @property {string} cwd
 * @property {number} limitMs
 * @property {typeof import('./run-command.mjs').runCommand} run
 * @property {AbortSignal | undefined} signal
 */

const PING_LIMIT_MS = 30_000
const PING_PATIENCE = [
  '--fetch-retries=1',
  '--fetch-retry-mintimeout=1000',
  '--fetch-retry-maxtimeout=1000',
  '--fetch-timeout=8000',
]
const PATIENCE = ['--fetch-retries=3', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=10000']
const CI_WORDS = ['--ignore-scripts', '--no-audit', '--no-fund', '--include=dev', '--include=optional']
const NETWORK_FAILURE =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT)\b/

/**
 * Installs what the lock in this folder names.
 *
 * @param {NpmOptions} options
 * @returns {Promise<CommandResult>}
 */
export async function npmCi(options) {
  // Asked once, as npm would ask in vain for each of the packages. Without the registry its cache may still do.
  const answer = await npm(['ping', ...PING_PATIENCE], { ...options, limitMs: PING_LIMIT_MS })
  const isReachable = !isNetworkFailure(answer)
  const result = await npm(['ci', ...CI_WORDS, ...(isReachable ? PATIENCE : ['--offline'])], options)
  return result.code === 0 || isReachable ? result : answer
}

/**
 * @param {readonly string[]} words
 * @param {NpmOptions} options
 */
function npm(words, { cwd, limitMs, run, signal }) {
  const { command, args } = npmCommand([...words, '--loglevel=error'])
  // A production setting of the machine would leave out the tools that build the program.
  const env = { ...process.env, NODE_ENV: 'development' }
  return run(command, args, { cwd, env, limitMs, ...(signal && { signal }) })
}

/**
 * The npm that started us if there is one, so that the person's own npm and settings are used.
 *
 * @param {readonly string[]} args
 * @returns {{ command: string, args: string[] }}
 */
function npmCommand(args) {
  const own = process.env.npm_execpath
  if (own && /\.c?js$/.test(own) && existsSync(own))
    return { command: process.execPath, args: [own, ...args] }
  if (process.platform === 'win32')
    return { command: 'cmd.exe', args: ['/d', '/s', '/c', 'npm.cmd', ...args] }
  return { command: 'npm', args: [...args] }
}

/** @param {CommandResult} result */
function isNetworkFailure({ code, output, outOfTime }) {
  return outOfTime || (code !== 0 && NETWORK_FAILURE.test(output))
}

/**
 * npm's error codes, told as what is wrong and what to do.
 *
 * @param {CommandResult} result
 * @param {string} what What was to be installed.
 */
export function explain(result, what) {
  const { output } = result
  if (isNetworkFailure(result))
    return `The npm registry cannot be reached, so ${what} could not be installed: check the network, the proxy and npm’s registry setting, then run the command again.`
  if (/\bEUSAGE\b/.test(output))
    return 'package-lock.json does not fit package.json, so nothing was installed: run npm install and commit both.'
  if (/\bENOSPC\b/.test(output))
    return `The disk is full, so ${what} could not be installed: make room for about 1 GB and run the command again.`
  if (/\b(EACCES|EPERM|EROFS)\b/.test(output))
    return `The project folder or a cache cannot be written to, so ${what} could not be installed: check who owns them.`
  if (/\bEINTEGRITY\b/.test(output))
    return `What the npm registry hands out is not what Gantry knows (its checksum differs), so ${what} could not be installed: check the registry setting.`
  if (/\b(E404|ETARGET|E401|E403)\b/.test(output))
    return `The npm registry does not hand out all of it, so ${what} could not be installed: check npm’s registry setting and its access rights.`
  const line = /npm (?:error|ERR!) (.+)/.exec(output)?.[1] ?? output.trim().split('\n').at(-1)
  return `npm could not install ${what} (${line || 'it gave no reason'}).`
}

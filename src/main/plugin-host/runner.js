/**
 * Carries one plug-in in a process of its own: `runner.js FOLDER MAIN PROTOCOL`. It gives the plug-in the same port
 * a built-in plug-in gets, over whatever line the surroundings offer, and knows nothing of what is said over it –
 * but for two words: it answers KEEPALIVE itself, and CLOSE ends the process. Plain JavaScript, because it also runs
 * straight from the source tree, where Node would not read TypeScript.
 */
import { constants, setPriority } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { adaptNodeGotapi } from './runner-node-gotapi.js'

/** From CLOSE to the end, should the plug-in keep the process busy. */
const closeLimitMs = 1_000

/** @typedef {{ post(message: unknown): void, listen(listener: (message: unknown) => void): void }} Line */
/**
 * @typedef {object} ParentPort
 * @property {(message: unknown) => void} postMessage
 * @property {(name: 'message', listener: (event: { data: unknown }) => void) => void} on
 */

/** Electron's utility process speaks over `parentPort`, a forked Node process over `process.send`. */
function openLine() {
  const { parentPort } = /** @type {{ parentPort?: ParentPort }} */ (process)
  /** @type {Line} */
  const line = parentPort
    ? {
        post: message => parentPort.postMessage(message),
        listen: listener => parentPort.on('message', event => listener(event.data)),
      }
    : {
        post: message => process.send?.(message),
        listen: listener => process.on('message', listener),
      }
  return line
}

// What plug-ins compute comes after the prints that this machine feeds.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL)

const line = openLine()
/** @type {Record<string, ((event?: unknown) => void)[]>} */
const heard = { message: [], close: [] }
/** @type {unknown[]} */
let early = []

/** @param {unknown} thing @param {string} name */
const read = (thing, name) =>
  typeof thing === 'object' && thing !== null
    ? /** @type {Record<string, unknown>} */ (thing)[name]
    : undefined

function end() {
  setTimeout(() => process.exit(0), closeLimitMs).unref()
  for (const listener of heard.close ?? []) listener()
  setImmediate(() => process.exit(0))
}

line.listen(message => {
  const action = read(message, 'action')
  if (action === 'KEEPALIVE')
    line.post({ action: 'RESPONSE', requestCode: read(message, 'requestCode'), result: 0 })
  else if (action === 'CLOSE') end()
  else if (heard.message?.length === 0) early.push(message)
  else for (const listener of heard.message ?? []) listener(message)
})
process.on('disconnect', end)

const port = {
  /** @param {unknown} message */
  send: message => line.post(message),
  /** @param {string} name @param {(event?: unknown) => void} listener */
  on(name, listener) {
    heard[name]?.push(listener)
    if (name !== 'message') return
    const waiting = early
    early = []
    for (const message of waiting) queueMicrotask(() => listener(message))
  },
  close: end,
}

const [folder = '.', main = 'index.js', protocol] = process.argv.slice(2)
/** @type {unknown} */
const program = await import(pathToFileURL(join(folder, main)).href)
const start =
  protocol === 'node-gotapi'
    ? adaptNodeGotapi(read(program, 'default') ?? program, folder)
    : (read(program, 'start') ?? read(read(program, 'default'), 'start'))
if (typeof start !== 'function') {
  process.stderr.write(`${main} exports no function "start".\n`)
  process.exit(1)
}
await start(port)

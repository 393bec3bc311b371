import { readdirSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { systemClock } from '../../../lib/clock.ts'
import { createSerialPorts } from '../../serial/node-serial-ports.ts'
import { createSerialHost } from './host/host.ts'
import type { FromHost } from './host/protocol.ts'

/**
 * The program beside every USB printer: hosts one serial line in a process of its own. When its owner is gone, or after
 * a mistake of its own, it parks and cools what it prints, then ends; see docs/decisions/0080.
 */
interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void
}

/** Electron's utility process speaks over `parentPort`, a forked Node process over `process.send`. */
const { parentPort } = process as NodeJS.Process & { readonly parentPort?: ParentPort }

const last = new Set<FromHost['kind']>(['not-opened', 'ended', 'closed'])

function post(message: FromHost): void {
  const done = () => {
    if (last.has(message.kind)) process.exit(0)
  }
  if (parentPort) {
    parentPort.postMessage(message)
    // The message leaves with this turn of the loop.
    setImmediate(done)
  } else if (process.connected) process.send?.(message, done)
  else done()
}

// A gap marks the part; a slower window does not. It asks for little of the processor, and for that at once.
for (const wanted of [constants.priority.PRIORITY_HIGH, constants.priority.PRIORITY_ABOVE_NORMAL]) {
  try {
    for (const thread of threads()) setPriority(thread, wanted)
    break
  } catch {
    // Where a user may not ask for that, the process feeds the printer as it is.
  }
}

/** Linux knows priorities of threads only, and Electron waits for the port in another thread than this one. */
function threads(): readonly number[] {
  return process.platform === 'linux' ? readdirSync('/proc/self/task').map(Number) : [process.pid]
}

const host = createSerialHost({ clock: systemClock, ports: createSerialPorts(), tell: post })

let isEnding = false
function orphan(): void {
  if (isEnding) return
  isEnding = true
  // Timers of the clock keep no process alive; this one must live until the printer is cold.
  const alive = setInterval(() => undefined, 1_000)
  void host.orphan().finally(() => {
    clearInterval(alive)
    process.exit(0)
  })
}

if (parentPort) parentPort.on('message', event => host.take(event.data))
else process.on('message', message => host.take(message))
process.on('disconnect', orphan)
process.on('SIGTERM', orphan)
process.on('uncaughtException', thrown => {
  // The owner has a log for it, where there still is one.
  if (!isEnding) process.stderr.write(`${thrown.stack}\n`)
  orphan()
})
// Ctrl+C in a terminal reaches the whole group: the owner hears it too, and decides.
process.on('SIGINT', () => undefined)
process.on('SIGHUP', () => undefined)

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { addAll, openRoom, openViewer } from './tools/fleet.mjs'
import { family, processorS } from './tools/processes.mjs'
import { startHeadless } from './tools/program.mjs'

export const about =
  'From the command to the first and the last live printer, when 20 of 100 are unreachable, and when none is.'

const living = { moonraker: 36, octoprint: 36, prusalink: 8 }
/** Nobody listens; taken and never answered; answered until the live connection. */
const dead = { refusing: 7, silent: 7, halfOpen: 6 }
const WATCH_MS = 8_000

/** @type {import('../scripts/benching/bench.mjs').Bench['run']} */
export async function run({ root, runs, signal }) {
  const room = await openRoom({ ...living, ...dead, periodMs: 230 })
  const alive = room.printers.filter(({ isAlive }) => isAlive)
  const homes = [mkdtempSync(join(tmpdir(), 'gantry-bench-')), mkdtempSync(join(tmpdir(), 'gantry-bench-'))]
  const [whole = '', part = ''] = homes
  try {
    await fill(root, part, alive)
    await fill(root, whole, room.printers)
    const without = createSamples()
    const among = createSamples()
    for (let at = 0; at < runs; at += 1) {
      signal.throwIfAborted()
      await start(root, part, alive.length, without)
      await start(root, whole, alive.length, among, at === runs - 1)
    }
    const base = { name: 'last of 80 live, none dead', unit: 'ms', samples: without.last }
    return [
      { name: 'first live, none dead', unit: 'ms', samples: without.first },
      base,
      { name: 'first live, 20 more dead', unit: 'ms', samples: among.first },
      { name: 'last of 80 live, 20 more dead', unit: 'ms', samples: among.last, comparedTo: base.name },
      { name: 'processor while 20 are tried again', unit: '% of a core', samples: among.processor },
    ].filter(({ samples }) => samples.length > 0)
  } finally {
    for (const home of homes) rmSync(home, { recursive: true, force: true, maxRetries: 5 })
    await room.close()
  }
}

/** @typedef {Record<'first' | 'last' | 'processor', number[]>} Samples */

/** @returns {Samples} */
const createSamples = () => ({ first: [], last: [], processor: [] })

/**
 * @param {string} root
 * @param {string} home
 * @param {readonly import('./tools/fleet.mjs').RoomPrinter[]} printers
 */
async function fill(root, home, printers) {
  const running = await startHeadless(root, home)
  await addAll(running, printers)
  await running.close()
}

/**
 * @param {string} root
 * @param {string} home
 * @param {number} alive
 * @param {Samples} into
 * @param {boolean} [isWatched]
 */
async function start(root, home, alive, into, isWatched = false) {
  const running = await startHeadless(root, home)
  const sinceMs = () => performance.timeOrigin + performance.now() - running.startedAt
  /** @type {Map<string, boolean>} */
  const online = new Map()
  const live = () => [...online.values()].filter(Boolean).length
  let firstMs = 0
  let lastMs = 0
  const viewer = await openViewer(running, 'http://viewer.test', frame => {
    for (const { id, snapshot } of frame.printers ?? []) online.set(id, snapshot.link.state === 'online')
    if (firstMs === 0 && live() > 0) firstMs = sinceMs()
    if (lastMs === 0 && live() >= alive) lastMs = sinceMs()
  })
  try {
    await viewer.follow('printers/list', 'room.printer3d')
    await running.until(() => lastMs || undefined)
    into.first.push(firstMs)
    into.last.push(lastMs)
    if (!isWatched || process.platform !== 'linux') return
    const pids = family(running.pid)
    const [beforeS, beforeMs] = [processorS(pids), performance.now()]
    await delay(WATCH_MS)
    into.processor.push(((processorS(pids) - beforeS) / (performance.now() - beforeMs)) * 100_000)
  } finally {
    viewer.close()
    await running.close()
  }
}

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
/** How many states of a printer there were when it was looked at last. @type {Map<string, number>} */
const seen = new Map()

/** @type {import('../scripts/benching/bench.mjs').Bench['run']} */
export async function run({ root, runs, signal }) {
  const room = await openRoom({ ...living, ...dead, periodMs: 230 })
  const alive = room.printers.filter(({ isAlive }) => isAlive)
  const homes = [mkdtempSync(join(tmpdir(), 'gantry-bench-')), mkdtempSync(join(tmpdir(), 'gantry-bench-'))]
  const [whole = '', part = ''] = homes
  try {
    await fill(root, part, alive)
    await fill(root, whole, room.printers)
    const [without, among, killed] = [createSamples(), createSamples(), createSamples()]
    for (let at = 0; at < runs; at += 1) {
      signal.throwIfAborted()
      await start(root, part, alive.length, without)
      await start(root, whole, alive.length, among, { isWatched: at === 0, isKilled: true })
      await start(root, whole, alive.length, killed)
    }
    const base = { name: 'last of 80 live, none dead', unit: 'ms', samples: without.last }
    return [
      { name: 'first live, none dead', unit: 'ms', samples: without.first },
      base,
      { name: 'first live, 20 more dead', unit: 'ms', samples: among.first },
      { name: 'last of 80 live, 20 more dead', unit: 'ms', samples: among.last, comparedTo: base.name },
      { name: 'last of 80 live after a kill -9', unit: 'ms', samples: killed.last, comparedTo: base.name },
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
 * @param {{ isWatched?: boolean, isKilled?: boolean }} [how]
 */
async function start(root, home, alive, into, { isWatched = false, isKilled = false } = {}) {
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
    await seeHistory(viewer, [...online.keys()])
    if (!isWatched || process.platform !== 'linux') return
    const pids = family(running.pid)
    const [beforeS, beforeMs] = [processorS(pids), performance.now()]
    await delay(WATCH_MS)
    into.processor.push(((processorS(pids) - beforeS) / (performance.now() - beforeMs)) * 100_000)
  } finally {
    viewer.close()
    if (isKilled) await running.kill()
    await running.close()
  }
}

/**
 * Every start is a state of its printer, and none of an earlier start may have been lost.
 *
 * @param {Awaited<ReturnType<typeof openViewer>>} viewer
 * @param {readonly string[]} ids
 */
async function seeHistory(viewer, ids) {
  const [id = ''] = ids
  const { states } = await viewer.ask('printerhistory/states', `${id}.printer3d`)
  const kept = Array.isArray(states) ? states.length : 0
  if (kept < (seen.get(id) ?? 1)) throw new Error('the history of a printer is shorter than it was')
  seen.set(id, kept)
}

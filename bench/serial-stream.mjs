import { fork, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  cpSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { constants, setPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { median } from '../scripts/benching/bench.mjs'
import { threadsUs } from './tools/processes.mjs'
import { pageOf, startWindow } from './tools/program.mjs'

export const about =
  'Lines a second of a print on a serial port beside the least that could write them, and what a window that reloads and a large analysis do to it.'

/** Short runs, taken in turns: what else the machine does meets all alike. */
const MOVES = 3_000
const TURNS_PER_RUN = 3
/** As fast as printers are; see the peer. */
const PACED_MOVES_PER_S = 1_000
const PACED_MOVES = 5_000
const PRINT_LIMIT_MS = 60_000
const LARGE_MB = 500

/** @type {import('../scripts/benching/bench.mjs').Bench['run']} */
export async function run(tools) {
  const { say, runs } = tools
  const python = spawnSync('python3', ['-c', 'import pty']).status === 0
  say.note(
    python
      ? 'The printer is behind a pseudo-terminal.'
      : 'There is no python3 for a pseudo-terminal: TCP instead.',
  )
  const dir = mkdtempSync(join(tmpdir(), 'gantry-bench-'))
  try {
    const rows = await throughput(tools, python, dir, runs * TURNS_PER_RUN)
    return [...rows, ...(python ? await disturbed(tools, dir) : [])]
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/**
 * @param {import('../scripts/benching/bench.mjs').BenchTools} tools
 * @param {boolean} python
 * @param {string} dir
 * @param {number} turns
 */
async function throughput({ root, signal }, python, dir, turns) {
  const print = writePrint(join(dir, 'cube.gcode'), MOVES)
  const descriptors = python && process.platform === 'linux'
  const feeders = [
    await bareLoop(root, python, print, 'stream'),
    ...(descriptors ? [await bareLoop(root, python, print, 'descriptor')] : []),
    await gantry(root, python, print),
  ]
  /** @type {{ name: string, rates: number[], us: number[] }[]} */
  const results = feeders.map(({ name }) => ({ name, rates: [], us: [] }))
  try {
    // The first print of each warms it up.
    for (const feeder of feeders) await feeder.print()
    for (let turn = 0; turn < turns; turn += 1) {
      for (let place = 0; place < feeders.length; place += 1) {
        signal.throwIfAborted()
        const at = (turn + place) % feeders.length
        const [feeder, result] = [feeders[at], results[at]]
        const before = threadsUs(feeder?.pid ?? 0)
        const ms = (await feeder?.print()) ?? Number.NaN
        const after = threadsUs(feeder?.pid ?? 0)
        result?.rates.push(MOVES / (ms / 1_000))
        if (before !== undefined && after !== undefined) result?.us.push((after - before) / MOVES)
      }
    }
  } finally {
    for (const feeder of feeders) await feeder.stop()
  }
  const ours = results.at(-1)
  const bare = results.slice(0, -1)
  return [
    ...results.map(({ name, rates }) => ({ name, unit: 'lines/s', samples: rates })),
    ...bare.map(({ name, rates }) => ({
      name: `Gantry beside the ${name}, turn by turn`,
      unit: 'times',
      samples: (ours?.rates ?? []).map((rate, turn) => rate / Number(rates[turn])),
    })),
    ...results
      .filter(({ us }) => us.length > 0)
      .map(({ name, us }) => ({ name: `processor time of a line, ${name}`, unit: 'µs', samples: us })),
  ]
}

/**
 * A print of the real program, at the pace of a printer, while its window is loaded again and again and a plug-in
 * of its own reads, hashes and parses 500 MB of G-code.
 *
 * @param {import('../scripts/benching/bench.mjs').BenchTools} tools
 * @param {string} dir
 */
async function disturbed(tools, dir) {
  const { root, runs, say, signal } = tools
  const home = join(dir, 'home')
  const print = writePrint(join(dir, 'paced.gcode'), PACED_MOVES)
  const analysis = addAnalysis(root, home)
  const window = await startWindow(tools, home)
  if (!window) {
    say.note('There is no screen for a window that reloads.')
    return []
  }
  const peer = await startPeer(root, true, [String(PACED_MOVES_PER_S)])
  /** @type {{ rates: number[], underruns: number[], gaps: number[], reloads: number[] }} */
  const seen = { rates: [], underruns: [], gaps: [], reloads: [] }
  try {
    const { page, close } = await pageOf(window)
    const serviceId = await addPrinter(page, peer.path)
    for (let run = 0; run < runs; run += 1) {
      signal.throwIfAborted()
      const job = await printThrough(page, serviceId, print.path)
      seen.reloads.push(job.reloads)
      seen.rates.push(job.feed.acknowledgedLines / (job.ms / 1_000))
      seen.underruns.push(job.feed.underruns)
      seen.gaps.push(job.feed.worstGapMs)
    }
    await close()
  } finally {
    await window.close()
    await peer.stop()
  }
  say.note(`Meanwhile ${analysis.megabytes()} MB were analysed.`)
  const beside = `beside ${median(seen.reloads)} loads of the window and an analysis of ${LARGE_MB} MB`
  return [
    { name: `Gantry at ${PACED_MOVES_PER_S} moves a second ${beside}`, unit: 'lines/s', samples: seen.rates },
    { name: `underruns ${beside}`, unit: 'times', samples: seen.underruns },
    { name: `longest gap ${beside}`, unit: 'ms', samples: seen.gaps },
  ]
}

/**
 * What this bench reads of answers, and of what the program that feeds a printer says.
 *
 * @typedef {{ state: string, reason?: string, elapsedMs?: number }} Status
 * @typedef {{ kind: 'opened' } | { kind: 'stream', status: Status }} Message
 * @typedef {{ acknowledgedLines: number, underruns: number, worstGapMs: number }} Feed
 * @typedef {object} Answer
 * @property {number} result
 * @property {string} [errorMessage]
 * @property {string} [printerId]
 * @property {{ snapshot: { job: { state: string }, feed: Feed } }} [printer]
 */

/**
 * @param {import('playwright-core').Page} page
 * @param {string} route
 * @param {Record<string, unknown>} params
 * @returns {Promise<Answer>}
 */
async function call(page, route, params) {
  return page.evaluate(
    ([name, values]) => Reflect.get(globalThis, 'gantry').call(name, values),
    [route, params],
  )
}

/**
 * @param {import('playwright-core').Page} page
 * @param {string} port
 */
async function addPrinter(page, port) {
  const { printerId, errorMessage } = await call(page, 'POST printersetup/add', {
    serviceId: 'room.printer3d',
    driver: 'marlin',
    name: 'Bench',
    config: JSON.stringify({ port, baudRate: 115200 }),
  })
  if (printerId === undefined) throw new Error(`the printer was not added: ${errorMessage}`)
  return `${printerId}.printer3d`
}

/**
 * @param {import('playwright-core').Page} page
 * @param {string} serviceId
 * @param {string} path
 */
async function printThrough(page, serviceId, path) {
  const endsAt = performance.now() + PRINT_LIMIT_MS
  const late = () => performance.now() > endsAt
  for (;;) {
    await call(page, 'POST printercontrol/bedclear', { serviceId })
    const started = await call(page, 'PUT 3dprinter/print', { serviceId, uri: pathToFileURL(path).href })
    if (started.result === 0) break
    if (late()) throw new Error(`the print did not start: ${started.errorMessage}`)
    await delay(100)
  }
  const startedAt = performance.now()
  for (let reloads = 0; ; reloads += 1) {
    await page.reload()
    const { printer, errorMessage } = await call(page, 'GET printers/one', { serviceId })
    if (!printer) throw new Error(`the printer is gone: ${errorMessage}`)
    const { job, feed } = printer.snapshot
    if (job.state === 'done') return { reloads, feed, ms: performance.now() - startedAt }
    if (job.state !== 'running' || late()) throw new Error(`the print ended as ${job.state}`)
  }
}

/**
 * @param {string} path
 * @param {number} moves
 */
function writePrint(path, moves) {
  const lines = Array.from(
    { length: moves },
    (_value, at) => `G1 X${(at % 2000) / 10} Y${(at % 1700) / 10} E${((at + 1) / 50).toFixed(4)} F1800\n`,
  )
  writeFileSync(path, lines.join(''))
  return { path, sizeBytes: statSync(path).size }
}

/**
 * A plug-in, because whatever reads a file for Gantry will be a child of Gantry: Linux divides the processor among
 * sessions first, and a stranger's session would take its half of it from the window and the print together.
 *
 * @param {string} root
 * @param {string} home
 */
function addAnalysis(root, home) {
  const folder = join(home, 'data/plugins/analysis')
  cpSync(join(root, 'bench/tools/analysis'), folder, { recursive: true })
  const block = Buffer.from(
    Array.from(
      { length: 40_000 },
      (_value, at) => `G1 X${(at % 2_200) / 10} Y${(at % 1_900) / 10} E${(at / 90).toFixed(5)} F1800\n`,
    ).join(''),
  )
  const file = openSync(join(folder, 'large.gcode'), 'w')
  for (let written = 0; written < LARGE_MB * 1e6; written += block.length) writeSync(file, block)
  closeSync(file)
  return { megabytes: () => readFileSync(join(folder, 'megabytes'), 'utf8') }
}

/**
 * @param {string} root
 * @param {boolean} python
 * @param {readonly string[]} [args]
 */
async function startPeer(root, python, args = []) {
  const [command, file] = python ? ['python3', 'serial-peer.py'] : [process.execPath, 'serial-peer.mjs']
  const child = spawn(command, [join(root, 'bench/tools', file), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [path] = await once(createInterface(child.stdout), 'line')
  return {
    path: String(path),
    async stop() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

/**
 * @param {string} root
 * @param {boolean} python
 * @param {{ path: string }} print
 * @param {'stream' | 'descriptor'} way
 */
async function bareLoop(root, python, print, way) {
  const peer = await startPeer(root, python)
  const program = join(root, 'bench/tools/bare-serial-loop.mjs')
  const child = spawn(process.execPath, [program, peer.path, print.path, way], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const said = createInterface(child.stdout)
  await once(said, 'line')
  asGantryIs(child.pid ?? 0)
  return {
    name: way === 'stream' ? 'bare write loop' : 'bare write loop on the bare descriptor',
    pid: child.pid ?? 0,
    async print() {
      child.stdin.write('go\n')
      const [ms] = await once(said, 'line')
      return Number(ms)
    },
    async stop() {
      child.stdin.end()
      await once(child, 'exit')
      await peer.stop()
    },
  }
}

/**
 * The priority that Gantry asks for, so that only the programs differ; their threads beside the first do nothing here.
 *
 * @param {number} pid
 */
function asGantryIs(pid) {
  try {
    setPriority(pid, constants.priority.PRIORITY_HIGH)
  } catch {
    // Then Gantry did not get it either.
  }
}

/**
 * The program that feeds a printer, as Gantry starts it.
 *
 * @param {string} root
 * @param {boolean} python
 * @param {{ path: string, sizeBytes: number }} print
 */
async function gantry(root, python, print) {
  const peer = await startPeer(root, python)
  const child = fork(join(root, 'out/main/serial-stream.js'), { execArgv: [], serialization: 'advanced' })
  /**
   * @template Heard
   * @param {(message: Message) => Heard | undefined} find
   * @returns {Promise<Heard>}
   */
  const heard = find =>
    new Promise(resolve => {
      /** @param {unknown} message */
      const look = message => {
        const found = find(/** @type {Message} */ (message))
        if (found === undefined) return
        child.off('message', look)
        resolve(found)
      }
      child.on('message', look)
    })
  const opened = heard(message => message.kind === 'opened' || undefined)
  child.send({ kind: 'open', path: peer.path, baudRate: 115200, signals: false, startWaitMs: 0 })
  await opened
  return {
    name: 'Gantry',
    pid: child.pid ?? 0,
    async print() {
      const done = heard(message =>
        message.kind === 'stream' && ['finished', 'failed'].includes(message.status.state)
          ? message.status
          : undefined,
      )
      const plan = { path: print.path, sizeBytes: print.sizeBytes, lineLimitBytes: 96 }
      child.send({ kind: 'print', id: 1, plan })
      const status = await done
      if (status.state !== 'finished') throw new Error(`the print failed: ${status.reason}`)
      return Number(status.elapsedMs)
    },
    async stop() {
      child.send({ kind: 'close' })
      await once(child, 'exit')
      await peer.stop()
    },
  }
}

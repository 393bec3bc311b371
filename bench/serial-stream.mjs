import { fork, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export const about = 'Lines a second of a print on a serial port, beside the least that could write them.'

const MOVES = 20_000
const WARM_UP_MOVES = 2_000
const STALL_AFTER_MS = 200
const STALL_MS = 500

/** @type {import('../scripts/benching/bench.mjs').Bench['run']} */
export async function run({ root, runs, signal, say }) {
  const python = spawnSync('python3', ['-c', 'import pty']).status === 0
  say.note(
    python
      ? 'The printer is behind a pseudo-terminal.'
      : 'There is no python3 for a pseudo-terminal: TCP instead.',
  )
  const dir = mkdtempSync(join(tmpdir(), 'gantry-bench-'))
  const print = writePrint(join(dir, 'cube.gcode'), MOVES)
  const warmUp = writePrint(join(dir, 'warm-up.gcode'), WARM_UP_MOVES)
  /** @type {Record<string, number[]>} */
  const samples = { bare: [], gantry: [], bareBusy: [], gantryBusy: [], underruns: [], worstGap: [] }
  const busy = startBusy(root)
  try {
    for (let at = 0; at < runs; at += 1) {
      signal.throwIfAborted()
      busy.pause()
      samples.bare?.push(await bareLoop(root, python, print, false))
      samples.gantry?.push((await gantry(root, python, warmUp, print, false)).rate)
      busy.resume()
      samples.bareBusy?.push(await bareLoop(root, python, print, true))
      const stalled = await gantry(root, python, warmUp, print, true)
      samples.gantryBusy?.push(stalled.rate)
      samples.underruns?.push(stalled.underruns)
      samples.worstGap?.push(stalled.worstGapMs)
    }
  } finally {
    busy.stop()
    rmSync(dir, { recursive: true, force: true })
  }
  const {
    bare = [],
    gantry: ours = [],
    bareBusy = [],
    gantryBusy = [],
    underruns = [],
    worstGap = [],
  } = samples
  const besideBusy = 'with a busy processor and a stalled owner'
  return [
    { name: 'bare write loop', unit: 'lines/s', samples: bare },
    { name: 'Gantry', unit: 'lines/s', samples: ours, comparedTo: 'bare write loop' },
    { name: `bare write loop ${besideBusy}`, unit: 'lines/s', samples: bareBusy },
    {
      name: `Gantry ${besideBusy}`,
      unit: 'lines/s',
      samples: gantryBusy,
      comparedTo: `bare write loop ${besideBusy}`,
    },
    { name: `underruns ${besideBusy}`, unit: 'times', samples: underruns },
    { name: `longest gap ${besideBusy}`, unit: 'ms', samples: worstGap },
  ]
}

/**
 * @param {string} path
 * @param {number} moves
 */
function writePrint(path, moves) {
  const lines = Array.from(
    { length: moves },
    (_value, at) => `G1 X${(at % 2000) / 10} Y${(at % 1700) / 10} E${(at / 50).toFixed(4)} F1800\n`,
  )
  writeFileSync(path, lines.join(''))
  return { path, moves, sizeBytes: statSync(path).size }
}

/**
 * @param {string} root
 * @param {boolean} python
 */
async function startPeer(root, python) {
  const [command, file] = python ? ['python3', 'serial-peer.py'] : [process.execPath, 'serial-peer.mjs']
  const child = spawn(command, [join(root, 'bench/tools', file)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [path] = await once(createInterface(child.stdout), 'line')
  return {
    path: String(path),
    async stop() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

/** @param {string} root */
function startBusy(root) {
  const child = spawn(process.execPath, [join(root, 'bench/tools/busy.mjs')], { stdio: 'ignore' })
  return {
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
    stop: () => child.kill('SIGKILL'),
  }
}

/**
 * @param {string} root
 * @param {boolean} python
 * @param {{ path: string, moves: number }} print
 * @param {boolean} stalled
 */
async function bareLoop(root, python, print, stalled) {
  const peer = await startPeer(root, python)
  const child = spawn(
    process.execPath,
    [join(root, 'bench/tools/bare-serial-loop.mjs'), peer.path, print.path],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  // The same disturbance as beside Gantry: one more processor is taken for a while.
  if (stalled) setTimeout(stall, STALL_AFTER_MS)
  const [ms] = await once(createInterface(child.stdout), 'line')
  await peer.stop()
  return print.moves / (Number(ms) / 1_000)
}

/**
 * The program that feeds a printer, as Gantry starts it.
 *
 * @param {string} root
 * @param {boolean} python
 * @param {{ path: string, sizeBytes: number }} warmUp
 * @param {{ path: string, moves: number, sizeBytes: number }} print
 * @param {boolean} stalled Whether this process, its owner, does nothing else meanwhile.
 */
async function gantry(root, python, warmUp, print, stalled) {
  const peer = await startPeer(root, python)
  const child = fork(join(root, 'out/main/serial-stream.js'), { execArgv: [], serialization: 'advanced' })
  /** @param {(message: any) => boolean} fits */
  const heard = fits =>
    new Promise(resolve => {
      /** @param {any} message */
      const look = message => {
        if (!fits(message)) return
        child.off('message', look)
        resolve(message)
      }
      child.on('message', look)
    })
  /** @param {{ path: string, sizeBytes: number }} file */
  const finish = async file => {
    const done = heard(
      message => message.kind === 'stream' && ['finished', 'failed'].includes(message.status.state),
    )
    child.send({
      kind: 'print',
      id: 1,
      plan: { path: file.path, sizeBytes: file.sizeBytes, lineLimitBytes: 96 },
    })
    return done
  }
  const opened = heard(message => message.kind === 'opened')
  child.send({ kind: 'open', path: peer.path, baudRate: 115200, signals: false, expectStart: false })
  await opened
  await finish(warmUp)
  const done = finish(print)
  if (stalled) setTimeout(stall, STALL_AFTER_MS)
  const { status } = await done
  child.send({ kind: 'close' })
  await once(child, 'exit')
  await peer.stop()
  if (status.state !== 'finished') throw new Error(`the print failed: ${status.reason}`)
  return {
    rate: print.moves / (status.elapsedMs / 1_000),
    underruns: status.underruns,
    worstGapMs: status.worstGapMs,
  }
}

function stall() {
  const until = performance.now() + STALL_MS
  while (performance.now() < until) {
    // The owner of the stream does not come to anything else.
  }
}

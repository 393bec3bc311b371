import { setTimeout as delay } from 'node:timers/promises'
import { family, memoryMb, processorS } from './tools/processes.mjs'
import { startHeadless, startWindow } from './tools/program.mjs'

export const about = 'What a Gantry with nothing to do takes of the machine.'

const SETTLE_MS = 8_000
const WATCH_MS = 5_000

/** @type {import('../scripts/benching/bench.mjs').Bench['run']} */
export async function run(tools) {
  if (process.platform !== 'linux') {
    tools.say.note('Idle memory and processor are read from Linux’ own books, so only there.')
    return []
  }
  const headless = await watch(await startHeadless(tools.root), tools)
  const started = await startWindow(tools)
  const window = started && (await watch(started, tools))
  return [...rowsOf('without a window', headless), ...(window ? rowsOf('with its window', window) : [])]
}

/**
 * @param {import('./tools/program.mjs').Running} running
 * @param {import('../scripts/benching/bench.mjs').BenchTools} tools
 */
async function watch(running, { runs, signal }) {
  const memory = []
  const processor = []
  try {
    await delay(SETTLE_MS, undefined, { signal })
    for (let at = 0; at < runs; at += 1) {
      const before = processorS(family(running.pid))
      await delay(WATCH_MS, undefined, { signal })
      const pids = family(running.pid)
      processor.push(((processorS(pids) - before) / (WATCH_MS / 1_000)) * 100)
      memory.push(memoryMb(pids))
    }
  } finally {
    await running.close()
  }
  return { memory, processor }
}

/**
 * @param {string} how
 * @param {{ memory: number[], processor: number[] }} samples
 */
function rowsOf(how, { memory, processor }) {
  return [
    { name: `memory ${how}`, unit: 'MB', samples: memory },
    { name: `processor ${how}`, unit: '% of a core', samples: processor },
  ]
}

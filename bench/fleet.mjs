import { setTimeout as delay } from 'node:timers/promises'
import { addAll, openRoom, openViewer, printersOf, wholeRoom } from './tools/fleet.mjs'
import { family, memoryMb, processorS } from './tools/processes.mjs'
import { startHeadless } from './tools/program.mjs'
import { ageMs } from './tools/stamp.mjs'

export const about =
  'A hundred network printers that change four times a second, three viewers, and one application that follows each.'

const viewerCount = 3
const SETTLE_MS = 6_000
const WATCH_MS = 5_000

/** @type {import('../scripts/benching/bench.mjs').Bench['run']} */
export async function run({ root, runs, say, signal }) {
  if (process.platform !== 'linux') {
    say.note('Memory and processor of the fleet are read from Linux’ own books, so only there.')
    return []
  }
  const room = await openRoom(wholeRoom)
  const running = await startHeadless(root)
  const viewers = []
  try {
    await addAll(running, room.printers)
    const dashboard = createEye()
    for (let at = 0; at < viewerCount; at += 1) {
      const viewer = await openViewer(
        running,
        `http://viewer-${at}.test`,
        at === 0 ? dashboard.list : () => {},
      )
      viewers.push(viewer)
      await viewer.follow('printers/list', 'room.printer3d')
    }
    await running.until(() => dashboard.online() === printersOf || undefined)
    const watched = await watch(running, dashboard, { runs, signal })

    const each = createEye()
    const application = await openViewer(running, 'http://each.test', each.status)
    viewers.push(application)
    for (const serviceId of dashboard.services()) await application.follow('3dprinter/status', serviceId)
    const followed = await watch(running, each, { runs, signal })
    return [
      ...rowsOf('3 viewers', watched),
      ...rowsOf('and every status followed', followed),
      {
        name: 'memory gained from first to last',
        unit: 'MB',
        samples: [(followed.memory.at(-1) ?? 0) - (watched.memory[0] ?? 0)],
      },
    ]
  } finally {
    for (const viewer of viewers) viewer.close()
    await running.close()
    await room.close()
  }
}

/**
 * @param {import('./tools/program.mjs').Running} running
 * @param {ReturnType<typeof createEye>} eye
 * @param {{ runs: number, signal: AbortSignal }} tools
 */
async function watch(running, eye, { runs, signal }) {
  await delay(SETTLE_MS, undefined, { signal })
  /** @type {Record<'processor' | 'memory' | 'p50' | 'p99' | 'seen', number[]>} */
  const found = { processor: [], memory: [], p50: [], p99: [], seen: [] }
  for (let at = 0; at < runs; at += 1) {
    eye.take()
    const pids = family(running.pid)
    const [beforeS, beforeMs] = [processorS(pids), performance.now()]
    await delay(WATCH_MS, undefined, { signal })
    const tookS = (performance.now() - beforeMs) / 1_000
    found.processor.push(((processorS(pids) - beforeS) / tookS) * 100)
    found.memory.push(memoryMb(pids))
    const ages = eye.take().sort((a, b) => a - b)
    found.p50.push(ages[Math.floor(ages.length * 0.5)] ?? Number.NaN)
    found.p99.push(ages[Math.floor(ages.length * 0.99)] ?? Number.NaN)
    found.seen.push(ages.length / tookS)
  }
  return found
}

/**
 * @param {string} how
 * @param {Awaited<ReturnType<typeof watch>>} found
 */
function rowsOf(how, { processor, memory, p50, p99, seen }) {
  return [
    { name: `processor, ${how}`, unit: '% of a core', samples: processor },
    { name: `memory, ${how}`, unit: 'MB', samples: memory },
    { name: `p50 printer to client, ${how}`, unit: 'ms', samples: p50 },
    { name: `p99 printer to client, ${how}`, unit: 'ms', samples: p99 },
    { name: `new values seen, ${how}`, unit: 'a second', samples: seen },
  ]
}

/** Notes how old each new value is when it is seen; a value that is told again because another changed is not new. */
function createEye() {
  /** @type {Map<string, number>} */
  const last = new Map()
  /** @type {Map<string, import('./tools/fleet.mjs').SeenPrinter>} */
  const printers = new Map()
  /** @type {number[]} */
  let ages = []
  /**
   * @param {string} id
   * @param {number | undefined} celsius
   */
  const see = (id, celsius) => {
    if (celsius === undefined || last.get(id) === celsius) return
    last.set(id, celsius)
    ages.push(ageMs(celsius))
  }
  return {
    /** @param {import('./tools/fleet.mjs').Frame} frame */
    list(frame) {
      for (const printer of frame.printers ?? []) {
        printers.set(printer.serviceId, printer)
        see(printer.serviceId, printer.snapshot.heaters[0]?.actualC)
      }
    },
    /** @param {import('./tools/fleet.mjs').Frame} frame */
    status(frame) {
      if (frame.status) see(frame.serviceId, frame.status.nozzleTemp)
    },
    online: () => [...printers.values()].filter(({ snapshot }) => snapshot.link.state === 'online').length,
    services: () => [...printers.keys()],
    take() {
      const taken = ages
      ages = []
      return taken
    },
  }
}

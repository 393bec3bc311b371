import { setTimeout as delay } from 'node:timers/promises'
import { addAll, openRoom, printersOf, wholeRoom } from './tools/fleet.mjs'
import { family, processorS, renderersOf } from './tools/processes.mjs'
import { startWindow } from './tools/program.mjs'

export const about =
  'The wall of a hundred printers in the real window while all of them change four times a second.'

const SETTLE_MS = 4_000
const WATCH_MS = 5_000
/** Quick typing. */
const KEY_MS = 120
const longTaskMs = 50

/** @type {import('../scripts/benching/bench.mjs').Bench['run']} */
export async function run(tools) {
  if (process.platform !== 'linux') {
    tools.say.note('The processor of the window is read from Linux’ own books, so only there.')
    return []
  }
  const room = await openRoom(wholeRoom)
  const running = await startWindow(tools)
  if (!running) {
    await room.close()
    tools.say.note('There is no display, so the wall was not measured.')
    return []
  }
  try {
    const { chromium } = await import('playwright-core')
    const browser = await chromium.connectOverCDP(await running.debuggerAddress())
    const page = browser.contexts()[0]?.pages()[0]
    if (!page) throw new Error('the window shows no page')
    await page.setViewportSize({ width: 1_440, height: 900 })
    await addAll(running, room.printers)
    await page.waitForFunction(`document.querySelectorAll('[data-card]').length === ${printersOf}`)
    const cards = await watch(running, page, tools)
    const keys = await type(page)
    await page.getByRole('button', { name: 'As a list' }).dispatchEvent('click')
    await page.waitForSelector('table [data-card]')
    const list = await watch(running, page, tools)
    await browser.close()
    return [
      ...rowsOf('cards', cards),
      { name: 'a key in the search field', unit: 'ms', samples: keys },
      ...rowsOf('list', list),
    ]
  } finally {
    await running.close()
    await room.close()
  }
}

/**
 * @param {import('./tools/program.mjs').Running} running
 * @param {import('playwright-core').Page} page
 * @param {import('../scripts/benching/bench.mjs').BenchTools} tools
 */
async function watch(running, page, { runs, signal }) {
  await delay(SETTLE_MS, undefined, { signal })
  /** @type {Record<'processor' | 'frame' | 'longest' | 'long', number[]>} */
  const found = { processor: [], frame: [], longest: [], long: [] }
  const nodes = Number(await page.evaluate(`document.querySelectorAll('*').length`))
  for (let at = 0; at < runs; at += 1) {
    const pids = renderersOf(family(running.pid))
    const [beforeS, beforeMs] = [processorS(pids), performance.now()]
    /** @type {{ frames: number[], tasks: number[] }} */
    const { frames, tasks } = await page.evaluate(observing(WATCH_MS))
    const tookS = (performance.now() - beforeMs) / 1_000
    found.processor.push(((processorS(pids) - beforeS) / tookS) * 100)
    const sorted = frames.sort((a, b) => a - b)
    found.frame.push(sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN)
    found.longest.push(Math.max(0, ...tasks))
    found.long.push(tasks.filter(ms => ms > longTaskMs).length)
  }
  return { ...found, nodes }
}

/**
 * In the page: the gaps between frames, and the tasks that the browser itself calls long.
 *
 * @param {number} watchMs
 */
const observing = watchMs => `new Promise(resolve => {
  const [frames, tasks] = [[], []]
  const observer = new PerformanceObserver(entries => {
    for (const { duration } of entries.getEntries()) tasks.push(duration)
  })
  observer.observe({ type: 'longtask' })
  let last = performance.now()
  const endsAt = last + ${watchMs}
  const frame = () => {
    const now = performance.now()
    frames.push(now - last)
    last = now
    if (now < endsAt) return requestAnimationFrame(frame)
    observer.disconnect()
    resolve({ frames, tasks })
  }
  requestAnimationFrame(frame)
})`

/**
 * From a letter in the search field to the picture that follows from it.
 *
 * @param {import('playwright-core').Page} page
 */
async function type(page) {
  const samples = []
  for (const text of ['o', 'oc', 'oct', 'octo', 'octoprint 4', 'octoprint', 'o', '']) {
    samples.push(Number(await page.evaluate(typing(text))))
    await delay(KEY_MS)
  }
  return samples
}

/** @param {string} text */
const typing = text => `(async () => {
  const field = document.querySelector('input[type=search]')
  const startMs = performance.now()
  field.value = ${JSON.stringify(text)}
  field.dispatchEvent(new Event('input', { bubbles: true }))
  await new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)))
  return performance.now() - startMs
})()`

/**
 * @param {string} how
 * @param {Awaited<ReturnType<typeof watch>>} found
 */
function rowsOf(how, { processor, frame, longest, long, nodes }) {
  return [
    { name: `processor of the page, ${how}`, unit: '% of a core', samples: processor },
    { name: `p99 from frame to frame, ${how}`, unit: 'ms', samples: frame },
    { name: `longest task, ${how}`, unit: 'ms', samples: longest },
    { name: `tasks over ${longTaskMs} ms in ${WATCH_MS / 1_000} s, ${how}`, unit: '', samples: long },
    { name: `elements, ${how}`, unit: '', samples: [nodes] },
  ]
}

import { readdirSync, readFileSync } from 'node:fs'

/** Reads memory and processor time of a process and all it started, from Linux' own books. */

const TICKS_PER_S = 100

/**
 * @param {number} pid
 * @returns {number[]} the process and everything below it
 */
export function family(pid) {
  const children = new Map()
  for (const name of readdirSync('/proc').filter(entry => /^\d+$/.test(entry))) {
    const parent = Number(statOf(Number(name))?.[1])
    children.set(parent, [...(children.get(parent) ?? []), Number(name)])
  }
  /** @type {number[]} */
  const found = []
  for (const next = [pid]; next.length > 0; ) {
    const one = Number(next.shift())
    found.push(one)
    next.push(...(children.get(one) ?? []))
  }
  return found
}

/**
 * Those of a family that draw pages.
 *
 * @param {readonly number[]} pids
 */
export function renderersOf(pids) {
  return pids.filter(pid => read(`/proc/${pid}/cmdline`).includes('--type=renderer'))
}

/**
 * Shared pages are divided among those who share them, so that a family's sum is what the machine really gives.
 *
 * @param {readonly number[]} pids
 */
export function memoryMb(pids) {
  const kilobytes = pids.map(pid =>
    Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0),
  )
  return kilobytes.reduce((sum, value) => sum + value, 0) / 1_024
}

/** @param {readonly number[]} pids */
export function processorS(pids) {
  const ticks = pids.map(pid => {
    const stat = statOf(pid)
    return Number(stat?.[11] ?? 0) + Number(stat?.[12] ?? 0)
  })
  return ticks.reduce((sum, value) => sum + value, 0) / TICKS_PER_S
}

/**
 * Processor time of all threads of one process, to the nanosecond; undefined where the system does not keep such books.
 *
 * @param {number} pid
 */
export function threadsUs(pid) {
  try {
    const threads = readdirSync(`/proc/${pid}/task`)
    const ns = threads.map(thread => Number(read(`/proc/${pid}/task/${thread}/schedstat`).split(' ')[0]))
    return ns.reduce((sum, value) => sum + value, 0) / 1_000
  } catch {
    return undefined
  }
}

/**
 * The fields of /proc/PID/stat from the state on: the name before them may hold anything.
 *
 * @param {number} pid
 */
function statOf(pid) {
  const line = read(`/proc/${pid}/stat`)
  return line === '' ? undefined : line.slice(line.lastIndexOf(')') + 2).split(' ')
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

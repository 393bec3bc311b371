import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { enter } from './tools/gotapi.mjs'
import { startHeadless } from './tools/program.mjs'

export const about =
  'What one call with token, scope check and signed answer costs beside a bare node:http server.'

const connections = 16
const warmUpMs = 1_500
const measureMs = 3_000
const steadyPerSecond = 200
const steadyRequests = 1_000
const origin = 'http://bench.test'

/** @type {import('../scripts/benching/bench.mjs').Bench['run']} */
export async function run({ root, runs, signal }) {
  const running = await startHeadless(root)
  const { call, token } = await enter(running, origin, { key: randomBytes(32).toString('hex') })
  // What is measured is the way of a call, not how soon one origin is told to wait.
  await call('PUT', 'settings', { accessToken: token, requestsPerSecond: '1000000' })
  const path = `/gotapi/system?accessToken=${token}&nonce=${randomBytes(32).toString('hex')}`
  const gantry = { port: Number(new URL(running.address).port), path }
  const response = await fetch(`${running.address}${path}`, { headers: { origin } })
  const bare = await startBare(root, Buffer.from(await response.arrayBuffer()))
  try {
    /** @type {Record<'bare' | 'gantry' | 'p50' | 'p99', number[]>} */
    const samples = { bare: [], gantry: [], p50: [], p99: [] }
    await countFor({ port: bare.port, path }, warmUpMs)
    await countFor(gantry, warmUpMs)
    for (let at = 0; at < runs; at += 1) {
      signal.throwIfAborted()
      samples.bare.push(await countFor({ port: bare.port, path }, measureMs))
      samples.gantry.push(await countFor(gantry, measureMs))
      const latencies = await steady(gantry)
      samples.p50.push(latencies[Math.floor(latencies.length * 0.5)] ?? Number.NaN)
      samples.p99.push(latencies[Math.floor(latencies.length * 0.99)] ?? Number.NaN)
    }
    return [
      { name: 'bare node:http', unit: 'requests/s', samples: samples.bare },
      {
        name: 'token, scope and HMAC',
        unit: 'requests/s',
        samples: samples.gantry,
        comparedTo: 'bare node:http',
      },
      { name: `p50 at ${steadyPerSecond}/s`, unit: 'ms', samples: samples.p50 },
      { name: `p99 at ${steadyPerSecond}/s`, unit: 'ms', samples: samples.p99 },
    ]
  } finally {
    bare.close()
    await running.close()
  }
}

/**
 * @param {string} root
 * @param {Buffer} body
 */
async function startBare(root, body) {
  const child = spawn(
    process.execPath,
    [join(root, 'bench/tools/bare-server.mjs'), body.toString('base64')],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const [line] = await once(child.stdout, 'data')
  return { port: Number(String(line).trim()), close: () => child.kill() }
}

/** @param {{ port: number, path: string }} target */
const requestTo = ({ port, path }) =>
  Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: ${origin}\r\n\r\n`)

/**
 * One kept connection, one request at a time. Every answer of a target has the same length, which keeps the
 * measuring side far cheaper than the measured one.
 *
 * @param {{ port: number, path: string }} target
 */
async function openLine(target) {
  const socket = connect(target.port, '127.0.0.1').setNoDelay(true)
  await once(socket, 'connect')
  const request = requestTo(target)
  /** @type {(() => void) | undefined} */
  let answered
  let missing = 0
  let answerBytes = 0
  socket.on('data', chunk => {
    if (answerBytes === 0) answerBytes = lengthOf(chunk)
    missing -= chunk.length
    if (missing + answerBytes <= 0) answered?.()
  })
  return {
    ask: () =>
      new Promise(resolve => {
        missing = 0
        answered = () => resolve(undefined)
        socket.write(request)
      }),
    close: () => socket.destroy(),
  }
}

/** @param {Buffer} answer */
function lengthOf(answer) {
  const text = answer.toString('latin1')
  if (!text.startsWith('HTTP/1.1 200 ')) throw new Error(text.split('\r\n')[0])
  const body = Number(/content-length: (\d+)/i.exec(text)?.[1])
  return text.indexOf('\r\n\r\n') + 4 + body
}

/**
 * This side asks for news without pause. One that slept would have to be woken by each answer of the slower server,
 * and never by those of the faster one.
 *
 * @param {number} endMs
 */
function stayAwake(endMs) {
  if (performance.now() < endMs) setImmediate(stayAwake, endMs)
}

/**
 * @param {{ port: number, path: string }} target
 * @param {number} periodMs
 * @returns {Promise<number>} answers per second
 */
async function countFor(target, periodMs) {
  const lines = await Promise.all(Array.from({ length: connections }, () => openLine(target)))
  const startMs = performance.now()
  const endMs = startMs + periodMs
  let answers = 0
  stayAwake(endMs)
  await Promise.all(
    lines.map(async line => {
      while (performance.now() < endMs) {
        await line.ask()
        answers += 1
      }
    }),
  )
  const tookMs = performance.now() - startMs
  for (const line of lines) line.close()
  return (answers / tookMs) * 1_000
}

/**
 * @param {{ port: number, path: string }} target
 * @returns {Promise<number[]>} milliseconds from a request to its answer, ascending
 */
async function steady(target) {
  const lines = await Promise.all(Array.from({ length: connections }, () => openLine(target)))
  /** @type {number[]} */
  const latencies = []
  const startMs = performance.now()
  const everyMs = 1_000 / steadyPerSecond
  await Promise.all(
    lines.map(async (line, first) => {
      for (let at = first; at < steadyRequests; at += connections) {
        const dueMs = startMs + at * everyMs
        await delay(Math.max(0, dueMs - performance.now()))
        // The timer of this side is no delay of the other one.
        const sentMs = performance.now()
        await line.ask()
        latencies.push(performance.now() - sentMs)
      }
    }),
  )
  for (const line of lines) line.close()
  return latencies.sort((a, b) => a - b)
}

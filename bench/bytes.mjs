import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { enter } from './tools/gotapi.mjs'
import { family, memoryMb } from './tools/processes.mjs'
import { startHeadless } from './tools/program.mjs'

export const about =
  'A file of 1 GB up and down over the byte channel, beside a bare server that streams to disk.'

const MB = 1_000_000
const sizeBytes = 1_000 * MB
const pieceBytes = 1 * MB
const origin = 'http://bench.test'
const memoryEveryMs = 50

/** @typedef {{ scheme: 'http' | 'https', port: number, path: string, headers: Record<string, string> }} Target */

/** @type {import('../scripts/benching/bench.mjs').Bench['run']} */
export async function run({ root, runs, signal }) {
  const dir = mkdtempSync(join(tmpdir(), 'gantry-bytes-'))
  const running = await startHeadless(root)
  const local = await enter(running, origin)
  await local.call('PUT', 'lan/state', { accessToken: local.token, enabled: 'true' })
  const { port: httpsPort } = await local.call('GET', 'lan', { accessToken: local.token })
  const remote = await enter(running, origin, { address: `https://localhost:${httpsPort}` })
  const doors = [
    {
      scheme: /** @type {const} */ ('http'),
      port: Number(new URL(running.address).port),
      bare: await startBare(root, join(dir, 'plain')),
      ...local,
    },
    {
      scheme: /** @type {const} */ ('https'),
      port: Number(httpsPort),
      bare: await startBare(root, join(dir, 'tls'), pemOf(running.dataDir, dir)),
      ...remote,
    },
  ]
  const serviceId = await simulate(local.call, local.token)
  /** @type {Record<string, number[]>} */
  const samples = {}
  const take = (/** @type {string} */ name, /** @type {number} */ value) => {
    samples[name] = [...(samples[name] ?? []), value]
  }
  try {
    for (let at = 0; at < runs; at += 1) {
      for (const { scheme, port, bare, call, token } of doors) {
        signal.throwIfAborted()
        const { bytes } = await call('POST', 'printerfiles/upload', {
          accessToken: token,
          serviceId,
          name: 'large.gcode',
          sizeBytes: String(sizeBytes),
        })
        const headers = { origin, authorization: `Bearer ${token}` }
        const gantry = { scheme, port, path: String(bytes), headers }
        const plain = { scheme, port: bare.port, path: '/', headers: {} }
        const before = memoryMb(family(running.pid))
        const watch = watchMemory(running.pid)
        // Whoever writes second waits for the disk to take what the first one wrote.
        const pair = [
          { name: 'bare ', target: plain },
          { name: '', target: gantry },
        ]
        if (at % 2 === 1) pair.reverse()
        for (const { name, target } of pair) take(`${scheme}: ${name}up`, await upload(target))
        for (const { name, target } of pair) take(`${scheme}: ${name}down`, await download(target))
        take(`${scheme}: memory gained`, watch() - before)
        await remove(gantry)
      }
    }
    return Object.entries(samples).map(([name, values]) => ({
      name,
      unit: name.endsWith('gained') ? 'MB' : 'MB/s',
      samples: values,
      ...(/: (up|down)$/.test(name) && { comparedTo: name.replace(': ', ': bare ') }),
    }))
  } finally {
    for (const { bare } of doors) bare.close()
    await running.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

/**
 * @param {Awaited<ReturnType<typeof enter>>['call']} call
 * @param {string} token
 */
async function simulate(call, token) {
  const room = { accessToken: token, serviceId: 'room.printer3d' }
  const { printerId } = await call('POST', 'printersetup/simulate', { ...room, make: 'prusalink' })
  return `${printerId}.printer3d`
}

/**
 * Gantry's own certificate, so that both sides encrypt alike.
 *
 * @param {string} dataDir
 * @param {string} dir
 */
function pemOf(dataDir, dir) {
  const tls = join(dataDir, 'tls')
  const text = readdirSync(tls).map(name => readFileSync(join(tls, name), 'utf8'))
  const file = join(dir, 'bare.pem')
  writeFileSync(file, text.join('\n'))
  return file
}

/**
 * @param {string} root
 * @param {string} file
 * @param {string} [pem]
 */
async function startBare(root, file, pem) {
  const child = spawn(
    process.execPath,
    [join(root, 'bench/tools/bare-streams.mjs'), file, ...(pem ? [pem] : [])],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const [line] = await once(child.stdout, 'data')
  return { port: Number(String(line).trim()), close: () => child.kill() }
}

/** @param {number} pid */
function watchMemory(pid) {
  let most = 0
  const timer = setInterval(() => {
    most = Math.max(most, memoryMb(family(pid)))
  }, memoryEveryMs)
  return () => {
    clearInterval(timer)
    return most
  }
}

/**
 * @param {Target} target
 * @param {'GET' | 'PUT' | 'DELETE'} method
 * @param {Record<string, string>} [more]
 */
function open({ scheme, port, path, headers }, method, more = {}) {
  const request = scheme === 'http' ? httpRequest : httpsRequest
  return request({
    host: '127.0.0.1',
    port,
    path,
    method,
    headers: { host: `localhost:${port}`, ...headers, ...more },
    agent: false,
    // Gantry signs for itself; what is measured is the way, not the trust.
    rejectUnauthorized: false,
  })
}

/**
 * The answer, with its bytes counted and thrown away.
 *
 * @param {import('node:http').ClientRequest} request
 */
async function countOf(request) {
  const [response] = /** @type {[import('node:http').IncomingMessage]} */ (await once(request, 'response'))
  let count = 0
  for await (const chunk of response) count += chunk.length
  if ((response.statusCode ?? 0) >= 300) throw new Error(`The answer was ${response.statusCode}.`)
  return count
}

/** @param {Target} target MB a second */
async function upload(target) {
  const piece = Buffer.alloc(pieceBytes, 'G1 X1 Y1\n')
  const startedMs = performance.now()
  const request = open(target, 'PUT', { 'content-length': String(sizeBytes) })
  const answered = countOf(request)
  for (let sent = 0; sent < sizeBytes; sent += pieceBytes) {
    if (!request.write(piece)) await once(request, 'drain')
  }
  request.end()
  await answered
  return speed(startedMs)
}

/** @param {Target} target MB a second */
async function download(target) {
  const startedMs = performance.now()
  const request = open(target, 'GET')
  request.end()
  const count = await countOf(request)
  if (count !== sizeBytes) throw new Error(`Of ${sizeBytes} bytes ${count} came.`)
  return speed(startedMs)
}

/** @param {Target} target */
async function remove(target) {
  const request = open(target, 'DELETE')
  request.end()
  await countOf(request)
}

/** @param {number} startedMs */
const speed = startedMs => sizeBytes / MB / ((performance.now() - startedMs) / 1_000)

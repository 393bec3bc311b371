import { once } from 'node:events'
import { connect } from 'node:net'
import { family, memoryMb } from './tools/processes.mjs'
import { startHeadless } from './tools/program.mjs'

export const about = 'Memory of a WebSocket that is open and says nothing.'

/** They are let go after five seconds without a token, so the reading is quick. */
const sockets = 1_000
const kbPerMb = 1_024

/** @type {import('../scripts/benching/bench.mjs').Bench['run']} */
export async function run({ root, runs, say, signal }) {
  if (process.platform !== 'linux') {
    say.note('The memory of a socket is read from Linux’ own books, so only there.')
    return []
  }
  /** @type {number[]} */
  const samples = []
  for (let at = 0; at < runs; at += 1) {
    signal.throwIfAborted()
    const running = await startHeadless(root)
    try {
      const beforeMb = memoryMb(family(running.pid))
      const open = await Promise.all(Array.from({ length: sockets }, () => openSocket(running.address)))
      samples.push(((memoryMb(family(running.pid)) - beforeMb) / sockets) * kbPerMb)
      for (const socket of open) socket.destroy()
    } finally {
      await running.close()
    }
  }
  return [{ name: 'one idle socket', unit: 'kB', samples }]
}

/** @param {string} address */
async function openSocket(address) {
  const { port, host } = new URL(address)
  const socket = connect(Number(port), '127.0.0.1')
  socket.on('error', () => {})
  socket.write(
    `GET /gotapi/websocket HTTP/1.1\r\nHost: ${host}\r\nOrigin: http://bench.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n`,
  )
  await once(socket, 'data')
  return socket
}

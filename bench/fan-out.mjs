import { once } from 'node:events'
import WebSocket from 'ws'
import { enter } from './tools/gotapi.mjs'
import { startHeadless } from './tools/program.mjs'

export const about =
  'From a change to its event at the last of 1, 10 and 100 sockets, each an application of its own.'

const sizes = [1, 10, 100]
const changesPerRun = 20

/** @type {import('../scripts/benching/bench.mjs').Bench['run']} */
export async function run({ root, runs, signal }) {
  const rows = []
  for (const size of sizes) {
    const running = await startHeadless(root)
    try {
      const apps = []
      for (let at = 0; at < size; at += 1) apps.push(await follow(running, `http://app-${at}.test`))
      /** @type {number[]} */
      const samples = []
      for (let at = 0; at < runs * changesPerRun; at += 1) {
        signal.throwIfAborted()
        const tookMs = await change(apps)
        // The first ones pay for what is compiled then.
        if (at >= changesPerRun) samples.push(tookMs)
      }
      rows.push({ name: `${size} sockets`, unit: 'ms', samples })
      for (const { socket } of apps) socket.terminate()
    } finally {
      await running.close()
    }
  }
  return rows
}

/**
 * @param {import('./tools/program.mjs').Running} running
 * @param {string} origin
 */
async function follow(running, origin) {
  const { call, token } = await enter(running, origin)
  const socket = new WebSocket(`${running.address.replace('http', 'ws')}/gotapi/websocket`, { origin })
  await once(socket, 'open')
  socket.send(JSON.stringify({ accessToken: token }))
  await once(socket, 'message')
  const first = once(socket, 'message')
  await call('PUT', 'approvals', { accessToken: token })
  await first
  return { call, token, socket }
}

/**
 * One application asks to see the keyword, which opens a question that all follow; the question is then closed.
 *
 * @param {Awaited<ReturnType<typeof follow>>[]} apps
 */
async function change(apps) {
  const [asking] = apps
  if (!asking) throw new Error('nobody asks')
  const accessToken = asking.token
  const opened = Promise.all(apps.map(({ socket }) => once(socket, 'message')))
  const startMs = performance.now()
  const shown = asking.call('PUT', 'system/keyword', { accessToken })
  const [[frame] = []] = await opened
  const tookMs = performance.now() - startMs
  const { approvals } = JSON.parse(String(frame))
  const closed = Promise.all(apps.map(({ socket }) => once(socket, 'message')))
  await asking.call('PUT', 'approvals/decision', { accessToken, id: approvals[0].id, decision: 'deny' })
  await Promise.all([shown, closed])
  return tookMs
}

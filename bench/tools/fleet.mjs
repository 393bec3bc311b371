import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import WebSocket from 'ws'
import { enter } from './gotapi.mjs'

/**
 * A room of simulated network printers and those who look at it.
 *
 * @typedef {{ driver: string, name: string, config: Record<string, string>, isAlive: boolean }} RoomPrinter
 */

/** As the pushing ones tell 4.35 times a second, those that are only asked do not pull the room below 400. */
export const wholeRoom = { moonraker: 46, octoprint: 46, prusalink: 8, periodMs: 230 }
export const printersOf = 100

/** @param {Record<string, number>} room */
export async function openRoom(room) {
  const peer = fork(fileURLToPath(new URL('fleet-peer.mjs', import.meta.url)), [JSON.stringify(room)], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    execArgv: [],
  })
  let said = ''
  for await (const chunk of peer.stdout ?? []) {
    said += String(chunk)
    if (said.endsWith('\n')) break
  }
  /** @type {RoomPrinter[]} */
  const printers = JSON.parse(said)
  return {
    printers,
    close: async () => {
      const gone = once(peer, 'exit')
      peer.disconnect()
      await gone
    },
  }
}

/**
 * The owner's command line, and its adding of printers.
 *
 * @param {import('./program.mjs').Running} running
 * @param {readonly RoomPrinter[]} printers
 */
export async function addAll(running, printers) {
  const { call, token } = await enter(running, 'http://owner.test')
  const room = { accessToken: token, serviceId: 'room.printer3d' }
  for (const { driver, name, config } of printers) {
    await call('POST', 'printersetup/add', { ...room, driver, name, config: JSON.stringify(config) })
  }
}

/**
 * What the benches read of a frame; which of it there is depends on what is followed.
 *
 * @typedef {{ id: string, serviceId: string, snapshot: { heaters: { actualC?: number }[], link: { state: string } } }} SeenPrinter
 * @typedef {{ serviceId: string, printers?: SeenPrinter[], status?: { nozzleTemp: number } }} Frame
 */

/**
 * An application with a socket that follows things.
 *
 * @param {import('./program.mjs').Running} running
 * @param {string} origin
 * @param {(frame: Frame) => void} onFrame
 */
export async function openViewer(running, origin, onFrame) {
  const { call, token } = await enter(running, origin)
  const socket = new WebSocket(`${running.address.replace('http', 'ws')}/gotapi/websocket`, { origin })
  await once(socket, 'open')
  socket.send(JSON.stringify({ accessToken: token }))
  await once(socket, 'message')
  let frames = 0
  let bytes = 0
  socket.on('message', data => {
    frames += 1
    bytes += /** @type {Buffer} */ (data).length
    onFrame(JSON.parse(String(data)))
  })
  return {
    /**
     * @param {string} path
     * @param {string} serviceId
     */
    follow: (path, serviceId) => call('PUT', path, { accessToken: token, serviceId }),
    /**
     * @param {string} path
     * @param {string} serviceId
     */
    ask: (path, serviceId) => call('GET', path, { accessToken: token, serviceId }),
    counts: () => ({ frames, bytes }),
    close: () => socket.terminate(),
  }
}

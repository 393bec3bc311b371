import type { WebSocket } from 'ws'
import type { Clock } from '../../lib/clock.ts'
import type { Dispose } from '../../lib/dispose.ts'
import type { Carrier, LineEnd } from '../events/lines.ts'
import type { Frame } from '../protocol/frame.ts'
import { limits } from './limits.ts'

/** RFC 6455 7.4.1: what a socket is told when it ends. */
export const closeCodes = { done: 1000, ended: 1008, stopping: 1001 } as const satisfies Record<
  LineEnd,
  number
>

/** Frames to a slow reader pile up here only so far; beyond, the line keeps the newest of each thing instead. */
export function createCarrier(ws: WebSocket, clock: Clock, onDrain: () => void): Carrier {
  let isFull = false
  const wrote = () => {
    if (!isFull || ws.bufferedAmount > limits.congestedBytes / 2) return
    isFull = false
    onDrain()
  }
  return {
    send: (frame: Frame) => {
      if (ws.readyState !== ws.OPEN) return
      ws.send(frame.text(), wrote)
      if (ws.bufferedAmount > limits.congestedBytes) isFull = true
    },
    close: reason => endSocket(ws, clock, closeCodes[reason]),
    isCongested: () => isFull,
  }
}

/** gotapi 9-7: who does not answer a ping until the next one is gone. */
export function keepAlive(ws: WebSocket, clock: Clock): Dispose {
  let isAlive = true
  ws.on('pong', () => {
    isAlive = true
  })
  return clock.every(limits.pingMs, 'gotapi: ping', () => {
    if (!isAlive) {
      ws.terminate()
      return
    }
    isAlive = false
    ws.ping()
  })
}

/** Says why and gives the other side a moment to say so back; who does not loses the connection all the same. */
export function endSocket(ws: WebSocket, clock: Clock, code: number): void {
  ws.close(code)
  const stopWaiting = clock.after(limits.lastWordsMs, 'gotapi: end of a socket', () => ws.terminate())
  ws.once('close', stopWaiting)
}

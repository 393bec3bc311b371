import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import { z } from 'zod'
import type { Clock } from '../lib/clock.ts'
import type { Dispose } from '../lib/dispose.ts'
import type { Logger } from '../lib/log.ts'
import { type GotapiCore, type LineAnswer, refuseLine } from './core.ts'
import type { Frame } from './frame.ts'
import { isKnownHost } from './host.ts'
import { type HttpPlace, originHeaders } from './http-server.ts'
import { limits } from './limits.ts'
import type { Carrier, LineEnd, OpenLine } from './lines.ts'
import type { GotapiPolicy } from './policy.ts'

const socketPath = '/gotapi/websocket'

/** RFC 6455 7.4.1: what a socket is told when it ends. */
const closeCodes = { done: 1000, ended: 1008, stopping: 1001 } as const satisfies Record<LineEnd, number>
const REFUSED_CODE = 1008

const firstFrame = z.object({ accessToken: z.unknown().optional() })

export interface SocketDeps {
  readonly clock: Clock
  readonly log: Logger
  readonly open: GotapiCore['open']
  readonly policy: () => GotapiPolicy
}

export interface Sockets {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, place: HttpPlace): void
  /** Every socket of one place, at once. */
  closeAll(place: HttpPlace): void
}

/** GotAPI-5 over WebSocket (gotapi 9). */
export function createSockets(deps: SocketDeps): Sockets {
  const { clock, log } = deps
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: limits.frameBytes,
    perMessageDeflate: false,
  })
  const byPlace = new Map<HttpPlace, Set<WebSocket>>()

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, place: HttpPlace): void {
    socket.on('error', () => socket.destroy())
    const path = (request.url ?? '').split('?')[0]?.toLowerCase()
    const names = [...place.hostNames(), ...deps.policy().hostNames]
    if (!isKnownHost(request.headers.host, place.port(), names))
      refuseUpgrade(socket, '421 Misdirected Request')
    else if (path !== socketPath) refuseUpgrade(socket, '404 Not Found')
    else server.handleUpgrade(request, socket, head, ws => accept(ws, request, place))
  }

  function accept(ws: WebSocket, request: IncomingMessage, place: HttpPlace): void {
    const own = byPlace.get(place) ?? new Set()
    byPlace.set(place, own.add(ws))
    const stops: Dispose[] = [watch(ws, clock)]
    let line: OpenLine | undefined
    const stopWaiting = clock.after(limits.handshakeMs, 'gotapi: token on a socket', () =>
      refuse(ws, refuseLine(1)),
    )
    stops.push(stopWaiting)
    ws.on('error', error => log.debug('socket failed', { error }))
    ws.on('close', () => {
      own.delete(ws)
      for (const stop of stops) stop()
      line?.lost()
    })
    ws.once('message', (data, isBinary) => {
      stopWaiting()
      line = greet(ws, request, place, isBinary ? undefined : parseFirst(data))
    })
  }

  function greet(
    ws: WebSocket,
    request: IncomingMessage,
    place: HttpPlace,
    hello: { readonly accessToken?: unknown } | undefined,
  ): OpenLine | undefined {
    if (!hello) {
      refuse(ws, refuseLine(5))
      return undefined
    }
    const carrier = createCarrier(ws, () => opened.line?.drained())
    const origin = originHeaders(request)
    const opened = deps.open({ accessToken: hello.accessToken, origin }, place.peer, carrier)
    if (!opened.line) {
      refuse(ws, opened.answer)
      return undefined
    }
    ws.send(JSON.stringify(opened.answer))
    opened.line.ready()
    // gotapi 9 knows no further frame from the application.
    ws.on('message', () => {})
    return opened.line
  }

  return {
    upgrade,
    closeAll(place) {
      for (const ws of byPlace.get(place) ?? []) {
        ws.close(closeCodes.stopping)
        ws.terminate()
      }
    },
  }
}

function parseFirst(data: RawData): { readonly accessToken?: unknown } | undefined {
  try {
    const parsed = firstFrame.safeParse(JSON.parse(String(data)))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}

function refuse(ws: WebSocket, answer: LineAnswer): void {
  ws.send(JSON.stringify(answer), () => ws.close(REFUSED_CODE))
}

/** Frames to a slow reader pile up here only so far; beyond, the line keeps the newest of each thing instead. */
function createCarrier(ws: WebSocket, onDrain: () => void): Carrier {
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
    close: reason => ws.close(closeCodes[reason]),
    isCongested: () => isFull,
  }
}

/** gotapi 9-7: a peer that does not answer a ping until the next one is gone. */
function watch(ws: WebSocket, clock: Clock): Dispose {
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

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
}

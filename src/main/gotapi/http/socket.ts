import type { IncomingMessage } from 'node:http'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import { z } from 'zod'
import type { Http, Place } from '../../http/index.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Dispose } from '../../lib/dispose.ts'
import type { Logger } from '../../lib/log.ts'
import { type LineAnswer, type OpenLineFor, refuseLine } from '../events/hello.ts'
import type { OpenLine } from '../events/lines.ts'
import { closeCodes, createCarrier, endSocket, keepAlive } from './carrier.ts'
import { limits } from './limits.ts'
import { originHeaders } from './mount.ts'

const REFUSED_CODE = 1008

const firstFrame = z.object({ accessToken: z.unknown().optional() })

export interface SocketDeps {
  readonly clock: Clock
  readonly log: Logger
  readonly open: OpenLineFor
}

/** GotAPI-5 over WebSocket (gotapi 9). */
export function mountSockets(http: Http, deps: SocketDeps): Dispose {
  const { clock, log } = deps
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: limits.frameBytes,
    perMessageDeflate: false,
  })

  function accept(ws: WebSocket, request: IncomingMessage, place: Place): void {
    const own = byPlace.get(place) ?? new Set()
    byPlace.set(place, own.add(ws))
    const stops: Dispose[] = [keepAlive(ws, clock)]
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
    place: Place,
    hello: { readonly accessToken?: unknown } | undefined,
  ): OpenLine | undefined {
    if (!hello) {
      refuse(ws, refuseLine(5))
      return undefined
    }
    const carrier = createCarrier(ws, clock, () => opened.line?.drained())
    const origin = originHeaders(request)
    const opened = deps.open({ accessToken: hello.accessToken, origin }, place.via, carrier)
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

  function refuse(ws: WebSocket, answer: LineAnswer): void {
    ws.send(JSON.stringify(answer), () => endSocket(ws, clock, REFUSED_CODE))
  }

  function closeAll(place: Place): void {
    for (const ws of byPlace.get(place) ?? []) endSocket(ws, clock, closeCodes.stopping)
  }

  const byPlace = new Map<Place, Set<WebSocket>>()
  const unmount = http.mountSocket('/gotapi/websocket', {
    upgrade: (request, socket, head, place) =>
      server.handleUpgrade(request, socket, head, ws => accept(ws, request, place)),
    closeAll,
  })
  return () => {
    unmount()
    for (const place of byPlace.keys()) closeAll(place)
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

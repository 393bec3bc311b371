import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Clock } from '../../lib/clock.ts'
import { type FrontDoor, knock } from './front-door.ts'

/** What a simulated network printer is to whoever plays with it: its address, and the ways its line can fail. */
export interface SimServer {
  readonly url: string
  readonly port: number
  /** Pulls the cable: every connection breaks and nobody answers until `restore`. */
  cut(): Promise<void>
  restore(): Promise<void>
  /** As when the router hands out another address. */
  move(): Promise<void>
  /** Answers become noise: half JSON, wrong types. */
  rubbish(on?: boolean): void
  /** Every answer comes this much later. */
  late(delayMs: number): void
  /** Such requests get no answer until this is called again, as while the host is at work on them. */
  stall(which?: (request: SimRequest) => boolean): void
  /** From now on somebody stands in front who asks for a password; undefined: nobody any more. */
  guard(door?: FrontDoor): void
  stop(): Promise<void>
}

export interface SimReply {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface SimRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string>>
  /** The raw body; forms are read with `formFile`. */
  readonly body: Buffer
  json(): Readonly<Record<string, unknown>>
}

export interface SimWire {
  readonly clock: Clock
  readonly answer: (request: SimRequest) => SimReply
  /** Asked when the head of a request has come, before its body: a reply here refuses it. */
  readonly refuse?: (head: SimRequest) => SimReply | undefined
  /** Where the make has a live connection, and what to do with a new one. `undefined`: refuse with this status. */
  readonly socketPath?: string
  readonly admit?: (request: SimRequest) => boolean
  readonly greet?: (socket: SimSocket) => void
}

export interface SimSocket {
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  onClose(listener: () => void): void
}

const largestBody = 512_000_000
const halfJson = '{"state":{"text":"Operational","flags":{"opera'

export async function createSimServer(wire: SimWire, port = 0): Promise<SimServer> {
  const sockets = new Set<Socket>()
  const webSockets = new WebSocketServer({ noServer: true, maxPayload: 4_000_000 })
  let server: Server | undefined
  let livePort = port
  let rubbish = false
  let lateMs = 0
  let door: FrontDoor | undefined
  let stalled: ((request: SimRequest) => boolean) | undefined
  let waiting: (() => void)[] = []

  const later = (run: () => void) => {
    if (lateMs === 0) run()
    else wire.clock.after(lateMs, 'sim late answer', run)
  }
  const inTurn = (request: SimRequest, run: () => void) => {
    if (stalled?.(request)) waiting.push(run)
    else later(run)
  }
  const serve = async (incoming: IncomingMessage, reply: ServerResponse) => {
    const head = requestOf(incoming, Buffer.alloc(0))
    const refused: SimReply | undefined = rubbish
      ? undefined
      : ((door && knock(door, head)) ?? wire.refuse?.(head))
    const request = requestOf(incoming, await bodyOf(incoming))
    inTurn(request, () => {
      if (rubbish) {
        reply.writeHead(200, { 'content-type': 'application/json' }).end(halfJson)
        return
      }
      const { status, body, headers } = refused ?? wire.answer(request)
      const json = body !== undefined && typeof body !== 'string'
      reply.writeHead(status, { ...(json && { 'content-type': 'application/json' }), ...headers })
      reply.end(
        request.method === 'HEAD' || body === undefined ? undefined : json ? JSON.stringify(body) : body,
      )
    })
  }
  const welcome = (webSocket: WebSocket) => {
    wire.greet?.({
      send: message =>
        later(() => {
          if (webSocket.readyState === 1) webSocket.send(rubbish ? halfJson : JSON.stringify(message))
        }),
      onMessage: listener => {
        webSocket.on('message', data => {
          try {
            listener(JSON.parse(String(data)))
          } catch {
            webSocket.close()
          }
        })
      },
      onClose: listener => {
        webSocket.on('close', listener)
      },
    })
  }
  const up = () =>
    new Promise<void>((resolve, reject) => {
      const fresh = createServer((incoming, reply) => {
        serve(incoming, reply).catch(() => incoming.destroy())
      })
      server = fresh
      fresh.on('connection', socket => {
        sockets.add(socket)
        socket.on('close', () => sockets.delete(socket))
      })
      fresh.on('upgrade', (incoming, socket, head) => {
        const request = requestOf(incoming, Buffer.alloc(0))
        const known = request.path === wire.socketPath && !rubbish
        if (!known || (door && knock(door, request)) || wire.admit?.(request) === false) {
          socket.end(`HTTP/1.1 ${known ? '401 Unauthorized' : '404 Not Found'}\r\nConnection: close\r\n\r\n`)
          return
        }
        webSockets.handleUpgrade(incoming, socket, head, welcome)
      })
      fresh.once('error', reject)
      fresh.listen(livePort, '127.0.0.1', () => {
        livePort = (fresh.address() as AddressInfo).port
        resolve()
      })
    })
  const down = () =>
    new Promise<void>(resolve => {
      for (const webSocket of webSockets.clients) webSocket.terminate()
      for (const socket of sockets) socket.destroy()
      if (server === undefined) resolve()
      else server.close(() => resolve())
      server = undefined
    })

  await up()
  return {
    get url() {
      return `http://127.0.0.1:${livePort}`
    },
    get port() {
      return livePort
    },
    cut: down,
    restore: async () => {
      if (server === undefined) await up()
    },
    async move() {
      await down()
      livePort = 0
      await up()
    },
    rubbish(on = true) {
      rubbish = on
    },
    late(delayMs) {
      lateMs = delayMs
    },
    guard(next) {
      door = next
    },
    stall(which) {
      stalled = which
      for (const run of waiting) later(run)
      waiting = []
    },
    stop: down,
  }
}

function requestOf(incoming: IncomingMessage, body: Buffer): SimRequest {
  const url = new URL(incoming.url ?? '/', 'http://sim')
  return {
    method: incoming.method ?? 'GET',
    path: decodeURIComponent(url.pathname),
    query: url.searchParams,
    headers: Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
    ),
    body,
    json() {
      try {
        const parsed: unknown = JSON.parse(body.toString('utf8'))
        return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {}
      } catch {
        return {}
      }
    },
  }
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  let sizeBytes = 0
  for await (const piece of incoming) {
    pieces.push(piece)
    sizeBytes += piece.length
    if (sizeBytes > largestBody) throw new Error('too large')
  }
  return Buffer.concat(pieces)
}

/** The file of a multipart form and its fields, read as plainly as a simulated printer may. */
export function formFile(
  request: SimRequest,
):
  | { readonly name: string; readonly content: Buffer; readonly fields: Readonly<Record<string, string>> }
  | undefined {
  const boundary = /boundary=(.+)$/.exec(request.headers['content-type'] ?? '')?.[1]
  if (boundary === undefined) return undefined
  const fields: Record<string, string> = {}
  let file: { name: string; content: Buffer } | undefined
  const mark = Buffer.from(`--${boundary}`)
  let at = request.body.indexOf(mark)
  while (at >= 0) {
    const next = request.body.indexOf(mark, at + mark.length)
    if (next < 0) break
    const part = request.body.subarray(at + mark.length + 2, next - 2)
    const gap = part.indexOf('\r\n\r\n')
    const head = part.subarray(0, gap).toString('utf8')
    const content = part.subarray(gap + 4)
    const filename = /filename="([^"]*)"/.exec(head)?.[1]
    const name = /[; ]name="([^"]*)"/.exec(head)?.[1] ?? ''
    if (filename === undefined) fields[name] = content.toString('utf8')
    else file = { name: filename, content }
    at = next
  }
  return file && { ...file, fields }
}

import { request as ask, createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'

/** Stands between a driver and a simulated printer's host and does to what passes between them what networks and vendors do. */
export interface Meddler {
  readonly url: string
  /** Rewrites answers: what is returned goes out instead. */
  replies(change: ((path: string, body: string) => string | Meddled | undefined) | undefined): void
  /** Rewrites what the host pushes; undefined swallows it, text goes out as it is. */
  frames(change: ((message: unknown) => unknown) | undefined): void
  /** Says this to every client, as if the host had. */
  push(message: unknown): void
  /** Half open: nothing goes through any more, and no connection breaks. */
  freeze(frozen: boolean): void
  /** Uploads break off after so many bytes. */
  cutUploadsAt(bytes: number): void
  /** Requests with a method other than GET that reached the host. */
  readonly told: readonly string[]
  stop(): Promise<void>
}

export interface Meddled {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Ends the connection after this much of the body. */
  readonly breakAfter?: number
}

export async function createMeddler(host: () => string): Promise<Meddler> {
  const sockets = new Set<Socket>()
  const clients = new Set<WebSocket>()
  const told: string[] = []
  let onReply: Parameters<Meddler['replies']>[0]
  let onFrame: Parameters<Meddler['frames']>[0]
  let frozen = false
  let cutAt = Number.POSITIVE_INFINITY

  const pass = async (incoming: IncomingMessage, reply: ServerResponse) => {
    const pieces: Buffer[] = []
    let heldBytes = 0
    for await (const piece of incoming) {
      pieces.push(piece)
      heldBytes += piece.length
      if (heldBytes > cutAt) {
        incoming.destroy()
        return
      }
    }
    if (frozen) return
    if (incoming.method !== 'GET') told.push(`${incoming.method} ${incoming.url}`)
    const { host: _, ...headers } = incoming.headers
    const onward = ask(new URL(incoming.url ?? '/', host()), { method: incoming.method, headers }, answer => {
      const heard: Buffer[] = []
      answer.on('data', (piece: Buffer) => heard.push(piece))
      answer.on('end', () => {
        const body = Buffer.concat(heard).toString('utf8')
        // What it refuses, it refuses: a challenge is part of the way in.
        const changed = answer.statusCode === 200 ? onReply?.(incoming.url ?? '/', body) : undefined
        const { 'content-length': _length, 'transfer-encoding': _coding, ...rest } = answer.headers
        if (typeof changed === 'object') send(reply, changed)
        else reply.writeHead(answer.statusCode ?? 500, rest).end(changed ?? body)
      })
    })
    onward.on('error', () => reply.destroy())
    onward.end(Buffer.concat(pieces))
  }
  const server = createServer((incoming, reply) => {
    pass(incoming, reply).catch(() => reply.destroy())
  })
  server.on('connection', socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  const webSockets = new WebSocketServer({ noServer: true, autoPong: false })
  server.on('upgrade', (incoming, socket, head) => {
    const onward = new WebSocket(new URL(incoming.url ?? '/', host().replace('http', 'ws')), {
      headers: { 'x-api-key': String(incoming.headers['x-api-key'] ?? '') },
    })
    onward.on('unexpected-response', (_request, answer) => {
      socket.end(`HTTP/1.1 ${answer.statusCode} Refused\r\nConnection: close\r\n\r\n`)
    })
    onward.on('error', () => socket.destroy())
    onward.once('open', () =>
      webSockets.handleUpgrade(incoming, socket, head, client => {
        clients.add(client)
        client.on('ping', data => frozen || client.pong(data))
        client.on('message', data => frozen || onward.send(String(data)))
        client.on('close', () => onward.close())
        onward.on('message', data => {
          const message: unknown = JSON.parse(String(data))
          const changed = onFrame ? onFrame(message) : message
          if (!frozen && changed !== undefined)
            client.send(typeof changed === 'string' ? changed : JSON.stringify(changed))
        })
        onward.on('close', () => frozen || client.terminate())
      }),
    )
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    told,
    replies(change) {
      onReply = change
    },
    frames(change) {
      onFrame = change
    },
    push(message) {
      for (const client of clients)
        client.send(typeof message === 'string' ? message : JSON.stringify(message))
    },
    freeze(on) {
      frozen = on
    },
    cutUploadsAt(bytes) {
      cutAt = bytes
    },
    stop() {
      for (const client of clients) client.terminate()
      for (const socket of sockets) socket.destroy()
      return new Promise(resolve => server.close(() => resolve()))
    },
  }
}

function send(reply: ServerResponse, { status, headers = {}, body = '', breakAfter }: Meddled): void {
  if (breakAfter === undefined) {
    reply.writeHead(status, headers).end(body)
    return
  }
  reply.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(body)) })
  reply.write(body.slice(0, breakAfter), () => reply.destroy())
}

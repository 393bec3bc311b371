import { createServer as createHttpServer, type Server, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { GantryError } from '../contract/error.ts'
import type { Logger } from '../lib/log.ts'
import { type Envelope, wrap } from './envelope.ts'
import { type Refusal, refuse } from './error-codes.ts'
import { createHttpListener, type HttpDeps, type HttpPlace } from './http-server.ts'
import { limits } from './limits.ts'
import type { Sockets } from './socket.ts'

export interface TlsIdentity {
  readonly keyPem: string
  readonly certificatePem: string
}

export interface ListenerDeps extends HttpDeps {
  readonly patience: Patience
  readonly log: Logger
  readonly sockets: Sockets
  /** `port.taken` with what can be said about who holds it. */
  readonly describeTakenPort: (port: number) => Promise<GantryError>
}

export interface ListenOptions {
  /** 0: any free one, the same on every address. */
  readonly port: number
  /** The first must be had; the others only where the machine has them. */
  readonly addresses: readonly string[]
  readonly place: Omit<HttpPlace, 'port'>
  readonly tls?: TlsIdentity
  readonly onConnection?: (socket: Socket) => void
}

/** How long a sender may take. */
export interface Patience {
  readonly headersMs: number
  readonly requestMs: number
}

export interface Listening {
  readonly port: number
  readonly addresses: readonly string[]
  /** No new connection, and the open ones end at once. */
  close(): Promise<void>
}

const PORT_TRIES = 10
const absentAddress = ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL']

/** Opens one port on several addresses with one set of handlers. */
export async function listen(deps: ListenerDeps, options: ListenOptions): Promise<Listening> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await listenOnce(deps, options)
    } catch (thrown) {
      // Any free port: free on the first address need not mean free on the others.
      const mayRetry = options.port === 0 && attempt < PORT_TRIES && codeOf(thrown) === 'EADDRINUSE'
      if (mayRetry) continue
      if (codeOf(thrown) === 'EADDRINUSE') throw await deps.describeTakenPort(options.port)
      if (codeOf(thrown) === 'EACCES') {
        throw new GantryError(
          'port.taken',
          `The system does not let Gantry use port ${options.port}. Choose one above 1023.`,
          { port: options.port },
          thrown,
        )
      }
      throw thrown
    }
  }
}

async function listenOnce(deps: ListenerDeps, options: ListenOptions): Promise<Listening> {
  let port = options.port
  const place: HttpPlace = { ...options.place, port: () => port }
  const servers: Server[] = []
  const addresses: string[] = []
  const close = async () => {
    deps.sockets.closeAll(place)
    await Promise.all(servers.map(closeServer))
  }
  try {
    for (const address of options.addresses) {
      const server = createServer(deps, options, place)
      try {
        await bind(server, address, port)
      } catch (thrown) {
        if (addresses.length === 0 || !absentAddress.includes(codeOf(thrown))) throw thrown
        deps.log.warn('this machine has no such address', { address, port })
        continue
      }
      servers.push(server)
      addresses.push(address)
      port = (server.address() as AddressInfo).port
    }
  } catch (thrown) {
    await close()
    throw thrown
  }
  return { port, addresses, close }
}

function createServer(deps: ListenerDeps, options: ListenOptions, place: HttpPlace): Server {
  const settings = {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: deps.patience.headersMs,
    requestTimeout: deps.patience.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionsCheckingInterval: deps.patience.headersMs / 2,
  }
  const listener = createHttpListener(deps, place)
  const server = options.tls
    ? createHttpsServer({ ...settings, key: options.tls.keyPem, cert: options.tls.certificatePem }, listener)
    : createHttpServer(settings, listener)
  server.maxConnections = limits.connections
  server.on('upgrade', (request, socket, head) => deps.sockets.upgrade(request, socket, head, place))
  const open = trackAnswers(server)
  server.on('clientError', (error, socket) => {
    const [answer, ...more] = open(socket)
    // An answer under way leaves no place for another; a request that never became whole still waits for its own.
    const isUnanswered = codeOf(error) === requestTimeout && more.length === 0 && !answer?.headersSent
    if (answer && !isUnanswered) socket.destroy()
    else answerBroken(deps.envelope, error, socket)
  })
  const { onConnection } = options
  if (onConnection) server.on(options.tls ? 'secureConnection' : 'connection', onConnection)
  return server
}

/** The answers that are not finished, by connection. */
function trackAnswers(server: Server): (socket: Duplex) => readonly ServerResponse[] {
  const known = new WeakMap<Duplex, ServerResponse[]>()
  server.on('request', ({ socket }, response) => {
    const own = known.get(socket)
    if (!own) known.set(socket, [response])
    // One after the other, as nearly all come: no listener and no list for each.
    else if (own.length === 1 && own[0]?.closed) own[0] = response
    else known.set(socket, [...own.filter(({ closed }) => !closed), response])
  })
  return socket => known.get(socket)?.filter(({ closed }) => !closed) ?? []
}

const requestTimeout = 'ERR_HTTP_REQUEST_TIMEOUT'

/** What is not HTTP, or not in time, or too much of it: gotapi 2 asks for 413 where headers are too large. */
function answerBroken(envelope: Envelope, error: Error, socket: Duplex): void {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const { status, refusal } = brokenBy(codeOf(error))
  const body = JSON.stringify(wrap(envelope, refusal, {}))
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json; charset=utf-8\r\nconnection: close\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${isHead(error) ? '' : body}`,
  )
}

const isHead = (error: Error) =>
  'rawPacket' in error && Buffer.isBuffer(error.rawPacket) && error.rawPacket.subarray(0, 5).equals(head)
const head = Buffer.from('HEAD ')

function brokenBy(code: string): { readonly status: string; readonly refusal: Refusal } {
  if (code === 'HPE_HEADER_OVERFLOW') {
    const refusal = refuse(1, `The headers are larger than ${limits.headerBytes} bytes.`)
    return { status: '413 Content Too Large', refusal }
  }
  if (code === requestTimeout) {
    return { status: '408 Request Timeout', refusal: refuse(7, 'The request took too long to arrive.') }
  }
  return { status: '400 Bad Request', refusal: refuse(19, 'This is not a request that Gantry can read.') }
}

function bind(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, ipv6Only: true }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function closeServer(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

const codeOf = (thrown: unknown): string =>
  thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''

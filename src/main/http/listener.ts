import { createServer as createHttpServer, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { GantryError } from '../contract/error.ts'
import { answerBroken } from './broken.ts'
import type { createConnections } from './connections.ts'
import { limits } from './limits.ts'
import type { Place } from './place.ts'
import { createExpectationListener, createRequestListener, type RequestDeps } from './request-listener.ts'
import { hearUpgrades, type UpgradeDeps } from './upgrades.ts'

export interface TlsIdentity {
  readonly keyPem: string
  readonly certificatePem: string
}

export interface ListenerDeps extends RequestDeps, UpgradeDeps {
  readonly connections: ReturnType<typeof createConnections>
  /** How long a sender may take for its headers. */
  readonly headersMs: number
  /** `port.taken` with what can be said about who holds it. */
  readonly describeTakenPort: (port: number) => Promise<GantryError>
}

export interface ListenOptions {
  /** 0: any free one, the same on every address. */
  readonly port: number
  /** The first must be had; the others only where the machine has them. */
  readonly addresses: readonly string[]
  readonly place: Omit<Place, 'port'>
  readonly tls?: TlsIdentity
  /** A connection whose requests will be answered here. */
  readonly onConnection?: (socket: Socket) => void
}

export interface Listening {
  readonly port: number
  readonly addresses: readonly string[]
  /** No new connection, and the open ones end at once, WebSockets included. */
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
  const place: Place = { ...options.place, port: () => port }
  const servers: ReturnType<typeof createServer>[] = []
  const addresses: string[] = []
  const close = async () => {
    deps.mounts.closeSockets(place)
    await Promise.all(servers.map(server => server.close()))
  }
  try {
    for (const address of options.addresses) {
      const server = createServer(deps, options, place)
      try {
        await bind(server.server, address, port)
      } catch (thrown) {
        if (addresses.length === 0 || !absentAddress.includes(codeOf(thrown))) throw thrown
        deps.log.warn('this machine has no such address', { address, port })
        continue
      }
      servers.push(server)
      addresses.push(address)
      port = (server.server.address() as AddressInfo).port
    }
  } catch (thrown) {
    await close()
    throw thrown
  }
  return { port, addresses, close }
}

function createServer(deps: ListenerDeps, options: ListenOptions, place: Place) {
  const settings = {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: deps.headersMs,
    // Bodies have limits of their own, by mount: a model of a gigabyte takes its time.
    requestTimeout: 0,
    keepAliveTimeout: limits.keepAliveMs,
    connectionsCheckingInterval: deps.headersMs / 2,
    // A request without a Host is told so in the form of every other refusal.
    requireHostHeader: false,
  }
  const { tls, onConnection } = options
  const listener = createRequestListener(deps, place)
  const server = tls
    ? createHttpsServer({ ...settings, key: tls.keyPem, cert: tls.certificatePem }, listener)
    : createHttpServer(settings, listener)
  server.maxConnections = limits.connections
  const sockets = new Set<Socket>()
  server.prependListener('connection', (socket: Socket) => {
    // One that is read once more, without its wish for an upgrade, comes by here again.
    if (sockets.has(socket)) return
    if (!deps.connections.admit(socket)) {
      socket.destroy()
      return
    }
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  if (onConnection) {
    const met = new WeakSet<Socket>()
    server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => {
      if (met.has(socket) || socket.destroyed) return
      met.add(socket)
      onConnection(socket)
    })
  }
  server.on('checkExpectation', createExpectationListener(deps, place))
  hearUpgrades(server, place, tls !== undefined, deps)
  answerBroken(server, deps)
  return {
    server,
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        // What was written last, such as why a WebSocket ends, still goes out.
        for (const socket of sockets) socket.destroySoon()
      }),
  }
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

const codeOf = (thrown: unknown): string =>
  thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''

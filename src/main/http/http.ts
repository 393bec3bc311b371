import type { GantryError } from '../contract/error.ts'
import type { Clock } from '../lib/clock.ts'
import type { Dispose } from '../lib/dispose.ts'
import type { LoggerFor } from '../lib/log.ts'
import type { StaticFiles } from '../lib/static-files.ts'
import { createConnections } from './connections.ts'
import { originOf, originsOf } from './host-guard.ts'
import { limits } from './limits.ts'
import { type Listening, type ListenOptions, listen } from './listener.ts'
import { createMounts } from './mounts.ts'
import { createNetwork, type Network } from './network.ts'
import { type NetworkNames, systemNetworkNames } from './network-names.ts'
import type { FaultAnswer, HttpFault, SocketMount, VisitHandler } from './place.ts'
import { createStaticPage } from './static-page.ts'

export interface HttpDeps {
  readonly clock: Clock
  readonly logger: LoggerFor
  /** On loopback, http and ws. 0: any free one. */
  readonly port: number
  /** For other devices, https and wss, once the owner opens it. 0: any free one. */
  readonly httpsPort: number
  /** Where the key of the certificate is kept. */
  readonly dir: string
  /** The dashboard's files, served where nothing is mounted. */
  readonly page?: StaticFiles
  /** The owner's own names for this machine, beside localhost. */
  readonly hostNames: () => readonly string[]
  /** What a caller is told whose request reaches no mount. */
  readonly tellFault: (fault: HttpFault) => FaultAnswer
  /** `port.taken`, with what can be said about who holds it. */
  readonly describeTakenPort: (port: number) => Promise<GantryError>
  /** This machine's own where absent. */
  readonly names?: NetworkNames
  /** For slow senders; `limits.ts` where absent. */
  readonly headersMs?: number
}

export interface Http {
  readonly name: string
  /** Everything at this path and below goes to the handler, its body unread. */
  mount(prefix: string, handler: VisitHandler): Dispose
  mountSocket(path: string, mount: SocketMount): Dispose
  readonly network: Network
  /** `http://127.0.0.1:4035`; undefined while it does not listen. */
  url(): string | undefined
  /** Whether a page of this origin came from here. */
  isOwnOrigin(origin: string): boolean
  start(): Promise<void>
  /** Closes its ports, and whatever is open there. */
  drain(): Promise<void>
  stop(): Promise<void>
}

const loopback = ['127.0.0.1', '::1']

/** Listeners, names and mounts: everything about HTTP that is not about who calls and what for. */
export function createHttp(deps: HttpDeps): Http {
  const { clock } = deps
  const log = deps.logger('http')
  const mounts = createMounts()
  const connections = createConnections()
  const page = createStaticPage(deps.page)
  let listening: Listening | undefined

  const open = (options: ListenOptions) =>
    listen(
      {
        clock,
        log,
        mounts,
        connections,
        page,
        extraNames: deps.hostNames,
        tellFault: deps.tellFault,
        headersMs: deps.headersMs ?? limits.headersMs,
        describeTakenPort: deps.describeTakenPort,
      },
      options,
    )

  const { network, ...lan } = createNetwork({
    clock,
    log,
    names: deps.names ?? systemNetworkNames,
    dir: deps.dir,
    port: deps.httpsPort,
    listen: open,
  })

  const close = async () => {
    await lan.stop()
    await listening?.close()
    listening = undefined
  }

  return {
    name: 'http',
    mount: mounts.mount,
    mountSocket: mounts.mountSocket,
    network,
    url: () => listening && originOf('http', '127.0.0.1', listening.port),
    isOwnOrigin(origin) {
      const extra = deps.hostNames()
      const others = lan.openAs()
      return (
        (listening !== undefined && originsOf('http', listening.port, extra).includes(origin)) ||
        (others !== undefined &&
          originsOf('https', others.port, [...extra, ...others.names]).includes(origin))
      )
    },
    async start() {
      listening = await open({
        port: deps.port,
        addresses: loopback,
        place: { via: 'loopback', scheme: 'http', hostNames: () => [] },
      })
      log.info('listening', { port: listening.port, addresses: listening.addresses })
      await lan.start()
    },
    drain: close,
    stop: close,
  }
}

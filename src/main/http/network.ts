import type { Socket } from 'node:net'
import { toGantryError } from '../contract/error.ts'
import type { Clock } from '../lib/clock.ts'
import { createCoalescer } from '../lib/coalesce.ts'
import type { Dispose } from '../lib/dispose.ts'
import { createEmitter } from '../lib/emitter.ts'
import type { Logger } from '../lib/log.ts'
import { type Certificate, obtainCertificate } from './certificate.ts'
import { originOf } from './host-guard.ts'
import type { Listening, ListenOptions } from './listener.ts'
import { inUrl, type NetworkNames } from './network-names.ts'

export interface NetworkState {
  readonly enabled: boolean
  /** Why it is not open although it should be. */
  readonly fault?: string
  readonly port: number
  readonly addresses: readonly string[]
  readonly fingerprint?: string
  readonly connections: readonly DeviceCount[]
}

interface DeviceCount {
  readonly address: string
  readonly sockets: number
  readonly requests: number
  readonly since: number
}

/** gotapi 10.4: use from other devices. Over TLS only, and off again at once. */
export interface Network {
  state(): NetworkState
  onState(listener: (state: NetworkState) => void): Dispose
  /** Before the listeners start it is only remembered. */
  setEnabled(enabled: boolean): Promise<NetworkState>
  isOpen(): boolean
  /** Where the page is for another device; undefined while the network is closed or nobody calls it that. */
  urlFor(name: string): string | undefined
}

export interface NetworkDeps {
  readonly clock: Clock
  readonly log: Logger
  readonly names: NetworkNames
  /** Where key and certificate lie. */
  readonly dir: string
  readonly port: number
  readonly listen: (options: ListenOptions) => Promise<Listening>
}

const TELL_COALESCE_MS = 250
const everywhere = ['0.0.0.0', '::']

export function createNetwork(deps: NetworkDeps) {
  const { clock, log, names } = deps
  const emitter = createEmitter<{ state: NetworkState }>(error =>
    log.error('a listener of the network state failed', { error }),
  )
  const devices = new Map<string, DeviceCount>()
  let isEnabled = false
  let isStarted = false
  let listening: Listening | undefined
  let certificate: Certificate | undefined
  let fault: string | undefined
  /** The owner's wishes, one after the other. */
  let wishes: Promise<unknown> = Promise.resolve()

  const hostNames = () => [...names.names(), ...names.addresses().map(inUrl)]

  const state = (): NetworkState => ({
    enabled: isEnabled,
    ...(fault !== undefined && { fault }),
    port: listening?.port ?? deps.port,
    addresses: names.addresses(),
    ...(certificate && { fingerprint: certificate.fingerprint }),
    connections: [...devices.values()],
  })

  const telling = createCoalescer(clock, TELL_COALESCE_MS, 'http: tell of the network', () =>
    emitter.emit('state', state()),
  )
  const changed = telling.poke

  function count(address: string, more: { readonly sockets: number; readonly requests: number }): void {
    const known = devices.get(address) ?? { address, sockets: 0, requests: 0, since: clock.now() }
    const sockets = known.sockets + more.sockets
    if (sockets > 0) devices.set(address, { ...known, sockets, requests: known.requests + more.requests })
    else devices.delete(address)
  }

  function meet(socket: Socket): void {
    const address = socket.remoteAddress ?? 'unknown'
    count(address, { sockets: 1, requests: 0 })
    changed()
    socket.once('close', () => {
      count(address, { sockets: -1, requests: 0 })
      changed()
    })
  }

  async function open(): Promise<void> {
    if (listening) return
    try {
      certificate = await obtainCertificate({
        dir: deps.dir,
        clock,
        addresses: names.addresses(),
        names: names.names(),
      })
      listening = await deps.listen({
        port: deps.port,
        addresses: everywhere,
        tls: certificate,
        place: {
          via: 'lan',
          scheme: 'https',
          hostNames,
          onRequest: address => {
            if (devices.has(address)) count(address, { sockets: 0, requests: 1 })
          },
        },
        onConnection: meet,
      })
      fault = undefined
      log.info('open to the network', { port: listening.port })
    } catch (thrown) {
      fault = toGantryError(thrown).message
      log.error('cannot open to the network', { error: thrown })
    }
    changed()
  }

  async function close(): Promise<void> {
    const open = listening
    listening = undefined
    fault = undefined
    await open?.close()
    changed()
  }

  /** Brings what is there in line with what is wanted. */
  const settle = () => (isStarted && isEnabled ? open() : close())

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = wishes.then(work)
    wishes = done.catch(() => undefined)
    return done
  }

  const network: Network = {
    state,
    onState: listener => emitter.on('state', listener),
    setEnabled: enabled =>
      inTurn(async () => {
        isEnabled = enabled
        await settle()
        return state()
      }),
    isOpen: () => listening !== undefined,
    urlFor(name) {
      const isOurs = names.addresses().includes(name) || names.names().includes(name)
      return listening && isOurs ? originOf('https', inUrl(name), listening.port) : undefined
    },
  }

  return {
    network,
    /** The names other devices call this machine by, while they can. */
    openAs: () => listening && { port: listening.port, names: hostNames() },
    start: () =>
      inTurn(() => {
        isStarted = true
        return settle()
      }),
    stop: () =>
      inTurn(async () => {
        isStarted = false
        await settle()
        telling.stop()
      }),
  }
}

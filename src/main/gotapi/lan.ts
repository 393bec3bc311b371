import type { Socket } from 'node:net'
import { toString as toQrText } from 'qrcode'
import { GantryError, toGantryError } from '../contract/error.ts'
import type { RouteResult } from '../contract/routes.ts'
import type { Clock } from '../lib/clock.ts'
import { createEmitter } from '../lib/emitter.ts'
import type { Logger } from '../lib/log.ts'
import type { AccessStore } from './access-store.ts'
import { type Certificate, obtainCertificate } from './certificate.ts'
import { createCoalescer } from './coalesce.ts'
import type { GotapiDoor } from './door.ts'
import { type Endpoint, endpoint, type Topic, topic } from './endpoint.ts'
import { limits } from './limits.ts'
import type { Listening, ListenOptions } from './listener.ts'
import { inUrl, type NetworkNames } from './network-names.ts'
import { allScope } from './scope.ts'

type LanState = RouteResult<'GET lan'>

export interface LanDeps {
  readonly clock: Clock
  readonly log: Logger
  readonly store: AccessStore
  readonly invite: GotapiDoor['invite']
  readonly network: NetworkNames
  /** Where key and certificate lie. */
  readonly dir: string
  readonly port: number
  readonly listen: (options: ListenOptions) => Promise<Listening>
}

interface Peer {
  sockets: number
  requests: number
  since: number
}

const fact = 'lan'
const TELL_COALESCE_MS = 250
const everywhere = ['0.0.0.0', '::']

/** gotapi 10.4: use from other devices. Off until the owner wants it, over TLS only, off again at once. */
export function createLan(deps: LanDeps) {
  const { clock, log, store, network } = deps
  const emitter = createEmitter<{ state: LanState }>(error =>
    log.error('a listener of the network state failed', { error }),
  )
  const peers = new Map<string, Peer>()
  let listening: Listening | undefined
  let certificate: Certificate | undefined
  let fault: string | undefined
  /** The owner's wishes, one after the other. */
  let wishes: Promise<unknown> = Promise.resolve()

  const isEnabled = () => store.fact(fact) === 'on'

  const state = (): LanState => ({
    enabled: isEnabled(),
    ...(fault !== undefined && { fault }),
    port: listening?.port ?? deps.port,
    addresses: network.addresses(),
    ...(certificate && { fingerprint: certificate.fingerprint }),
    connections: [...peers].map(([address, peer]) => ({ address, ...peer })),
  })

  const telling = createCoalescer(clock, TELL_COALESCE_MS, 'gotapi: tell of the network', () =>
    emitter.emit('state', state()),
  )
  const changed = telling.poke

  function meet(socket: Socket): void {
    const address = socket.remoteAddress ?? 'unknown'
    const peer = peers.get(address) ?? { sockets: 0, requests: 0, since: clock.now() }
    peer.sockets += 1
    peers.set(address, peer)
    changed()
    socket.once('close', () => {
      peer.sockets -= 1
      if (peer.sockets === 0) peers.delete(address)
      changed()
    })
  }

  async function open(): Promise<void> {
    if (listening) return
    const addresses = network.addresses()
    const names = network.names()
    try {
      certificate = await obtainCertificate({ dir: deps.dir, clock, addresses, names })
      listening = await deps.listen({
        port: deps.port,
        addresses: everywhere,
        tls: certificate,
        place: {
          peer: 'lan',
          scheme: 'https',
          hostNames: () => [...network.names(), ...network.addresses().map(inUrl)],
          onRequest(address) {
            const peer = peers.get(address)
            if (peer) peer.requests += 1
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

  function setEnabled(enabled: boolean): Promise<LanState> {
    const done = wishes.then(async () => {
      store.setFact(fact, enabled ? 'on' : 'off')
      await (enabled ? open() : close())
      return state()
    })
    wishes = done.catch(() => undefined)
    return done
  }

  async function pair(address: string | undefined): Promise<RouteResult<'POST lan/pair'>> {
    if (!listening) throw new GantryError('request.invalid', 'Open Gantry to the network first.')
    const known = network.addresses()
    const chosen = address ?? known.find(each => !each.includes(':')) ?? known[0]
    if (chosen === undefined || (!known.includes(chosen) && !network.names().includes(chosen))) {
      throw new GantryError('request.invalid', 'This machine has no such address on the network.')
    }
    const code = deps.invite({ about: '', scopes: [allScope], lifeMs: limits.pairMs })
    // In the fragment, which no server and no log ever sees.
    const link = `https://${inUrl(chosen)}:${listening.port}/#invitation=${code}`
    const qrSvg = await toQrText(link, { type: 'svg', errorCorrectionLevel: 'M', margin: 2 })
    return { link, qrSvg, expiresAt: clock.now() + limits.pairMs }
  }

  const handlers: readonly (Endpoint | Topic)[] = [
    endpoint('GET lan', state),
    topic('EVENT lan', (_context, _params, emit) => {
      emit(state())
      return emitter.on('state', emit)
    }),
    endpoint('PUT lan/state', (_context, { enabled }) => setEnabled(enabled)),
    endpoint('POST lan/pair', (_context, { address }) => pair(address)),
  ]

  return {
    handlers,
    port: () => listening?.port,
    start: () => (isEnabled() ? open() : Promise.resolve()),
    async stop() {
      await wishes
      await close()
      telling.stop()
    },
  }
}

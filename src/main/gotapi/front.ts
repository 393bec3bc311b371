import type { GotapiCore } from './core.ts'
import type { GotapiDeps, GotapiNetwork } from './deps.ts'
import { originsOf } from './host.ts'
import { createLan } from './lan.ts'
import { limits } from './limits.ts'
import { type Listening, type ListenOptions, listen } from './listener.ts'
import { inUrl, systemNetworkNames } from './network-names.ts'
import { createSockets } from './socket.ts'

const loopback = ['127.0.0.1', '::1']

export type Front = ReturnType<typeof createFront>

/** The sockets around the core: loopback always, the network when the owner wants it. */
export function createFront(core: GotapiCore, deps: GotapiDeps, network: GotapiNetwork) {
  const { clock } = deps
  const log = deps.logger('gotapi.http')
  const names = network.names ?? systemNetworkNames
  const sockets = createSockets({
    clock,
    log: deps.logger('gotapi.socket'),
    open: core.open,
    policy: core.policy,
  })
  let listening: Listening | undefined

  const open = (options: ListenOptions) =>
    listen(
      {
        log,
        handle: core.handle,
        refuseUnread: core.refuseUnread,
        envelope: core.envelope,
        policy: core.policy,
        page: network.page,
        patience: network.patience ?? limits,
        sockets,
        describeTakenPort: network.describeTakenPort,
      },
      options,
    )

  const lan = createLan({
    clock,
    log: deps.logger('gotapi.lan'),
    store: core.store,
    invite: core.invite,
    network: names,
    dir: network.dir,
    port: network.httpsPort,
    listen: open,
  })
  core.add(lan.handlers)

  return {
    url: () => listening && `http://127.0.0.1:${listening.port}`,
    isOwnOrigin(origin: string): boolean {
      const extra = core.policy().hostNames
      const lanPort = lan.port()
      return (
        (listening !== undefined && originsOf('http', listening.port, extra).includes(origin)) ||
        (lanPort !== undefined &&
          originsOf('https', lanPort, [...extra, ...names.names(), ...names.addresses().map(inUrl)]).includes(
            origin,
          ))
      )
    },
    async start() {
      listening = await open({
        port: network.port,
        addresses: loopback,
        place: { peer: 'loopback', scheme: 'http', hostNames: () => [] },
      })
      log.info('listening', { port: listening.port, addresses: listening.addresses })
      await lan.start()
    },
    async stop() {
      await lan.stop()
      await listening?.close()
      listening = undefined
    },
  }
}

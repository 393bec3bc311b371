import { createRegistrations, type Params } from '../../follow/index.ts'
import { type Answer, codes, type Failure, failure, type Payload, toAnswer, toFailure } from './answer.ts'
import { createBytes } from './bytes.ts'
import type { ServerKey } from './hmac.ts'
import { createLink, type LinkStatus } from './link.ts'
import { type Caller, request } from './request.ts'
import { browserWorld, type World } from './world.ts'

/** Where the token outlives a reload. It is a secret of the page's origin. */
export interface TokenKeeper {
  read(): string | undefined
  write(token: string | undefined): void
}

export interface GotapiClientOptions {
  /** `http://127.0.0.1:4035` */
  readonly server: string
  /** Profile names, or `all`. */
  readonly scopes: readonly string[]
  /** Shown to the owner beside the origin. */
  readonly applicationName?: string
  /** One of several viewers on the server's own origin; other applications leave it out. */
  readonly device?: string
  readonly keeper?: TokenKeeper
  readonly serverKey?: ServerKey
  /** Asks the owner again when a token has run out or was taken back. Without it the page is then signed out. */
  readonly asksAgain?: boolean
  readonly onSignedOut?: () => void
  readonly onLink?: (status: LinkStatus) => void
  readonly world?: World
}

type EventListener = (event: Payload) => void
type FailureListener = (failure: Failure) => void

/** The token is of no use any more; a new one may be. */
const stale: readonly number[] = [codes.expired, codes.missing, codes.unknownToken]
/** While it is followed, a line that carries nothing is known to be dead. */
const heartbeat = 'system/heartbeat'
const needsNoToken = /^(availability|authorization(\/|$))/i

const memoryKeeper = (): TokenKeeper => {
  let token: string | undefined
  return {
    read: () => token,
    write: next => {
      token = next
    },
  }
}

function split(route: string): { method: string; path: string } {
  const [method = '', path = ''] = route.split(' ', 2)
  return { method, path }
}

export function createGotapiClient(options: GotapiClientOptions) {
  const world = options.world ?? browserWorld
  const keeper = options.keeper ?? memoryKeeper()
  let serverKey = options.serverKey
  let authorising: Promise<Answer> | undefined
  let reads = new AbortController()

  const caller: Caller = {
    world,
    server: options.server,
    ownOrigin: globalThis.location?.origin === options.server ? options.server : undefined,
    serverKey: () => serverKey,
  }

  const registrations = createRegistrations({
    call: (method, path, params, signal) =>
      method === 'PUT' ? callRoute(`PUT ${path}`, params, signal) : endAt(path, params, signal),
    wantLine: () => link.want(),
    releaseLine: () => link.release(),
    renewLine: () => link.renew(),
    later: (delayMs, act) => world.later(delayMs, act),
  })

  const link = createLink({
    world,
    url: `${options.server.replace(/^http/, 'ws')}/gotapi/websocket`,
    token: () => keeper.read(),
    onFrame: frame => registrations.deliver(frame),
    onLive: () => registrations.lineUp(),
    onDown: () => registrations.lineDown(),
    onSilent: () => {
      reads.abort()
      reads = new AbortController()
    },
    onRefused: () => void renew(keeper.read()),
    expectsBeat: () => registrations.follows(heartbeat),
    onStatus: status => options.onLink?.(status),
  })
  const endWaking = world.onWake(() => link.tryNow())

  /** With the token it was started with went all of it: the owner is never asked for access in order to end something. */
  async function endAt(path: string, params: Params, signal: AbortSignal): Promise<Answer> {
    const accessToken = keeper.read()
    if (accessToken === undefined) return toAnswer({ result: 0 })
    return request(caller, 'DELETE', path, { ...params, accessToken }, signal)
  }

  async function grant(invitation: string | undefined): Promise<Answer> {
    const granted = await request(caller, 'GET', 'authorization/grant', { device: options.device })
    if (granted.result !== 0) return granted
    const answer = await request(caller, 'GET', 'authorization/accesstoken', {
      clientId: String(granted.clientId),
      scope: options.scopes.join(','),
      applicationName: options.applicationName,
      invitation,
    })
    if (answer.result !== 0) return answer
    keeper.write(String(answer.accessToken))
    if (registrations.size > 0) link.want()
    return answer
  }

  /** Asks for access; the answer comes when the owner has decided. Several callers share one question. */
  function authorise(invitation?: string): Promise<Answer> {
    authorising ??= grant(invitation).finally(() => {
      authorising = undefined
    })
    return authorising
  }

  /** A token proved useless. True when there is a better one now. */
  async function renew(useless: string | undefined): Promise<boolean> {
    if (keeper.read() !== useless) return keeper.read() !== undefined
    if (useless !== undefined) keeper.write(undefined)
    if (options.asksAgain) return (await authorise()).result === 0
    link.stop()
    options.onSignedOut?.()
    return false
  }

  async function callRoute(route: string, params: Params = {}, ending?: AbortSignal): Promise<Answer> {
    const { method, path } = split(route)
    if (needsNoToken.test(path)) return request(caller, method, path, params)
    // What only reads is lost with the line; of what does something the answer is worth waiting for.
    const signal = ending ?? (method === 'GET' ? reads.signal : undefined)
    for (let isSecondTry = false; ; isSecondTry = true) {
      const token = keeper.read()
      if (token === undefined && !isSecondTry && options.asksAgain) {
        const answer = await authorise()
        if (answer.result !== 0) return answer
        continue
      }
      const answer =
        token === undefined
          ? failure(codes.missing, 'this page is not signed in')
          : await request(caller, method, path, { ...params, accessToken: token }, signal)
      const isStale = answer.result !== 0 && stale.includes(answer.errorCode)
      if (!isStale || isSecondTry || !(await renew(token))) return answer
    }
  }

  /** Follows a route until the returned function is called. A broken line is mended without the caller's help. */
  function subscribe(
    route: string,
    params: Params,
    listener: EventListener,
    onFailure?: FailureListener,
  ): () => void {
    return registrations.follow(split(route).path, params, {
      onEvent: listener,
      onRefused: answer => onFailure?.(toFailure(answer)),
    })
  }

  /** gotapi 10.3: hands the server a key of ours, so that from now on every answer proves it is the same server. */
  async function deliverKey(key: string): Promise<Answer> {
    const answer = await request({ ...caller, serverKey: () => undefined }, 'GET', 'availability', { key })
    if (answer.result === 0) serverKey = { key, mode: 'text' }
    return answer
  }

  const bytes = createBytes({
    world,
    server: options.server,
    ownOrigin: caller.ownOrigin,
    token: keeper.read,
    renew,
  })

  return {
    callRoute: (route: string, params?: Params) => callRoute(route, params),
    bytes,
    subscribe,
    authorise,
    deliverKey,
    /** Does not wait for the next try, where the line is down. */
    tryNow: () => link.tryNow(),
    close(): void {
      endWaking()
      registrations.close()
      link.stop()
    },
  }
}

export type GotapiClient = ReturnType<typeof createGotapiClient>

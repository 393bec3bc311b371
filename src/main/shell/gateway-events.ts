import { toGantryError } from '../contract/error.ts'
import { type EventLine, type Gateway, windowOrigin } from '../gotapi/index.ts'
import type { Clock } from '../lib/clock.ts'
import type { Dispose } from '../lib/dispose.ts'
import type { Logger } from '../lib/log.ts'
import type { Body } from './gateway-answer.ts'
import type { GatewaySession } from './gateway-session.ts'

export type TextParams = Readonly<Record<string, string>>

export interface Follower {
  readonly onEvent: (frame: Body) => void
  /** Nothing will come: the engine said no. */
  readonly onRefused: (answer: Body) => void
}

export interface GatewayEvents {
  follow(path: string, params: TextParams, follower: Follower): Dispose
  close(): void
}

interface Registration {
  readonly path: string
  params: TextParams
  readonly followers: Set<Follower>
}

interface GatewayEventsOptions {
  readonly gateway: Gateway
  readonly clock: Clock
  readonly log: Logger
  readonly session: GatewaySession
  readonly call: (method: string, path: string, params: TextParams) => Promise<Body>
}

const REOPEN_FIRST_MS = 250
const REOPEN_LONGEST_MS = 5_000

/**
 * GotAPI-5 for one client: many followers, one line, one registration for each thing followed. What changes the
 * registrations is done one after the other, so that a quick unfollow and follow cannot overtake each other.
 */
export function createGatewayEvents({
  gateway,
  clock,
  log,
  session,
  call,
}: GatewayEventsOptions): GatewayEvents {
  const registrations = new Map<string, Registration>()
  let work: Promise<void> = Promise.resolve()
  let line: { close: Dispose } | undefined
  let reopenMs = REOPEN_FIRST_MS
  let cancelReopen: Dispose = () => {}
  let isClosed = false

  const inTurn = (task: () => Promise<void>) => {
    work = work.then(task).catch(thrown => {
      log.error('following events failed', { error: toGantryError(thrown) })
      reopenLater()
    })
  }

  const deliver = (frame: Body) => {
    const path = [frame.profile, frame.interface, frame.attribute]
      .filter(part => typeof part === 'string' && part !== '')
      .join('/')
    for (const registration of registrations.values()) {
      if (registration.path.toLowerCase() !== path.toLowerCase()) continue
      const serviceId = registration.params.serviceId
      if (serviceId !== undefined && serviceId !== frame.serviceId) continue
      for (const follower of [...registration.followers]) follower.onEvent(frame)
    }
  }

  const connect = (accessToken: string) => {
    const own: EventLine = {
      onFrame: deliver,
      onClose: reason => {
        if (line !== opened) return
        line = undefined
        if (registrations.size > 0) {
          log.info('the line for events closed, opening it again', { reason })
          reopenLater()
        }
      },
    }
    const { answer, close } = gateway.connect({ accessToken, origin: { origin: windowOrigin } }, own)
    const opened = { close }
    if (answer.result === 0) line = opened
    return answer.result === 0
  }

  const ensureLine = async () => {
    if (line) return
    const token = await session.token()
    if (connect(token) || connect(await session.renew(token))) return
    throw new Error('the line for events was refused')
  }

  const reopenLater = () => {
    cancelReopen()
    if (isClosed || registrations.size === 0) return
    cancelReopen = clock.after(reopenMs, 'shell events reopen', () => {
      inTurn(async () => {
        for (const key of [...registrations.keys()]) await register(key)
      })
    })
    reopenMs = Math.min(reopenMs * 2, REOPEN_LONGEST_MS)
  }

  const register = async (key: string) => {
    const registration = registrations.get(key)
    if (!registration || isClosed) return
    await ensureLine()
    const answer = await call('PUT', registration.path, registration.params)
    if (answer.result === 0) {
      reopenMs = REOPEN_FIRST_MS
      return
    }
    if (registrations.get(key) !== registration) return
    registrations.delete(key)
    for (const follower of registration.followers) follower.onRefused(answer)
  }

  const unregister = async (key: string, { path, params }: Registration) => {
    if (registrations.has(key) || isClosed) return
    const serviceId = params.serviceId
    await call('DELETE', path, serviceId === undefined ? {} : { serviceId })
  }

  return {
    follow(path, params, follower) {
      const key = `${path.toLowerCase()} ${params.serviceId ?? ''}`
      const registration = registrations.get(key) ?? { path, params, followers: new Set() }
      // The server keeps one registration for each service and path: the newest wish for its pace wins.
      registration.params = params
      registration.followers.add(follower)
      registrations.set(key, registration)
      // Also for a second follower: the answer to a PUT is the latest value, which it has not seen.
      inTurn(() => register(key))
      return () => {
        if (!registration.followers.delete(follower) || registration.followers.size > 0) return
        if (registrations.get(key) === registration) registrations.delete(key)
        inTurn(() => unregister(key, registration))
      }
    },
    close() {
      isClosed = true
      registrations.clear()
      cancelReopen()
      line?.close()
      line = undefined
    },
  }
}

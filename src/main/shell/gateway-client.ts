import { toGantryError } from '../contract/error.ts'
import { type ByteAnswer, type ByteRequest, windowOrigin } from '../gotapi/index.ts'
import type { Clock } from '../lib/clock.ts'
import type { Dispose } from '../lib/dispose.ts'
import type { Logger } from '../lib/log.ts'
import { type Body, refusal } from './gateway-answer.ts'
import { createGatewayEvents, type Follower, type TextParams } from './gateway-events.ts'
import { createGatewaySession, type GatewaySessionOptions } from './gateway-session.ts'

export interface GatewayClientOptions extends GatewaySessionOptions {
  readonly clock: Clock
  readonly log: Logger
}

/** One window's own way through the engine's gateway: an ordinary client whose token nobody else holds. */
export interface GatewayClient {
  call(method: string, path: string, params: TextParams, signal?: AbortSignal): Promise<Body>
  /** The byte channel; origin, way and token are this client's own. */
  bytes(request: Omit<ByteRequest, 'token' | 'origin' | 'via'>): Promise<ByteAnswer>
  follow(path: string, params: TextParams, follower: Follower): Dispose
  close(): void
}

export function createGatewayClient(options: GatewayClientOptions): GatewayClient {
  const { gateway, clock, log } = options
  const session = createGatewaySession(options)

  const call: GatewayClient['call'] = async (method, path, params, signal) => {
    const send = async (accessToken: string) => {
      const { body } = await gateway.handle({
        method,
        path: `/gotapi/${path}`,
        params: { ...params, accessToken },
        origin: { origin: windowOrigin },
        via: 'inside',
        ...(signal && { leaving: () => signal }),
      })
      return body
    }
    try {
      const token = await session.token()
      const body = await send(token)
      return isTokenRefused(body) ? await send(await session.renew(token)) : body
    } catch (thrown) {
      const error = toGantryError(thrown)
      log.error('a call of the window failed', { method, path, code: error.code, error })
      return refusal(error.code, error.message)
    }
  }

  const bytes: GatewayClient['bytes'] = async request => {
    const send = (token: string) =>
      gateway.bytes({ ...request, token, origin: { origin: windowOrigin }, via: 'inside' })
    const token = await session.token()
    const answer = await send(token)
    // A refused token was looked at before the first byte, so that the same bytes can be sent again.
    return tokenStatuses.includes(answer.status) ? send(await session.renew(token)) : answer
  }

  const events = createGatewayEvents({ gateway, clock, log, session, call })
  return { call, bytes, follow: events.follow, close: events.close }
}

const tokenStatuses = [401, 403]

/** gotapi 3.5: 11 to 15 are about the token; a client asks for a new one and tries once more. */
function isTokenRefused({ result, errorCode }: Body): boolean {
  return result !== 0 && typeof errorCode === 'number' && errorCode >= 11 && errorCode <= 15
}

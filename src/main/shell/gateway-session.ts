import { GantryError, isErrorCode } from '../contract/error.ts'
import { type Gateway, windowOrigin } from '../gotapi/index.ts'

const INVITATION_LIFE_MS = 60_000

export interface GatewaySessionOptions {
  readonly gateway: Gateway
  /** What the owner reads about it in the list of applications. */
  readonly about: string
  readonly scopes: readonly string[]
  /** Tells the windows of this origin apart: a second grant without it would end the first window's. */
  readonly device: string
}

/** An access token, got as every application gets one; the invitation stands for the owner's yes. */
export interface GatewaySession {
  token(): Promise<string>
  /** A new one in place of the one that was refused; callers that were refused together share it. */
  renew(refused: string): Promise<string>
}

export function createGatewaySession({
  gateway,
  about,
  scopes,
  device,
}: GatewaySessionOptions): GatewaySession {
  let current: Promise<string> | undefined

  const ask = async (path: string, params: Readonly<Record<string, string>>, wanted: string) => {
    const { body } = await gateway.handle({
      method: 'GET',
      path: `/gotapi/authorization/${path}`,
      params,
      origin: { origin: windowOrigin },
      via: 'inside',
    })
    const value = body[wanted]
    if (body.result === 0 && typeof value === 'string') return value
    throw new GantryError(codeOf(body.reason), `The engine refused Gantry’s own window: ${body.errorMessage}`)
  }

  const obtain = async () => {
    const clientId = await ask('grant', { device }, 'clientId')
    const invitation = gateway.invite({ about, scopes, lifeMs: INVITATION_LIFE_MS })
    return ask(
      'accesstoken',
      { clientId, scope: scopes.join(','), applicationName: about, invitation },
      'accessToken',
    )
  }

  const token = () => {
    const asked = current ?? obtain()
    current = asked
    // A refusal is not kept: the next call asks again.
    asked.catch(() => {
      if (current === asked) current = undefined
    })
    return asked
  }

  return {
    token,
    async renew(refused) {
      const known = current
      if (known && (await known) === refused && current === known) current = undefined
      return token()
    },
  }
}

/** A full disk is one. Nobody decides about the window, so that a no to it is a mistake of ours. */
const codeOf = (reason: unknown) =>
  isErrorCode(reason) && !reason.startsWith('auth.') ? reason : 'internal.bug'

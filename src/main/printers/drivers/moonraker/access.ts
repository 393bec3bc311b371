import { z } from 'zod'
import { GantryError } from '../../../contract/error.ts'
import type { DriverContext } from '../../driver/driver.ts'
import { type ChallengedHttp, createChallengedHttp } from '../../wire/challenged-http.ts'
import type { HttpReply, HttpRequest } from '../../wire/http-client.ts'
import { maybeText, parseJson } from '../../wire/readings.ts'
import { accessInfo } from './reply.ts'

export interface MoonrakerConfig {
  readonly url: string
  readonly apiKey: string
  /** Of a user of Moonraker, or of the proxy in front of it: whichever asks. */
  readonly username: string
  readonly password: string
}

/** The ways into one Moonraker. No secret ever stands in an address. */
export interface Access {
  readonly base: URL
  /** A token that ran out is renewed on the way. */
  request(request: Omit<HttpRequest, 'url'> & { readonly path: string }): Promise<HttpReply>
  /** For the handshake of the socket; what was let in there stays in. */
  socketHeaders(url: URL): Readonly<Record<string, string>>
  readonly token: string | undefined
}

/** Moonraker's tokens are good for an hour. */
const tokenLifeMs = 50 * 60_000
const tokens = z.object({ result: z.object({ token: z.string(), refresh_token: z.string().optional() }) })
const info = z.object({ result: accessInfo.extend({ default_source: maybeText }) })

/**
 * printer-protocols 6.1. Who is trusted is asked nothing. Who is not shows a key, or logs in by name; with
 * `force_logins` everybody does.
 */
export async function openAccess(
  config: MoonrakerConfig,
  ctx: DriverContext,
  signal: AbortSignal,
): Promise<Access> {
  const base = new URL(config.url.replace(/\/*$/, '/'))
  const { apiKey, username, password } = config
  const login = username === '' ? undefined : { username, password }
  const http: ChallengedHttp = createChallengedHttp(ctx.http, login, { random: ctx.random, basic: true })
  let token: string | undefined
  let refreshToken: string | undefined
  let tokenAtMs = 0
  let source = 'moonraker'

  const headers = (): Record<string, string> => ({
    ...(apiKey !== '' && { 'x-api-key': apiKey }),
    // `Authorization` may belong to the proxy.
    ...(token !== undefined && { 'x-access-token': token }),
  })
  const plain = (request: Omit<HttpRequest, 'url'> & { readonly path: string }) => {
    const { path, ...rest } = request
    return http.request({ signal, ...rest, url: new URL(path, base) })
  }
  const post = async (path: string, body: unknown) => {
    const content = { 'content-type': 'application/json' }
    const reply = await plain({ method: 'POST', path, headers: content, body: JSON.stringify(body) })
    const given = reply.status === 200 ? tokens.safeParse(parseJson(reply.text)) : undefined
    if (!given?.success) return false
    token = given.data.result.token
    refreshToken = given.data.result.refresh_token ?? refreshToken
    tokenAtMs = ctx.clock.elapsed()
    return true
  }
  const logIn = async () => {
    if (login === undefined || !(await post('access/login', { ...login, source }))) {
      throw new GantryError('printer.credentials', 'Moonraker does not accept this user and password.')
    }
  }
  const renew = async () => {
    if (refreshToken === undefined || !(await post('access/refresh_jwt', { refresh_token: refreshToken })))
      await logIn()
  }

  const asked = await plain({ method: 'GET', path: 'access/info' })
  const about = info.safeParse(parseJson(asked.text)).data?.result
  const isLetIn = about?.trusted === true && about.login_required !== true
  source = about?.default_source ?? source
  if (about !== undefined && !isLetIn && apiKey === '') {
    const isKnown = about.trusted !== undefined || about.login_required === true
    if (login !== undefined) await logIn()
    else if (isKnown) {
      throw new GantryError(
        'printer.credentials',
        'Moonraker does not trust this computer. Enter a user and password, or its key.',
      )
    }
  }
  return {
    base,
    get token() {
      return token
    },
    async request({ headers: own, ...request }) {
      if (token !== undefined && ctx.clock.elapsed() - tokenAtMs > tokenLifeMs) await renew()
      const send = () => plain({ ...request, headers: { ...headers(), ...own } })
      // A large body travels once: the proxy is asked first, so that its nonce is fresh.
      if (request.lane === 'bulk' && login !== undefined) {
        http.forgetNonce()
        await plain({ method: 'GET', path: 'access/info' })
      }
      const reply = await send()
      if (reply.status !== 401 || token === undefined || typeof request.body === 'object') return reply
      await renew()
      return send()
    },
    socketHeaders: url => ({ ...headers(), ...http.headersFor('GET', url) }),
  }
}

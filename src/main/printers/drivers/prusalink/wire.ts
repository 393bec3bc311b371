import type { z } from 'zod'
import { GantryError } from '../../../contract/error.ts'
import type { DriverContext } from '../../driver/driver.ts'
import type { HttpReply, HttpRequest } from '../../wire/http-client.ts'
import { readReply } from '../../wire/readings.ts'
import { type Challenge, digestOf, readChallenge } from './digest.ts'

export interface PrusaLinkConfig {
  readonly url: string
  readonly username: string
  readonly password: string
  /** Instead of the two, where there is one; then nothing is asked twice. */
  readonly apiKey: string
}

export interface PrusaLinkWire {
  readonly base: URL
  get<Schema extends z.ZodType>(path: string, schema: Schema, what: string): Promise<z.output<Schema>>
  send(request: Omit<HttpRequest, 'url'> & { readonly path: string }): Promise<HttpReply>
  /** A nonce of a Buddy board lives 5 s: fetch a fresh one before a body one would not like to send twice. */
  freshen(): Promise<void>
}

/**
 * HTTP with digest by hand, one request at a time: the server in the printer is small. A 401 is answered once with
 * a new nonce and is not a failure (printer-protocols 7.1); never Basic, which hangs the MINI.
 */
export function createWire(config: PrusaLinkConfig, ctx: DriverContext, signal: AbortSignal): PrusaLinkWire {
  const base = new URL(config.url.replace(/\/*$/, '/'))
  let challenge: Challenge | undefined
  let count = 0
  let turn: Promise<unknown> = Promise.resolve()

  const once = (request: Omit<HttpRequest, 'url'> & { readonly path: string }) => {
    const { path, headers = {}, ...rest } = request
    const url = new URL(path, base)
    const uri = `${url.pathname}${url.search}`
    const cnonce = Math.floor(ctx.random() * 2 ** 48).toString(16)
    const authorization =
      challenge && digestOf(challenge, config, { method: request.method, uri, count: ++count, cnonce })
    return ctx.http.request({
      signal,
      ...rest,
      url,
      // The nonce of PrusaLink on a Raspberry Pi is bound to this header's value.
      headers: {
        'user-agent': 'Gantry',
        accept: 'application/json',
        ...headers,
        ...(config.apiKey !== '' && { 'x-api-key': config.apiKey }),
        ...(authorization && { authorization }),
      },
    })
  }
  const exchange = async (request: Omit<HttpRequest, 'url'> & { readonly path: string }) => {
    const first = await once(request)
    if (first.status !== 401 || config.apiKey !== '') return first
    const fresh = readChallenge(first.headers['www-authenticate'])
    if (fresh === undefined) throw refused(first.status)
    challenge = fresh
    count = 0
    if (typeof request.body === 'object')
      throw new GantryError('wire.closed', 'The upload was not let in; try again.')
    const second = await once(request)
    if (second.status === 401) throw refused(second.status)
    return second
  }
  const send: PrusaLinkWire['send'] = request => {
    const mine = turn.then(
      () => exchange(request),
      () => exchange(request),
    )
    turn = mine.catch(() => {})
    return mine
  }
  return {
    base,
    send,
    async get(path, schema, what) {
      const reply = await send({ method: 'GET', path })
      return readReply(accepted(reply, what).text, schema, what)
    },
    async freshen() {
      challenge = undefined
      accepted(await send({ method: 'GET', path: 'api/version' }), 'the version')
    },
  }
}

function refused(status: number): GantryError {
  return new GantryError(
    'printer.credentials',
    'The printer does not accept this password or key. It shows the right one under Settings, Network, PrusaLink.',
    { status },
  )
}

export function accepted(reply: HttpReply, what: string): HttpReply {
  const { status } = reply
  if (status >= 200 && status < 300) return reply
  switch (status) {
    case 401:
    case 403:
      throw refused(status)
    case 404:
      throw new GantryError('file.unknown', `The printer does not know ${what} any more.`, { status })
    case 409:
      throw new GantryError('printer.busy', 'The printer cannot do this now.', { status })
    case 413:
    case 415:
    case 503:
    case 507:
      throw new GantryError('printer.refused', refusals[status] ?? 'The printer refused.', { status })
    default:
      throw new GantryError('wire.malformed', `The printer failed at ${what} (${status}).`, { status })
  }
}

const refusals: Readonly<Record<number, string>> = {
  413: 'The file is larger than this printer takes.',
  415: 'The printer does not take files of this type.',
  503: 'The printer has no USB stick to put the file on.',
  507: 'The printer’s USB stick is full.',
}

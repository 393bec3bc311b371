import type { z } from 'zod'
import { GantryError } from '../../../contract/error.ts'
import type { DriverContext } from '../../driver/driver.ts'
import { createChallengedHttp } from '../../wire/challenged-http.ts'
import type { HttpReply, HttpRequest } from '../../wire/http-client.ts'
import { readReply } from '../../wire/readings.ts'

export interface PrusaLinkConfig {
  readonly url: string
  readonly username: string
  readonly password: string
  /** Instead of the two, where there is one; then nothing is asked twice. */
  readonly apiKey: string
}

type Request = Omit<HttpRequest, 'url'> & { readonly path: string }

export interface PrusaLinkWire {
  readonly base: URL
  get<Schema extends z.ZodType>(path: string, schema: Schema, what: string): Promise<z.output<Schema>>
  send(request: Request): Promise<HttpReply>
  /** A nonce of a Buddy board may live 5 s only: fetch a fresh one before a body one would not like to send twice. */
  freshen(signal: AbortSignal): Promise<void>
}

/**
 * HTTP with digest. The server in the printer is small and has three places (Buddy's `ACTIVE_CONNS`): one question at
 * a time, one file at a time, and beside both what somebody wants at once.
 */
export function createWire(config: PrusaLinkConfig, ctx: DriverContext, signal: AbortSignal): PrusaLinkWire {
  const base = new URL(config.url.replace(/\/*$/, '/'))
  const login = config.apiKey === '' ? config : undefined
  const http = createChallengedHttp(ctx.http, login, { random: ctx.random, basic: false })
  const turns = { poll: createTurns(), bulk: createTurns() }

  const exchange = ({ path, headers = {}, ...request }: Request) =>
    http.request({
      signal,
      ...request,
      url: new URL(path, base),
      // The nonce of PrusaLink on a Raspberry Pi is bound to this header's value.
      headers: {
        'user-agent': 'Gantry',
        accept: 'application/json',
        ...headers,
        ...(config.apiKey !== '' && { 'x-api-key': config.apiKey }),
      },
    })
  const send: PrusaLinkWire['send'] = request => {
    const { lane = 'poll' } = request
    return lane === 'control' ? exchange(request) : turns[lane](() => exchange(request))
  }
  return {
    base,
    send,
    async get(path, schema, what) {
      const reply = await send({ method: 'GET', path })
      return readReply(accepted(reply, what).text, schema, what)
    },
    async freshen(own) {
      http.forgetNonce()
      accepted(await send({ method: 'GET', path: 'api/version', lane: 'bulk', signal: own }), 'the version')
    },
  }
}

/** One after another, in the order they came. */
function createTurns() {
  let last: Promise<unknown> = Promise.resolve()
  return <Value>(work: () => Promise<Value>): Promise<Value> => {
    const mine = last.then(work, work)
    last = mine.catch(() => {})
    return mine
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

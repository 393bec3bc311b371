import type { z } from 'zod'
import { GantryError } from '../../../contract/error.ts'
import type { DriverContext } from '../../driver/driver.ts'
import { createChallengedHttp } from '../../wire/challenged-http.ts'
import type { HttpReply, HttpRequest } from '../../wire/http-client.ts'
import { readReply } from '../../wire/readings.ts'

const controlTimeoutMs = 15_000

export interface OctoPrintConfig {
  readonly url: string
  readonly apiKey?: string
  /** Of the proxy in front of it, where there is one that asks. */
  readonly username?: string | undefined
  readonly password?: string | undefined
}

export interface OctoPrintWire {
  get<Schema extends z.ZodType>(path: string, schema: Schema, what: string): Promise<z.output<Schema>>
  /** 409, the state forbids it, is told as `printer.busy`. */
  send(
    method: 'POST' | 'DELETE',
    path: string,
    body: unknown,
    signal?: AbortSignal | undefined,
  ): Promise<HttpReply>
  raw(request: Omit<HttpRequest, 'url'> & { readonly path: string }): Promise<HttpReply>
  /** For the socket's handshake, which goes past here. */
  proxyHeaders(url: URL): Readonly<Record<string, string>>
  /** Before a large body: a proxy's nonce may have grown old. */
  freshen(signal: AbortSignal): Promise<void>
  readonly base: URL
}

/** OctoPrint's REST side. The key goes into a header and nowhere else. */
export function createWire(
  { url, apiKey = '', username = '', password = '' }: OctoPrintConfig,
  ctx: DriverContext,
  signal: AbortSignal,
): OctoPrintWire {
  const base = new URL(url.replace(/\/*$/, '/'))
  const auth: Record<string, string> = apiKey === '' ? {} : { 'x-api-key': apiKey }
  const login = username === '' ? undefined : { username, password }
  const http = createChallengedHttp(ctx.http, login, { random: ctx.random, basic: true })

  const raw: OctoPrintWire['raw'] = ({ path, headers, ...request }) =>
    http.request({ signal, ...request, url: new URL(path, base), headers: { ...auth, ...headers } })

  return {
    base,
    raw,
    proxyHeaders: url => http.headersFor('GET', url),
    async freshen(own) {
      if (login === undefined) return
      http.forgetNonce()
      await raw({ method: 'GET', path: 'api/version', signal: own })
    },
    async get(path, schema, what) {
      const reply = await raw({ method: 'GET', path })
      return readReply(accepted(reply, what).text, schema, what)
    },
    async send(method, path, body, own = signal) {
      const reply = await raw({
        method,
        path,
        lane: 'control',
        timeoutMs: controlTimeoutMs,
        signal: own,
        ...(body !== undefined && {
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      })
      return accepted(reply, 'the command')
    },
  }
}

export function accepted(reply: HttpReply, what: string): HttpReply {
  const { status } = reply
  if (status >= 200 && status < 300) return reply
  if (status === 401 || status === 403) {
    throw new GantryError('printer.credentials', 'OctoPrint does not accept this application key.', {
      status,
    })
  }
  if (status === 404) throw new GantryError('file.unknown', `OctoPrint does not know ${what}.`, { status })
  if (status === 409) {
    throw new GantryError('printer.busy', 'OctoPrint says that the printer cannot do this now.', { status })
  }
  if (status === 413 || status === 415 || status === 400) {
    throw new GantryError('printer.refused', `OctoPrint refused ${what} (${status}).`, { status })
  }
  throw new GantryError('wire.malformed', `OctoPrint failed at ${what} (${status}).`, { status })
}

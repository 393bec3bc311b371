import type { IncomingMessage, OutgoingHttpHeaders, RequestListener, ServerResponse } from 'node:http'
import { pageHeaders } from '../contract/page-policy.ts'
import type { Logger } from '../lib/log.ts'
import type { StaticFiles } from '../lib/static-files.ts'
import type { OriginHeaders, Peer } from './door.ts'
import { type Envelope, wrap } from './envelope.ts'
import { type Refusal, refuse } from './error-codes.ts'
import { isKnownHost } from './host.ts'
import { noParams, readBody, readUrlencoded, type TextParams } from './http-params.ts'
import { limits } from './limits.ts'
import { resolveOrigin } from './origin.ts'
import type { Handled, Pipeline } from './pipeline.ts'
import type { GotapiPolicy } from './policy.ts'

export interface HttpDeps {
  readonly log: Logger
  readonly handle: Pipeline['handle']
  readonly envelope: Envelope
  readonly policy: () => GotapiPolicy
  /** The dashboard's own files; none in tests. */
  readonly page: StaticFiles | undefined
}

/** What is true of one listener: which port, which names, who comes in here. */
export interface HttpPlace {
  readonly peer: Peer
  readonly scheme: 'http' | 'https'
  port(): number
  hostNames(): readonly string[]
  /** Counts for the owner's list of who is connected. */
  onRequest?(address: string): void
}

const OK = 200
const NOT_FOUND = 404
const METHOD_NOT_ALLOWED = 405
const GONE_TO_ANOTHER = 421
const TOO_LARGE = 413
const BAD_REQUEST = 400
const PREFLIGHT_AGE_S = '600'

/** GotAPI-1 and -2 over node:http (gotapi 3), and the files of the dashboard beside them. */
export function createHttpListener(deps: HttpDeps, place: HttpPlace): RequestListener {
  const { log } = deps

  return (request, response) => {
    respond(request, response).catch(error => {
      log.error('request failed', { error })
      if (!response.headersSent) refuseWith(response, refuse(1, 'Gantry made a mistake.'), 500)
      else response.destroy()
    })
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url = '' } = request
    place.onRequest?.(request.socket.remoteAddress ?? 'unknown')
    if (!hasKnownHost(request)) {
      refuseWith(response, refuse(19, 'This server does not go by that name.'), GONE_TO_ANOTHER)
      return
    }
    const at = url.indexOf('?')
    const path = at < 0 ? url : url.slice(0, at)
    if (!/^\/gotapi(?:\/|$)/i.test(path)) {
      await servePage(request, response, path)
      return
    }
    const headers = originHeaders(request)
    const cors = corsHeaders(headers)
    if (request.method === 'OPTIONS') {
      preflight(request, response, cors)
      return
    }
    const params = noParams()
    const refusal =
      (at < 0 ? undefined : readUrlencoded(url.slice(at + 1), params)) ??
      (hasBody(request) ? await readWholeBody(request, response, params) : undefined)
    if (refusal === 'gone') return
    if (refusal?.status === TOO_LARGE) response.setHeader('connection', 'close')
    const handled = refusal
      ? early(refusal, headers)
      : await handle(request, response, { path, params, headers })
    send(response, handled, cors)
  }

  function handle(
    request: IncomingMessage,
    response: ServerResponse,
    call: { path: string; params: TextParams; headers: OriginHeaders },
  ): Promise<Handled> {
    let signal: AbortSignal | undefined
    return deps.handle({
      method: request.method ?? '',
      path: call.path,
      params: call.params,
      origin: call.headers,
      peer: place.peer,
      // Made for those who wait for something: most calls are answered before anybody could leave.
      get signal() {
        signal ??= signalOfLeaving(response)
        return signal
      },
    })
  }

  /** What cannot even be read as a call still gets the envelope, and the status of its client's style. */
  function early(refusal: Refusal, headers: OriginHeaders): Handled {
    const style = deps.policy().errorStyle
    const isAlways200 = style === 'always200' || (style === 'auto' && headers.gotapiOrigin !== undefined)
    const status = refusal.status ?? (isAlways200 ? OK : BAD_REQUEST)
    return { status, body: wrap(deps.envelope, refusal, {}), sent: undefined }
  }

  /** A second Host header would let two readers of one request disagree. */
  function hasKnownHost(request: IncomingMessage): boolean {
    let count = 0
    const { rawHeaders } = request
    for (let i = 0; i < rawHeaders.length; i += 2) {
      if (rawHeaders[i]?.length === 4 && rawHeaders[i]?.toLowerCase() === 'host') count += 1
    }
    const { host } = request.headers
    if (count !== 1) return false
    if (isKnownHost(host, place.port(), [])) return true
    return isKnownHost(host, place.port(), [...place.hostNames(), ...deps.policy().hostNames])
  }

  function corsHeaders(headers: OriginHeaders): OutgoingHttpHeaders {
    const { origin } = headers
    if (origin === undefined) return { vary: 'Origin' }
    const isAllowed = typeof resolveOrigin({ origin }, place.peer, deps.policy()) === 'string'
    return isAllowed ? { vary: 'Origin', 'access-control-allow-origin': origin } : { vary: 'Origin' }
  }

  /** gotapi 3.6 */
  function preflight(request: IncomingMessage, response: ServerResponse, cors: OutgoingHttpHeaders): void {
    const asksPrivate = request.headers['access-control-request-private-network'] === 'true'
    const isAllowed = 'access-control-allow-origin' in cors
    request.resume()
    if (asksPrivate && isAllowed) response.setHeader('access-control-allow-private-network', 'true')
    const headers: OutgoingHttpHeaders = {
      ...cors,
      'access-control-allow-methods': 'GET, POST, PUT, DELETE, OPTIONS',
      'access-control-allow-headers': 'content-type, x-gotapi-origin, x-requested-with',
      'access-control-max-age': PREFLIGHT_AGE_S,
      'content-length': 0,
    }
    response.writeHead(OK, headers)
    response.end()
  }

  function send(response: ServerResponse, { status, body, sent }: Handled, cors: OutgoingHttpHeaders): void {
    const text = JSON.stringify(body)
    response.writeHead(status, {
      ...cors,
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(text),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    if (sent) {
      response.once('finish', sent)
      // The caller left before its answer: what follows the answer still has to happen.
      response.once('close', () => {
        if (!response.writableFinished) sent()
      })
    }
    // Text, not bytes: node then sends head and body in one piece.
    response.end(text)
  }

  function refuseWith(response: ServerResponse, refusal: Refusal, status: number): void {
    send(
      response,
      { status, body: wrap(deps.envelope, refusal, {}), sent: undefined },
      { connection: 'close' },
    )
  }

  async function servePage(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    request.resume()
    const { method } = request
    const headers = pageHeaders([`${place.scheme === 'http' ? 'ws' : 'wss'}://${request.headers.host}`])
    const plain = { ...headers, 'content-type': 'text/plain; charset=utf-8' }
    if (method !== 'GET' && method !== 'HEAD') {
      response.writeHead(METHOD_NOT_ALLOWED, { ...plain, allow: 'GET, HEAD' }).end()
      return
    }
    const file = await deps.page?.read(path)
    if (!file) {
      response.writeHead(NOT_FOUND, plain).end(method === 'HEAD' ? undefined : 'There is nothing here.\n')
      return
    }
    response.writeHead(OK, {
      ...headers,
      'content-type': file.contentType,
      'cache-control': file.cacheControl,
      'content-length': file.bytes.byteLength,
    })
    response.end(method === 'HEAD' ? undefined : file.bytes)
  }
}

function signalOfLeaving(response: ServerResponse): AbortSignal {
  const gone = new AbortController()
  const leave = () => {
    if (!response.writableFinished) gone.abort()
  }
  if (response.closed) leave()
  else response.once('close', leave)
  return gone.signal
}

export function originHeaders({ headers }: IncomingMessage): OriginHeaders {
  const gotapiOrigin = headers['x-gotapi-origin']
  return {
    ...(headers.origin !== undefined && { origin: headers.origin }),
    ...(gotapiOrigin !== undefined && { gotapiOrigin: String(gotapiOrigin) }),
    ...(headers.referer !== undefined && { referer: headers.referer }),
  }
}

const tooLarge = () => refuse(1, `The body is larger than ${limits.bodyBytes} bytes.`, TOO_LARGE)

const hasBody = ({ headers }: IncomingMessage) =>
  headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined

/** `gone`: the caller left while it was sending; there is nobody to answer. */
async function readWholeBody(
  request: IncomingMessage,
  response: ServerResponse,
  params: TextParams,
): Promise<Refusal | 'gone' | undefined> {
  const { headers } = request
  if (Number(headers['content-length'] ?? 0) > limits.bodyBytes) {
    // Not read: the answer goes out and the connection ends.
    response.once('finish', () => request.destroy())
    return tooLarge()
  }
  const chunks: Buffer[] = []
  let sizeBytes = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length
      if (sizeBytes > limits.bodyBytes) {
        response.once('finish', () => request.destroy())
        return tooLarge()
      }
      chunks.push(chunk)
    }
  } catch {
    return 'gone'
  }
  return sizeBytes === 0 ? undefined : readBody(headers, Buffer.concat(chunks), params)
}

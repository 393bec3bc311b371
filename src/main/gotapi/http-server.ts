import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { pageHeaders } from '../contract/page-policy.ts'
import type { Logger } from '../lib/log.ts'
import type { StaticFiles } from '../lib/static-files.ts'
import type { GotapiRequest, OriginHeaders, Peer } from './door.ts'
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
  readonly refuseUnread: Pipeline['refuseUnread']
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

/** Names and values in turn: node writes such a list as it is, and first makes one of anything else. */
type FlatHeaders = readonly string[]

const answerHeaders: FlatHeaders = [
  'content-type',
  'application/json; charset=utf-8',
  'cache-control',
  'no-store',
  'x-content-type-options',
  'nosniff',
]
const privateNetwork: FlatHeaders = ['access-control-allow-private-network', 'true']
const preflightHeaders: FlatHeaders = [
  'access-control-allow-methods',
  'GET, POST, PUT, DELETE, OPTIONS',
  'access-control-allow-headers',
  'content-type, x-gotapi-origin, x-requested-with',
  'access-control-max-age',
  '600',
  'content-length',
  '0',
]

interface HttpCall {
  readonly path: string
  readonly params: TextParams
  readonly headers: OriginHeaders
}

/** GotAPI-1 and -2 over node:http (gotapi 3), and the files of the dashboard beside them. */
export function createHttpListener(deps: HttpDeps, place: HttpPlace): RequestListener {
  const { log } = deps

  return (request, response) => {
    const fail = (error: unknown) => {
      log.error('request failed', { error })
      if (!response.headersSent) refuseWith(response, refuse(1, 'Gantry made a mistake.'), 500)
      else response.destroy()
    }
    try {
      respond(request, response)?.catch(fail)
    } catch (error) {
      fail(error)
    }
  }

  /** @returns a promise only where something is waited for. */
  function respond(request: IncomingMessage, response: ServerResponse): Promise<void> | undefined {
    const { url = '' } = request
    place.onRequest?.(request.socket.remoteAddress ?? 'unknown')
    if (!hasKnownHost(request)) {
      refuseWith(response, refuse(19, 'This server does not go by that name.'), GONE_TO_ANOTHER)
      return undefined
    }
    const at = url.indexOf('?')
    const path = at < 0 ? url : url.slice(0, at)
    if (!/^\/gotapi(?:\/|$)/i.test(path)) return servePage(request, response, path)
    const headers = originHeaders(request)
    if (request.method === 'OPTIONS') {
      preflight(request, response, headers)
      return undefined
    }
    const params = noParams()
    const call = { path, params, headers }
    const refusal = at < 0 ? undefined : readUrlencoded(url.slice(at + 1), params)
    if (refusal || !hasBody(request)) return answer(request, response, call, refusal)
    return readWholeBody(request, response, params).then(fault =>
      fault === 'gone' ? undefined : answer(request, response, call, fault),
    )
  }

  function answer(
    request: IncomingMessage,
    response: ServerResponse,
    call: HttpCall,
    refusal: Refusal | undefined,
  ): Promise<void> | undefined {
    if (refusal?.status === TOO_LARGE) response.setHeader('connection', 'close')
    const asked = requestOf(request, response, call)
    const handled = refusal ? deps.refuseUnread(asked, refusal) : deps.handle(asked)
    const cors = corsHeaders(call.headers)
    if (handled instanceof Promise) return handled.then(done => send(response, done, cors))
    send(response, handled, cors)
    return undefined
  }

  function requestOf(request: IncomingMessage, response: ServerResponse, call: HttpCall): GotapiRequest {
    return {
      method: request.method ?? '',
      path: call.path,
      params: call.params,
      origin: call.headers,
      peer: place.peer,
      leaving: () => signalOfLeaving(response),
    }
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

  function corsHeaders({ origin }: OriginHeaders): FlatHeaders {
    return origin !== undefined && isAllowed(origin)
      ? ['vary', 'Origin', 'access-control-allow-origin', origin]
      : ['vary', 'Origin']
  }

  function isAllowed(origin: string): boolean {
    return typeof resolveOrigin({ origin }, place.peer, deps.policy()) === 'string'
  }

  /** gotapi 3.6 */
  function preflight(request: IncomingMessage, response: ServerResponse, headers: OriginHeaders): void {
    const asksPrivate = request.headers['access-control-request-private-network'] === 'true'
    request.resume()
    response.writeHead(OK, [
      ...corsHeaders(headers),
      ...(asksPrivate && headers.origin !== undefined && isAllowed(headers.origin) ? privateNetwork : []),
      ...preflightHeaders,
    ])
    response.end()
  }

  function send(response: ServerResponse, { status, body, sent }: Handled, more: FlatHeaders): void {
    const text = JSON.stringify(body)
    response.writeHead(status, [...more, ...answerHeaders, 'content-length', String(Buffer.byteLength(text))])
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
    send(response, { status, body: wrap(deps.envelope, refusal, {}), sent: undefined }, [
      'connection',
      'close',
    ])
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

import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Refusal, refuse } from '../../handlers/outcome.ts'
import type { Http, Visit, VisitHandler } from '../../http/index.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Handled, Pipeline } from '../calls/pipeline.ts'
import type { GotapiRequest, OriginHeaders } from '../protocol/gateway.ts'
import { resolveOrigin } from '../protocol/origin.ts'
import type { GotapiPolicy } from '../protocol/policy.ts'
import { corsHeaders, type FlatHeaders, preflightHeaders, privateNetwork } from './cors.ts'
import { limits } from './limits.ts'
import { noParams, readBody, readUrlencoded, type TextParams } from './params.ts'

export interface MountDeps {
  readonly clock: Clock
  readonly handle: Pipeline['handle']
  readonly refuseUnread: Pipeline['refuseUnread']
  readonly policy: () => GotapiPolicy
}

const OK = 200

const answerHeaders: FlatHeaders = [
  'content-type',
  'application/json; charset=utf-8',
  'cache-control',
  'no-store',
  'x-content-type-options',
  'nosniff',
]

interface HttpCall {
  readonly visit: Visit
  readonly params: TextParams
  readonly headers: OriginHeaders
}

/** GotAPI-1 and -2 over HTTP (gotapi 3). */
export function mountCalls(http: Http, deps: MountDeps) {
  return http.mount('/gotapi', createCallVisits(deps))
}

function createCallVisits(deps: MountDeps): VisitHandler {
  return visit => {
    const { request, response, query } = visit
    const headers = originHeaders(request)
    if (request.method === 'OPTIONS') {
      preflight(visit, headers)
      return undefined
    }
    const params = noParams()
    const call = { visit, params, headers }
    const refusal = query === '' ? undefined : readUrlencoded(query, params)
    if (refusal || !hasBody(request)) return answer(call, refusal)
    return readWholeBody(deps.clock, request, response, params).then(fault =>
      fault === 'gone' ? undefined : answer(call, fault),
    )
  }

  function answer(call: HttpCall, refusal: Refusal | undefined): Promise<void> | undefined {
    const { response, place } = call.visit
    // A body that is not wanted any more is not read to its end.
    if (refusal?.code === 'request.too-large' || refusal?.code === 'request.too-late') endAfter(call.visit)
    const asked = requestOf(call)
    const handled = refusal ? deps.refuseUnread(asked, refusal) : deps.handle(asked)
    const cors = corsHeaders(call.headers, isAllowed(call.headers.origin, place.via))
    if (handled instanceof Promise) return handled.then(done => send(response, done, cors))
    send(response, handled, cors)
    return undefined
  }

  function requestOf({ visit, params, headers }: HttpCall): GotapiRequest {
    return {
      method: visit.request.method ?? '',
      path: visit.path,
      params,
      origin: headers,
      via: visit.place.via,
      address: addressOf(visit),
      leaving: () => signalOfLeaving(visit.response),
    }
  }

  function isAllowed(origin: string | undefined, via: GotapiRequest['via']): boolean {
    return origin !== undefined && typeof resolveOrigin({ origin }, via, deps.policy()) === 'string'
  }

  /** gotapi 3.6 */
  function preflight({ request, response, place }: Visit, headers: OriginHeaders): void {
    const asksPrivate = request.headers['access-control-request-private-network'] === 'true'
    const allowed = isAllowed(headers.origin, place.via)
    request.resume()
    response.writeHead(OK, [
      ...corsHeaders(headers, allowed),
      ...(asksPrivate && allowed ? privateNetwork : []),
      ...preflightHeaders,
    ])
    response.end()
  }
}

function endAfter({ request, response }: Visit): void {
  response.setHeader('connection', 'close')
  response.once('finish', () => request.destroy())
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

function signalOfLeaving(response: ServerResponse): AbortSignal {
  const gone = new AbortController()
  const leave = () => {
    if (!response.writableFinished) gone.abort()
  }
  if (response.closed) leave()
  else response.once('close', leave)
  return gone.signal
}

/** On this machine it tells nothing. */
export const addressOf = ({ place, request }: Visit): string | undefined =>
  place.via === 'lan' ? request.socket.remoteAddress : undefined

export function originHeaders({ headers }: IncomingMessage): OriginHeaders {
  const gotapiOrigin = headers['x-gotapi-origin']
  return {
    ...(headers.origin !== undefined && { origin: headers.origin }),
    ...(gotapiOrigin !== undefined && { gotapiOrigin: String(gotapiOrigin) }),
    ...(headers.referer !== undefined && { referer: headers.referer }),
  }
}

const tooLarge = () => refuse('request.too-large', `The body is larger than ${limits.bodyBytes} bytes.`)
const tooLate = () => refuse('request.too-late', 'The request took too long to arrive.')

const hasBody = ({ headers }: IncomingMessage) =>
  headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined

/** `gone`: the caller left while it was sending, or sent what is not HTTP; there is nobody to answer. */
function readWholeBody(
  clock: Clock,
  request: IncomingMessage,
  response: ServerResponse,
  params: TextParams,
): Promise<Refusal | 'gone' | undefined> {
  const { headers } = request
  if (Number(headers['content-length'] ?? 0) > limits.bodyBytes) return Promise.resolve(tooLarge())
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let sizeBytes = 0
    const settle = (fault: Refusal | 'gone' | undefined) => {
      stopWaiting()
      request.off('data', take).off('end', end)
      resolve(fault)
    }
    const take = (chunk: Buffer) => {
      sizeBytes += chunk.length
      if (sizeBytes > limits.bodyBytes) {
        request.pause()
        settle(tooLarge())
      } else chunks.push(chunk)
    }
    const end = () => {
      stopWaiting()
      if (sizeBytes === 0) resolve(undefined)
      else readBody(headers, Buffer.concat(chunks), params).then(resolve, reject)
    }
    const stopWaiting = clock.after(limits.bodyMs, 'gotapi: a body', () => {
      request.pause()
      settle(tooLate())
    })
    request.on('data', take).on('end', end)
    // Stays on: a body that breaks off later than its refusal has an error, too.
    request.on('error', () => settle('gone'))
    response.once('close', () => settle('gone'))
  })
}

import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { Http, Visit } from '../../http/index.ts'
import type { Dispose } from '../../lib/dispose.ts'
import type { ByteAnswer, Gateway } from '../protocol/gateway.ts'
import { resolveOrigin } from '../protocol/origin.ts'
import type { GotapiPolicy } from '../protocol/policy.ts'
import { corsHeaders, exposedHeaders, preflightHeaders } from './cors.ts'
import { limits } from './limits.ts'
import { addressOf, originHeaders } from './mount.ts'

const OK = 200
const prefix = '/bytes'

/** The byte channel over HTTP: bodies are streams, and nobody holds one that stands still. */
export function mountBytes(
  http: Http,
  deps: { readonly bytes: Gateway['bytes']; readonly policy: () => GotapiPolicy },
): Dispose {
  return http.mount(prefix, async visit => {
    const { request, response, place, path } = visit
    const origin = originHeaders(request)
    const isAllowed =
      origin.origin !== undefined &&
      typeof resolveOrigin({ origin: origin.origin }, place.via, deps.policy()) === 'string'
    const cors = corsHeaders(origin, isAllowed)
    if (request.method === 'OPTIONS') {
      request.resume()
      response.writeHead(OK, [...cors, ...preflightHeaders]).end()
      return
    }
    // A body that breaks off has an error, whoever reads it; the reader is told by its own stream.
    request.on('error', () => {})
    request.setTimeout(limits.stillMs, () => request.destroy())
    const answer = await deps.bytes({
      method: request.method ?? '',
      path: path.slice(prefix.length + 1),
      headers: headersOf(request),
      body: request,
      token: tokenOf(request),
      origin,
      via: place.via,
      address: addressOf(visit),
    })
    await send(visit, answer, isAllowed ? [...cors, ...exposedHeaders] : cors)
  })
}

/** RFC 6750 2.1: in a header, never in an address. */
function tokenOf({ headers }: IncomingMessage): string | undefined {
  return /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
}

function headersOf({ headers }: IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value?.toString()]))
}

async function send(
  { request, response }: Visit,
  { status, headers, body }: ByteAnswer,
  cors: readonly string[],
): Promise<void> {
  if (response.destroyed) {
    if (typeof body === 'object') body.destroy()
    return
  }
  // What was not read of a refused body is not read any more.
  if (!request.complete) endAfter(request, response)
  const text = typeof body === 'string' ? body : undefined
  const flat = Object.entries(headers).flat()
  const length = text === undefined ? [] : ['content-length', String(Buffer.byteLength(text))]
  response.writeHead(status, [...cors, ...flat, ...length])
  if (typeof body !== 'object') {
    response.end(request.method === 'HEAD' ? undefined : text)
    return
  }
  try {
    await pipeline(body, response)
  } catch {
    // The reader left, or the disk failed in the middle: the head is out, so that the connection ends short.
    response.destroy()
  }
}

function endAfter(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('connection', 'close')
  response.once('finish', () => request.destroy())
}

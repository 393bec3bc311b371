import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import type { ByteAnswer } from '../gotapi/index.ts'
import type { GatewayClient } from './gateway-client.ts'

export const bytesPrefix = '/bytes/'

const NO_CONTENT_STATUSES = [204, 304]

/** The byte channel of the dashboard's window: the page asks `app://gantry/bytes/…`, and the token is added here. */
export async function answerBytes(client: GatewayClient, request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  const { body } = request
  const answer = await client.bytes({
    method: request.method,
    path: pathname.slice(bytesPrefix.length),
    headers: Object.fromEntries(request.headers),
    body: body === null ? undefined : Readable.fromWeb(body as ReadableStream),
  })
  return toResponse(answer)
}

function toResponse({ status, headers, body }: ByteAnswer): Response {
  if (NO_CONTENT_STATUSES.includes(status)) return new Response(null, { status, headers })
  if (typeof body === 'string') return new Response(body, { status, headers })
  return new Response(body ? (Readable.toWeb(body) as globalThis.ReadableStream) : null, { status, headers })
}

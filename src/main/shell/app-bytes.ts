import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { type ByteAnswer, windowOrigin } from '../gotapi/index.ts'
import type { GatewayClient } from './gateway-client.ts'

export const bytesPrefix = '/bytes/'

const NO_CONTENT_STATUSES = [204, 304]
const FORBIDDEN = 403

/** The byte channel of the dashboard's window: the page asks `app://gantry/bytes/…`, and the token is added here. */
export async function answerBytes(client: GatewayClient, request: Request): Promise<Response> {
  if (!isOfDashboard(request)) return new Response(null, { status: FORBIDDEN })
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

/** The permission and login windows have tokens of their own and no business with files. */
function isOfDashboard({ referrer, headers }: Request): boolean {
  const from = headers.get('referer') ?? referrer
  if (!URL.canParse(from)) return false
  const { protocol, host, pathname } = new URL(from)
  return `${protocol}//${host}` === windowOrigin && ['/', '/index.html'].includes(pathname)
}

function toResponse({ status, headers, body }: ByteAnswer): Response {
  if (NO_CONTENT_STATUSES.includes(status)) return new Response(null, { status, headers })
  if (typeof body === 'string') return new Response(body, { status, headers })
  return new Response(body ? (Readable.toWeb(body) as globalThis.ReadableStream) : null, { status, headers })
}

import { Readable } from 'node:stream'
import { GantryError } from '../../contract/error.ts'
import type { ByteChannel, Bytes } from '../../handlers/bytes.ts'
import { type Refusal, refusalOf, refuse, succeed } from '../../handlers/outcome.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/log.ts'
import { checkToken, unknownToken } from '../auth/authorization.ts'
import { callerOf } from '../auth/client.ts'
import type { Clients } from '../auth/clients.ts'
import type { RequestRate } from '../calls/request-rate.ts'
import { type Envelope, statusOf, wrap } from '../protocol/envelope.ts'
import type { ByteAnswer, ByteRequest } from '../protocol/gateway.ts'
import { resolveOrigin } from '../protocol/origin.ts'
import type { GotapiPolicy } from '../protocol/policy.ts'
import { spanOf } from './ranges.ts'

export interface ByteCallsDeps {
  readonly clock: Clock
  readonly log: Logger
  readonly clients: Clients
  readonly requests: RequestRate
  readonly policy: () => GotapiPolicy
  readonly envelope: Envelope
}

const OK = 200
const PARTIAL = 206
const NOT_MODIFIED = 304

/** The byte channel: the same origin, rate, token and scope as a call, then streams in both directions. */
export function createByteCalls(deps: ByteCallsDeps) {
  const { clients, clock, envelope, log } = deps
  const channels = new Map<string, ByteChannel>()
  /** What is being written to: a second writer, who lost its line, takes the place of the first. */
  const writers = new Map<string, { readonly stop: AbortController; readonly done: Promise<unknown> }>()

  const refused = (refusal: Refusal, headers: Readonly<Record<string, string>> = {}): ByteAnswer =>
    inWords(statusOf(refusal), wrap(envelope, refusal, {}), headers)

  async function handle(request: ByteRequest): Promise<ByteAnswer> {
    try {
      return await answer(request)
    } catch (thrown) {
      const onMistake = (error: GantryError) =>
        log.error('bytes could not be handled', { method: request.method, error })
      return refused(refusalOf(thrown, onMistake))
    }
  }

  async function answer(request: ByteRequest): Promise<ByteAnswer> {
    const place = placeOf(request.path)
    const origin = resolveOrigin(request.origin, request.via, deps.policy())
    if (typeof origin !== 'string') return refused(origin)
    const asker = { origin, via: request.via, address: request.address }
    const often = deps.requests.take(asker)
    if (often) return refused(often)
    const channel = place && channels.get(place.profile)
    if (!place || !channel)
      return refused(refuse('request.unknown-profile', 'There are no bytes at this address.'))
    const { token } = request
    const member = token ? clients.find(token, asker) : undefined
    const refusal = checkToken(member, { token, profile: place.profile }, clock.now())
    if (refusal || !member) return refused(refusal ?? unknownToken())
    clients.countUse(member)
    const find = async () => channel.find(callerOf(member), place.id)
    switch (request.method) {
      case 'GET':
      case 'HEAD':
        return give(request, await find())
      case 'PUT':
        return take(request, `${place.profile}/${place.id}`, find)
      case 'DELETE':
        return callOff(`${place.profile}/${place.id}`, await find())
      default:
        return refused(refuse('request.wrong-method', 'Bytes take GET, HEAD, PUT and DELETE.'))
    }
  }

  function give({ method, headers }: ByteRequest, bytes: Bytes): ByteAnswer {
    const { sizeBytes, receivedBytes, etag } = bytes
    const about = { ...aboutOf(bytes), 'accept-ranges': 'bytes' }
    const progress = { 'upload-offset': String(receivedBytes), 'upload-length': String(sizeBytes) }
    if (headers['if-none-match'] === etag) return { status: NOT_MODIFIED, headers: { etag } }
    // RFC 9110 13.1.5: a part of other bytes than those the reader has is of no use to it.
    const isSame = headers['if-range'] === undefined || headers['if-range'] === etag
    const span = isSame ? spanOf(headers.range, receivedBytes) : undefined
    if (span === 'none') {
      return refused(refuse('bytes.out-of-range', 'This part lies outside of the bytes there are.'), {
        'content-range': `bytes */${receivedBytes}`,
      })
    }
    const { start, end } = span ?? { start: 0, end: receivedBytes }
    return {
      status: span ? PARTIAL : OK,
      headers: {
        ...about,
        ...progress,
        'content-length': String(end - start),
        ...(span && { 'content-range': `bytes ${start}-${end - 1}/${receivedBytes}` }),
      },
      ...(method === 'GET' && { body: end > start ? bytes.read(start, end) : Readable.from([]) }),
    }
  }

  async function take(request: ByteRequest, key: string, find: () => Promise<Bytes>): Promise<ByteAnswer> {
    const earlier = writers.get(key)
    earlier?.stop.abort()
    await earlier?.done
    const bytes = await find()
    if (!bytes.append) return refused(refuse('request.wrong-method', 'These bytes can only be read.'))
    const offset = numberIn(request.headers['upload-offset'] ?? '0')
    const comes = numberIn(request.headers['content-length'] ?? '')
    if (offset !== bytes.receivedBytes) {
      const words = `The next byte is number ${bytes.receivedBytes}.`
      return refused(refuse('bytes.gap', words), { 'upload-offset': String(bytes.receivedBytes) })
    }
    if (comes !== undefined && offset + comes > bytes.sizeBytes) {
      return refused(refuse('bytes.too-many', `Only ${bytes.sizeBytes - offset} bytes are missing.`))
    }
    const stop = new AbortController()
    const source = request.body ?? Readable.from([])
    const onStop = () => source.destroy(new GantryError('cancelled', 'Another sender took over.'))
    stop.signal.addEventListener('abort', onStop, { once: true })
    const appended = bytes.append(source)
    const writer = { stop, done: appended.catch(() => undefined) }
    writers.set(key, writer)
    try {
      const receivedBytes = await appended
      return inWords(OK, wrap(envelope, succeed({ receivedBytes }), {}), {
        'upload-offset': String(receivedBytes),
      })
    } finally {
      if (writers.get(key) === writer) writers.delete(key)
    }
  }

  async function callOff(key: string, bytes: Bytes): Promise<ByteAnswer> {
    if (!bytes.remove) return refused(refuse('request.wrong-method', 'These bytes can only be read.'))
    const writer = writers.get(key)
    writer?.stop.abort()
    await writer?.done
    await bytes.remove()
    return inWords(OK, wrap(envelope, succeed(), {}), {})
  }

  return {
    handle,
    add(channel: ByteChannel): void {
      channels.set(channel.profile.toLowerCase(), channel)
    },
  }
}

/** `{profile}/{id}` */
function placeOf(path: string): { readonly profile: string; readonly id: string } | undefined {
  const [profile = '', id = '', ...more] = path.split('/')
  if (profile === '' || id === '' || more.length > 0) return undefined
  try {
    return { profile: profile.toLowerCase(), id: decodeURIComponent(id) }
  } catch {
    return undefined
  }
}

const numberIn = (text: string): number | undefined => (/^\d{1,15}$/.test(text) ? Number(text) : undefined)

function aboutOf({ contentType, etag, fileName }: Bytes): Record<string, string> {
  return {
    'content-type': contentType,
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`,
    etag,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  }
}

function inWords(
  status: number,
  body: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>>,
): ByteAnswer {
  return {
    status,
    headers: {
      ...headers,
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
    body: JSON.stringify(body),
  }
}

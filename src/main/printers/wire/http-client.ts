import { type ClientRequest, Agent as PlainAgent, request as requestPlain } from 'node:http'
import { request as requestTls, Agent as TlsAgent } from 'node:https'
import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { GantryError, isGantryError } from '../../contract/error.ts'
import type { Clock } from '../../lib/clock.ts'
import { wireError } from './wire-error.ts'

/**
 * Why a request is sent. A `control` never waits, whatever else is on its way to the same host; a `bulk` is a file,
 * which takes minutes. Both have a connection of their own, since one kept from before may be dead and they are not
 * asked twice.
 */
export type Lane = 'poll' | 'control' | 'bulk'

/** What a printer's reply may weigh unless a driver says otherwise; a list of 10 000 files stays under it. */
const replyLimitBytes = 4_000_000
/** printer-protocols 12: how long a status question may take. */
const askTimeoutMs = 10_000

/**
 * Requests to printers, with every limit an unknown device calls for: time, size, no redirects (so that a key
 * never travels to another address), no cookies, no environment proxies. Any status is an answer, not an error.
 */
export interface HttpClient {
  request(request: HttpRequest): Promise<HttpReply>
  /** Drops the connections that are kept for the next request. */
  close(): void
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD'
  readonly url: URL
  /** Where none is named: `poll`. */
  readonly lane?: Lane
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Upload
  /** For the whole exchange; for an upload from the last byte on that moved. */
  readonly timeoutMs?: number
  readonly maxBytes?: number
  readonly signal?: AbortSignal | undefined
}

/** A body from disk. Its size is known, so that servers without chunked coding can take it. */
export interface Upload {
  /** Bytes before and after the file: a multipart form's wrapping. */
  readonly head?: Uint8Array
  readonly stream: Readable
  readonly sizeBytes: number
  /** Asked for when the file has gone by, so that it can carry its hash. */
  readonly tail?: { readonly sizeBytes: number; bytes(): Uint8Array }
  readonly onSent?: (sentBytes: number) => void
}

export interface HttpReply {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

export function createHttpClient(clock: Clock): HttpClient {
  // Two sockets a printer: the vendors' own servers are single-threaded (printer-protocols 5.4, 7.2).
  const kept = { keepAlive: true, maxSockets: 2, keepAliveMsecs: 10_000 }
  const poll = { plain: new PlainAgent(kept), tls: new TlsAgent(kept) }
  const own = { plain: new PlainAgent({ keepAlive: false }), tls: new TlsAgent({ keepAlive: false }) }

  const exchange = async (request: HttpRequest): Promise<HttpReply> => {
    const { url, signal, lane = 'poll', timeoutMs = askTimeoutMs, maxBytes = replyLimitBytes } = request
    if (signal?.aborted) {
      if (typeof request.body === 'object') request.body.stream.destroy()
      throw new GantryError('cancelled', 'The request was stopped.')
    }
    const { plain, tls } = lane === 'poll' ? poll : own
    const secure = url.protocol === 'https:'
    return new Promise<HttpReply>((resolve, reject) => {
      const wire = (secure ? requestTls : requestPlain)(url, {
        method: request.method,
        agent: secure ? tls : plain,
        headers: headersOf(request),
      })
      let stopTimer = () => {}
      const touch = () => {
        stopTimer()
        stopTimer = clock.after(timeoutMs, 'printers.http', () => {
          fail(new GantryError('wire.timeout', `${url.host} did not answer within ${timeoutMs / 1000} s.`))
        })
      }
      const abort = () => fail(new GantryError('cancelled', 'The request was stopped.'))
      const done = () => {
        stopTimer()
        signal?.removeEventListener('abort', abort)
      }
      const fail = (thrown: unknown) => {
        done()
        reject(wireError(thrown, url.host))
        wire.destroy()
      }
      touch()
      signal?.addEventListener('abort', abort, { once: true })
      wire.on('error', thrown => {
        const stale = wire.reusedSocket && 'code' in thrown && thrown.code === 'ECONNRESET'
        fail(
          stale ? new GantryError('wire.closed', `${url.host} broke off the connection.`, { stale }) : thrown,
        )
      })
      wire.on('response', reply => {
        const { statusCode: status = 0, headers } = reply
        if (status >= 300 && status < 400 && status !== 304) {
          fail(redirected(url, headers.location))
          return
        }
        const pieces: Buffer[] = []
        let heldBytes = 0
        reply.on('error', fail)
        reply.on('aborted', () => fail(new GantryError('wire.closed', `${url.host} broke off its answer.`)))
        reply.on('data', (piece: Buffer) => {
          heldBytes += piece.length
          if (heldBytes > maxBytes) fail(tooLarge(url, maxBytes))
          else pieces.push(piece)
        })
        reply.on('end', () => {
          done()
          const flat = Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')])
          resolve({
            status,
            headers: Object.fromEntries(flat),
            text: Buffer.concat(pieces).toString('utf8'),
          })
        })
      })
      send(wire, request.body, touch).catch(fail)
    })
  }

  return {
    async request(request) {
      try {
        return await exchange(request)
      } catch (thrown) {
        // The printer had dropped the kept connection before it saw the question; only questions are asked twice.
        const again = isGantryError(thrown) && thrown.details.stale === true && request.method === 'GET'
        if (!again) throw thrown
        return exchange(request)
      }
    },
    close() {
      for (const agent of [poll.plain, poll.tls, own.plain, own.tls]) agent.destroy()
    },
  }
}

function headersOf({ headers = {}, body, method }: HttpRequest): Record<string, string> {
  const sizeBytes =
    body === undefined
      ? 0
      : typeof body === 'string'
        ? Buffer.byteLength(body)
        : body.sizeBytes + (body.head?.length ?? 0) + (body.tail?.sizeBytes ?? 0)
  const bodyless = body === undefined && (method === 'GET' || method === 'HEAD')
  return { 'user-agent': 'Gantry', ...headers, ...(!bodyless && { 'content-length': String(sizeBytes) }) }
}

async function send(wire: ClientRequest, body: HttpRequest['body'], touch: () => void): Promise<void> {
  if (body === undefined || typeof body === 'string') {
    wire.end(body)
    return
  }
  let sentBytes = 0
  const count = new Transform({
    transform(piece: Buffer, _encoding, done) {
      sentBytes += piece.length
      touch()
      body.onSent?.(sentBytes)
      done(null, piece)
    },
  })
  if (body.head) wire.write(body.head)
  await pipeline(body.stream, count, wire, { end: false })
  wire.end(body.tail?.bytes())
}

function redirected(url: URL, location: string | undefined): GantryError {
  const target = location && URL.canParse(location, url.href) ? new URL(location, url).host : 'nowhere'
  return new GantryError(
    'wire.redirected',
    `${url.host} points to ${target}. Gantry does not follow; if that is your printer, enter its address there.`,
    { target },
  )
}

function tooLarge(url: URL, maxBytes: number): GantryError {
  return new GantryError('wire.too-large', `${url.host} answered with more than ${maxBytes} bytes.`, {
    maxBytes,
  })
}

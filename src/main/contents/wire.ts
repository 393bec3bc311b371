import { request as requestPlain } from 'node:http'
import { request as requestTls } from 'node:https'
import { GantryError } from '../contract/error.ts'
import type { Clock } from '../lib/clock.ts'
import { contentsWireError, serverFault } from './wire-error.ts'

/** A question and the login must fit into the 60 s a plug-in has for an answer (gotapi 2). */
const askQuietMs = 6_000

export interface WireRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly url: URL
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal?: AbortSignal | undefined
  /** How long the server may say nothing. */
  readonly quietMs?: number
}

export interface WireReply {
  readonly status: number
  readonly sizeBytes: number | undefined
  /** Once. Throws `wire.too-large` beyond the limit, `contents.unreachable` when the line falls silent or breaks. */
  pieces(mostBytes: number): AsyncGenerator<Buffer, void>
  close(): void
}

/**
 * One request to a contents server, up to its headers. No redirects, no cookies, no proxies of the environment, no
 * kept connections; a line that says nothing for a while is given up.
 */
export function openWire(clock: Clock, request: WireRequest) {
  const { method, url, headers, body, signal, quietMs = askQuietMs } = request
  if (signal?.aborted) return Promise.reject(stopped())
  return new Promise<WireReply>((resolve, reject) => {
    const send = url.protocol === 'https:' ? requestTls : requestPlain
    const wire = send(url, {
      method,
      agent: false,
      headers: {
        'user-agent': 'Gantry',
        ...(body !== undefined && {
          'content-type': 'application/json',
          'content-length': String(Buffer.byteLength(body)),
        }),
        ...headers,
      },
    })
    let failure: GantryError | undefined
    const end = (error: GantryError) => {
      failure ??= error
      done()
      reject(error)
      wire.destroy(error)
    }
    const abort = () => end(stopped())
    const done = () => {
      stopTimer()
      signal?.removeEventListener('abort', abort)
    }
    let stopTimer = () => {}
    const touch = () => {
      stopTimer()
      stopTimer = clock.after(quietMs, 'contents wire', () => {
        end(new GantryError('contents.unreachable', `${url.host} did not answer within ${quietMs / 1000} s.`))
      })
    }
    touch()
    signal?.addEventListener('abort', abort, { once: true })
    wire.on('error', thrown => {
      done()
      reject(failure ?? contentsWireError(thrown, url.host))
    })
    wire.on('response', reply => {
      const { statusCode: status = 0 } = reply
      if (status >= 300 && status < 400) {
        end(redirected(url, reply.headers.location))
        return
      }
      const told = Number(reply.headers['content-length'])
      resolve({
        status,
        sizeBytes: Number.isSafeInteger(told) && reply.headers['content-length'] ? told : undefined,
        close() {
          done()
          wire.destroy()
        },
        async *pieces(mostBytes) {
          let heldBytes = 0
          try {
            for await (const piece of reply as AsyncIterable<Buffer>) {
              touch()
              heldBytes += piece.length
              if (heldBytes > mostBytes) throw tooLarge(url, mostBytes)
              yield piece
              // Writing to a slow disk is not the server's silence.
              touch()
            }
          } catch (thrown) {
            throw failure ?? contentsWireError(thrown, url.host)
          } finally {
            done()
            wire.destroy()
          }
        },
      })
    })
    wire.end(body)
  })
}

const stopped = () => new GantryError('cancelled', 'The request was stopped.')

function redirected(url: URL, location: string | undefined): GantryError {
  const target = location && URL.canParse(location, url.href) ? new URL(location, url).host : 'nowhere'
  return serverFault(
    'wire.redirected',
    `${url.host} points to ${target}. Gantry does not follow; if that is your contents server, set it up with that address.`,
    { target },
  )
}

function tooLarge({ host }: URL, mostBytes: number): GantryError {
  return serverFault('wire.too-large', `${host} sent more than ${mostBytes} bytes.`, { mostBytes })
}

import { WebSocket } from 'ws'
import { GantryError } from '../../contract/error.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Dispose } from '../../lib/dispose.ts'
import { parseJson } from './readings.ts'
import { wireError } from './wire-error.ts'

const openTimeoutMs = 5_000
/** Moonraker's largest honest message, a full `configfile`, is below 1 MB. */
const messageLimitBytes = 4_000_000
const pingPeriodMs = 15_000
/**
 * What one printer may say in a second; one that shouts is heard no faster, and nothing of it is lost. Honest ones
 * stay far below: Klipper tells four times a second, and a macro that lists itself some hundred lines, once.
 */
export const mostMessagesPerS = 200
const mostBytesPerS = 8_000_000
const secondMs = 1_000

/** A WebSocket to a printer's host, carrying JSON. Never redirected, never larger than its limit, never silent for long. */
export interface SocketLine {
  send(message: unknown): void
  /** Anything that is no JSON arrives as undefined. */
  onMessage(listener: (message: unknown) => void): Dispose
  /** Once, with what broke the line. Not told when we closed it. */
  onClose(listener: (reason: GantryError) => void): Dispose
  close(): void
}

export interface SocketOptions {
  readonly url: URL
  readonly headers?: Readonly<Record<string, string>>
  readonly clock: Clock
  readonly signal: AbortSignal
}

export function openSocket({ url, headers = {}, clock, signal }: SocketOptions): Promise<SocketLine> {
  const { host } = url
  if (signal.aborted) return Promise.reject(stopped())
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, {
      headers,
      followRedirects: false,
      perMessageDeflate: false,
      maxPayload: messageLimitBytes,
    })
    const fail = (thrown: unknown) => {
      stopTimer()
      signal.removeEventListener('abort', abort)
      socket.on('error', () => {})
      socket.terminate()
      reject(wireError(thrown, host))
    }
    const abort = () => fail(stopped())
    const stopTimer = clock.after(openTimeoutMs, 'printers.socket open', () =>
      fail(new GantryError('wire.timeout', `${host} did not open its live connection within 5 s.`)),
    )
    signal.addEventListener('abort', abort, { once: true })
    socket.once('error', fail)
    socket.once('unexpected-response', (_request, reply) => {
      const status = reply.statusCode ?? 0
      reply.destroy()
      fail(refusal(status, host))
    })
    socket.once('open', () => {
      stopTimer()
      signal.removeEventListener('abort', abort)
      socket.removeListener('error', fail)
      resolve(lineOf(socket, host, clock))
    })
  })
}

const stopped = () => new GantryError('cancelled', 'The connection was stopped.')

function refusal(status: number, host: string): GantryError {
  if (status === 401 || status === 403) {
    return new GantryError('printer.credentials', `${host} wants a key, or the key is wrong.`, { status })
  }
  return new GantryError('wire.malformed', `${host} offers no live connection (${status}).`, { status })
}

function lineOf(socket: WebSocket, host: string, clock: Clock): SocketLine {
  const closers = new Set<(reason: GantryError) => void>()
  let alive = true
  let reason: GantryError | undefined
  const stopPings = clock.every(pingPeriodMs, 'printers.socket ping', () => {
    if (!alive) {
      reason = new GantryError('wire.timeout', `${host} stopped answering.`)
      socket.terminate()
      return
    }
    alive = false
    socket.ping()
  })
  socket.on('pong', () => {
    alive = true
  })
  const stopCounting = holdBack(socket, clock)
  socket.on('error', thrown => {
    reason ??= wireError(thrown, host)
  })
  socket.on('close', () => {
    stopPings()
    stopCounting()
    const why = reason ?? new GantryError('wire.closed', `${host} closed the live connection.`)
    for (const listener of closers) listener(why)
    closers.clear()
  })
  return {
    send(message) {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message))
    },
    onMessage(listener) {
      const hear = (data: unknown) => {
        alive = true
        listener(parseJson(String(data)))
      }
      socket.on('message', hear)
      return () => {
        socket.off('message', hear)
      }
    },
    onClose(listener) {
      closers.add(listener)
      return () => {
        closers.delete(listener)
      }
    },
    close() {
      closers.clear()
      stopPings()
      stopCounting()
      socket.removeAllListeners('message')
      socket.terminate()
    },
  }
}

/** Reads no further for the rest of the second once a printer has said its share: its own buffers fill, not ours. */
function holdBack(socket: WebSocket, clock: Clock): Dispose {
  let messages = 0
  let bytes = 0
  let sinceMs = clock.elapsed()
  let cancelWait: Dispose | undefined

  socket.on('message', (data: Buffer) => {
    const nowMs = clock.elapsed()
    if (nowMs - sinceMs >= secondMs) {
      messages = 0
      bytes = 0
      sinceMs = nowMs
    }
    messages += 1
    bytes += data.length
    if (messages < mostMessagesPerS && bytes < mostBytesPerS) return
    socket.pause()
    cancelWait ??= clock.after(secondMs - (nowMs - sinceMs), 'printers.socket hold back', () => {
      cancelWait = undefined
      socket.resume()
    })
  })
  return () => {
    cancelWait?.()
    cancelWait = undefined
  }
}

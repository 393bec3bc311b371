import { type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Clock } from '../lib/clock.ts'
import { limits } from './limits.ts'
import { type FaultAnswer, faultStatus, type HttpFault } from './place.ts'

export interface BrokenDeps {
  readonly clock: Clock
  readonly tellFault: (fault: HttpFault) => FaultAnswer
}

/** What is not HTTP, or not in time, or too much of it, gets one answer and then loses its connection. */
export function answerBroken(server: Server, deps: BrokenDeps): void {
  const open = trackAnswers(server)
  server.on('clientError', (error, socket) => {
    const [answer, ...more] = open(socket)
    const fault = faultOf(codeOf(error))
    // An answer under way leaves no place for another; a request that never became whole still waits for its own.
    const isUnanswered = more.length === 0 && !answer?.headersSent
    if (answer && !isUnanswered) socket.destroy()
    else endWithFault(deps, socket, fault, isHead(error))
  })
}

/** Writes the answer by hand, as there is no request to answer; who does not read it does not keep the connection. */
export function endWithFault(
  { clock, tellFault }: BrokenDeps,
  socket: Duplex,
  fault: HttpFault,
  withoutBody = false,
): void {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const status = faultStatus[fault]
  const { contentType, text } = tellFault(fault)
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `content-type: ${contentType}`,
    'connection: close',
    `content-length: ${Buffer.byteLength(text)}`,
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${withoutBody ? '' : text}`)
  const stopWaiting = clock.after(limits.lastWordsMs, 'http: last words', () => socket.destroy())
  socket.once('close', stopWaiting)
}

/** The answers that are not finished, by connection. */
function trackAnswers(server: Server): (socket: Duplex) => readonly ServerResponse[] {
  const known = new WeakMap<Duplex, ServerResponse[]>()
  server.on('request', ({ socket }, response) => {
    const own = known.get(socket)
    if (!own) known.set(socket, [response])
    // One after the other, as nearly all come: no listener and no list for each.
    else if (own.length === 1 && own[0]?.closed) own[0] = response
    else known.set(socket, [...own.filter(({ closed }) => !closed), response])
  })
  return socket => known.get(socket)?.filter(({ closed }) => !closed) ?? []
}

/** gotapi 2 asks for 413 where headers are too large. */
function faultOf(code: string): HttpFault {
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers-too-large'
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'too-late' : 'unreadable'
}

const head = Buffer.from('HEAD ')
const isHead = (error: Error) =>
  'rawPacket' in error && Buffer.isBuffer(error.rawPacket) && error.rawPacket.subarray(0, 5).equals(head)

const codeOf = (thrown: unknown): string =>
  thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''

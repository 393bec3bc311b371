import { connect as connectTcp, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Http, VisitHandler } from '../../../src/main/http/index.ts'
import type { Clock } from '../../../src/main/lib/clock.ts'
import { systemClock } from '../../../src/main/lib/clock.ts'
import { createTestHttp } from '../../fakes/http.ts'
import { createLogRecorder } from '../../fakes/log.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'

/** Answers with what it was asked, so that a test sees what arrived. */
const echo: VisitHandler = async ({ request, response, path, query }) => {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  const { method, headers } = request
  const text = JSON.stringify({ method, path, query, headers, body: Buffer.concat(chunks).toString() })
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
  response.end(text)
}

/** Listeners alone, with one mount at `/echo`. */
export async function openHttp(
  more: Partial<Parameters<typeof createTestHttp>[0]> & { readonly clock?: Clock } = {},
): Promise<{ readonly http: Http; readonly port: number; readonly host: string }> {
  const { log } = createLogRecorder()
  const http = createTestHttp({
    clock: systemClock,
    logger: area => log.with({ area }),
    dir: makeTempDir(),
    ...more,
  })
  http.mount('/echo', echo)
  await http.start()
  onTestFinished(() => http.stop())
  const { port, host } = new URL(http.url() ?? '')
  return { http, port: Number(port), host }
}

/** Bytes as they are; everything the server says until it ends the connection. */
export function talk(port: number, bytes: string | Buffer, own?: (socket: Socket) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ port, host: '127.0.0.1', allowHalfOpen: true }, () => socket.write(bytes))
    own?.(socket)
    let heard = ''
    socket.setEncoding('latin1').on('data', chunk => {
      heard += chunk
    })
    socket.on('end', () => socket.end())
    socket.on('close', () => resolve(heard))
    socket.on('error', error => (heard === '' ? reject(error) : resolve(heard)))
  })
}

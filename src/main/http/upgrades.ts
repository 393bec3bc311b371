import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type BrokenDeps, endWithFault } from './broken.ts'
import { goesToUs } from './host-guard.ts'
import type { Mounts } from './mounts.ts'
import type { Place } from './place.ts'

export interface UpgradeDeps extends BrokenDeps {
  readonly mounts: Mounts
  readonly extraNames: () => readonly string[]
}

/** WebSockets go to their mount, after the same look at the host as every request. */
export function hearUpgrades(server: Server, place: Place, isTls: boolean, deps: UpgradeDeps): void {
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    if (!asksForWebSocket(request)) {
      replay(server, isTls, request, socket, head)
      return
    }
    if (!goesToUs(request, place, deps.extraNames)) {
      endWithFault(deps, socket, 'host-unknown')
      return
    }
    const path = (request.url ?? '').split('?')[0] ?? ''
    const mount = deps.mounts.findSocket(path)
    if (mount) mount.upgrade(request, socket, head, place)
    else endWithFault(deps, socket, 'socket-unknown')
  })
}

const asksForWebSocket = ({ headers }: IncomingMessage) =>
  (headers.upgrade ?? '').split(',').some(wish => wish.trim().toLowerCase() === 'websocket')

/**
 * RFC 9110 7.8: a server ignores an upgrade it does not offer. Some clients wish for HTTP/2 in every first request;
 * Node takes the connection out of its hands for any wish, so the request is read once more, without it.
 */
function replay(
  server: Server,
  isTls: boolean,
  request: IncomingMessage,
  socket: Duplex,
  rest: Buffer,
): void {
  const lines = [`${request.method} ${request.url} HTTP/${request.httpVersion}`]
  const { rawHeaders } = request
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? ''
    const lower = name.toLowerCase()
    if (lower === 'upgrade' || lower === 'http2-settings') continue
    const value = lower === 'connection' ? withoutUpgrade(rawHeaders[i + 1] ?? '') : rawHeaders[i + 1]
    if (value !== '') lines.push(`${name}: ${value}`)
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), rest]))
  server.emit(isTls ? 'secureConnection' : 'connection', socket)
}

const withoutUpgrade = (connection: string) =>
  connection
    .split(',')
    .map(wish => wish.trim())
    .filter(wish => !/^(?:upgrade|http2-settings)$/i.test(wish))
    .join(', ')

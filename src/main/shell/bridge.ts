import { callChannel, type FollowMessage, followChannel } from '../contract/bridge-wire.ts'
import type { Dispose } from '../lib/dispose.ts'
import type { Logger } from '../lib/log.ts'
import { readBridgeRequest } from './bridge-request.ts'
import { type Body, refusal } from './gateway-answer.ts'
import type { GatewayClient } from './gateway-client.ts'
import { isOwnPage } from './own-page.ts'

/** What we use of Electron's messages; a test hands in its own. */
interface Sent {
  readonly sender: { readonly id: number }
  readonly senderFrame: { readonly url: string; readonly parent: unknown } | null
}
interface Port {
  postMessage(message: FollowMessage): void
  on(name: 'close', listener: () => void): unknown
  start(): void
  close(): void
}
export interface Ipc {
  handle(channel: string, answer: (event: Sent, request: unknown) => Promise<Body>): void
  on(
    channel: string,
    listener: (event: Sent & { readonly ports: readonly Port[] }, request: unknown) => void,
  ): unknown
}
export interface Contents {
  readonly id: number
  on(name: 'did-navigate', listener: () => void): unknown
  on(name: 'render-process-gone', listener: () => void): unknown
  once(name: 'destroyed', listener: () => void): unknown
}

interface BridgeOptions {
  readonly ipc: Ipc
  readonly log: Logger
}

export interface Bridge {
  /** Lets the page in this window use the client. What it waits for ends with the page. */
  admit(contents: Contents, client: GatewayClient): Dispose
}

interface Guest {
  readonly client: GatewayClient
  /** Aborted and replaced when the page goes away or is loaded again. */
  page: AbortController
}

/**
 * The main side of `window.gantry`: one channel to call, one to follow. Who sent it, what it asks for and of what
 * form are checked here before the engine's gateway checks all of it again, as it does for everybody.
 */
export function createBridge({ ipc, log }: BridgeOptions): Bridge {
  const guests = new Map<number, Guest>()

  const guestOf = (event: Sent): Guest | undefined => {
    const guest = guests.get(event.sender.id)
    const frame = event.senderFrame
    if (guest && frame && frame.parent === null && isOwnPage(frame.url)) return guest
    log.warn('a message from a foreign frame was refused', { url: frame?.url })
    return undefined
  }
  const foreign = () => refusal('auth.origin', 'Only Gantry’s own page may use this bridge.')

  ipc.handle(callChannel, async (event, request: unknown): Promise<Body> => {
    const guest = guestOf(event)
    if (!guest) return foreign()
    const read = readBridgeRequest(request, 'call')
    if ('refused' in read) return read.refused
    return guest.client.call(read.method, read.path, read.params, guest.page.signal)
  })

  ipc.on(followChannel, (event, request: unknown) => {
    const [port] = event.ports
    if (!port) return
    const guest = guestOf(event)
    const read = guest && readBridgeRequest(request, 'follow')
    if (!guest || !read) return refuse(port, foreign())
    if ('refused' in read) return refuse(port, read.refused)
    const stop = guest.client.follow(read.path, read.params, {
      onEvent: frame => tell(port, { kind: 'event', frame }),
      onRefused: answer => refuse(port, answer),
    })
    const end = () => {
      stop()
      port.close()
    }
    port.on('close', end)
    guest.page.signal.addEventListener('abort', end, { once: true })
    port.start()
  })

  return {
    admit(contents, client) {
      const guest: Guest = { client, page: new AbortController() }
      guests.set(contents.id, guest)
      const turn = () => {
        guest.page.abort()
        guest.page = new AbortController()
      }
      contents.on('did-navigate', turn)
      contents.on('render-process-gone', turn)
      const leave = () => {
        if (!guests.delete(contents.id)) return
        guest.page.abort()
      }
      contents.once('destroyed', leave)
      return leave
    },
  }
}

const tell = (port: Port, message: FollowMessage) => port.postMessage(message)

function refuse(port: Port, answer: Body): void {
  port.start()
  tell(port, { kind: 'refused', answer })
}

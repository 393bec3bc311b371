import type { IpcMain, IpcMainEvent, IpcMainInvokeEvent, MessagePortMain, WebContents } from 'electron'
import { callChannel, type FollowMessage, followChannel } from '../contract/bridge-wire.ts'
import type { Dispose } from '../lib/dispose.ts'
import type { Logger } from '../lib/log.ts'
import { readBridgeRequest } from './bridge-request.ts'
import { type Body, refusal } from './door-answer.ts'
import type { DoorClient } from './door-client.ts'
import { isOwnPage } from './own-page.ts'

interface BridgeOptions {
  readonly ipc: Pick<IpcMain, 'handle' | 'on'>
  readonly log: Logger
}

export interface Bridge {
  /** Lets the page in this window use the client. What it waits for ends with the page. */
  admit(contents: WebContents, client: DoorClient): Dispose
}

interface Guest {
  readonly client: DoorClient
  /** Aborted and replaced when the page goes away or is loaded again. */
  page: AbortController
}

/**
 * The main side of `window.gantry`: one channel to call, one to follow. Who sent it, what it asks for and of what
 * form are checked here before the engine's door checks all of it again, as it does for everybody.
 */
export function createBridge({ ipc, log }: BridgeOptions): Bridge {
  const guests = new Map<number, Guest>()

  const guestOf = (event: IpcMainInvokeEvent | IpcMainEvent): Guest | undefined => {
    const guest = guests.get(event.sender.id)
    const frame = event.senderFrame
    if (guest && frame && frame.parent === null && isOwnPage(frame.url)) return guest
    log.warn('a message from a foreign frame was refused', { url: frame?.url })
    return undefined
  }
  const foreign = () => refusal(18, 'Only Gantry’s own page may use this bridge.')

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

const tell = (port: MessagePortMain, message: FollowMessage) => port.postMessage(message)

function refuse(port: MessagePortMain, answer: Body): void {
  port.start()
  tell(port, { kind: 'refused', answer })
}

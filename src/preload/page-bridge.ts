import {
  type BridgeRequest,
  callChannel,
  type FollowMessage,
  followChannel,
} from '../main/contract/bridge-wire.ts'
import type { Refusal } from '../main/contract/client.ts'

/** What we use of Electron's `ipcRenderer`. */
interface Wire {
  invoke(channel: string, request: BridgeRequest): Promise<unknown>
  postMessage(channel: string, request: BridgeRequest, transfer: MessagePort[]): void
}

type Listener = (frame: unknown) => void

/**
 * The one object a page has of Gantry: GotapiBridge (contract/client.ts) with nothing added but the wire. Checks
 * are made on the other side, where a page that was taken over cannot reach them.
 */
export function createPageBridge(wire: Wire) {
  return Object.freeze({
    call: async (route: string, params: unknown): Promise<unknown> => {
      try {
        return await wire.invoke(callChannel, { route, params })
      } catch (thrown) {
        return unsent(thrown)
      }
    },
    subscribe: (route: string, params: unknown, listener: Listener, onRefused?: Listener): (() => void) => {
      if (typeof listener !== 'function')
        throw new TypeError('subscribe needs a function to call with events')
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = ({ data }: MessageEvent<FollowMessage>) => {
        if (data.kind === 'event') return listener(data.frame)
        port1.close()
        onRefused?.(data.answer)
      }
      wire.postMessage(followChannel, { route, params }, [port2])
      return () => port1.close()
    },
  })
}

const unsent = (thrown: unknown): Refusal => ({
  result: 1,
  errorCode: 10,
  errorMessage: `The call could not be sent: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
  reason: 'request.invalid',
})

import type { HostMessage, PluginPort, PortEvents } from './plugin.ts'

/** The host's end of the line to a plug-in. What comes is whatever the other side sent. */
export interface HostPort {
  send(message: HostMessage): void
  onMessage(listener: (message: unknown) => void): void
  /** The other side is gone, asked for or not. Told once. */
  onClose(listener: (reason: string) => void): void
  /** Asks the other side to end, and sees to it that it does. */
  close(): Promise<void>
}

/** A plug-in in this process, behind the same wall of plain messages: nothing is shared, all is copied. */
export function createPortPair(): { readonly host: HostPort; readonly plugin: PluginPort } {
  const heard: { readonly [Name in keyof PortEvents]: ((event: PortEvents[Name]) => void)[] } = {
    message: [],
    close: [],
  }
  let toHost: (message: unknown) => void = () => {}
  const hostClosed: ((reason: string) => void)[] = []
  let unheard: HostMessage[] = []
  let open = true

  const end = (reason: string) => {
    if (!open) return
    open = false
    for (const listener of heard.close) listener(undefined)
    for (const listener of hostClosed) listener(reason)
  }
  const hear = (message: HostMessage) => {
    if (!open) return
    if (heard.message.length === 0) unheard.push(message)
    try {
      for (const listener of heard.message) listener(message)
    } catch (thrown) {
      end(`It failed: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
    }
  }

  return {
    host: {
      send(message) {
        const copy = structuredClone(message)
        queueMicrotask(() => hear(copy))
      },
      onMessage(listener) {
        toHost = listener
      },
      onClose(listener) {
        hostClosed.push(listener)
      },
      async close() {
        // What was sent before is heard before.
        await Promise.resolve()
        end('It was asked to end.')
      },
    },
    plugin: {
      send(message) {
        const copy = structuredClone(message)
        queueMicrotask(() => {
          if (open) toHost(copy)
        })
      },
      on(name, listener) {
        heard[name].push(listener)
        const early = unheard
        unheard = []
        for (const message of early) queueMicrotask(() => hear(message))
      },
      close: () => end('It ended by itself.'),
    },
  }
}

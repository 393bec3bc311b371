import { basename } from 'node:path'
import type {
  ChildExit,
  ChildOptions,
  ChildProcess,
  ChildProcesses,
} from '../../src/main/lib/child-process.ts'
import type { HostMessage, PluginMessage, RequestMessage } from '../../src/main/plugin-host/plugin.ts'
import { isRequest, refuse, respond } from './plugins.ts'

/** A process that is none: the test says what it sends, prints and ends with. */
export interface FakeChild extends ChildProcess {
  readonly module: string
  readonly options: ChildOptions
  /** Everything it was ever sent. */
  readonly heard: unknown[]
  say(message: unknown): void
  print(text: string): void
  end(exit: Partial<ChildExit>): void
  wasKilled(): boolean
}

/** `hear` is what the program in it does with a message. */
export function createFakeChild(
  module: string,
  options: ChildOptions,
  hear: (message: unknown, child: FakeChild) => void = () => undefined,
): FakeChild {
  const listeners = {
    message: new Set<(message: unknown) => void>(),
    output: new Set<(text: string) => void>(),
    exit: new Set<(exit: ChildExit) => void>(),
  }
  const heard: unknown[] = []
  let exited: ChildExit | undefined
  let isKilled = false
  const add = <Listener>(set: Set<Listener>, listener: Listener) => {
    set.add(listener)
    return () => {
      set.delete(listener)
    }
  }
  const child: FakeChild = {
    pid: undefined,
    module,
    options,
    heard,
    send(message) {
      if (exited) return
      const copy: unknown = structuredClone(message)
      heard.push(copy)
      queueMicrotask(() => {
        if (!exited) hear(copy, child)
      })
    },
    say(message) {
      const copy: unknown = structuredClone(message)
      queueMicrotask(() => {
        if (!exited) for (const listener of listeners.message) listener(copy)
      })
    },
    print(text) {
      for (const listener of listeners.output) listener(text)
    },
    end({ code, signal }) {
      if (exited) return
      exited = { code, signal }
      for (const listener of listeners.exit) listener(exited)
    },
    wasKilled: () => isKilled,
    onMessage: listener => add(listeners.message, listener),
    onOutput: listener => add(listeners.output, listener),
    onExit(listener) {
      if (exited) listener(exited)
      return add(listeners.exit, listener)
    },
    kill() {
      isKilled = true
      child.end({ signal: 'SIGKILL' })
    },
  }
  return child
}

export type ChildReply = (request: RequestMessage, child: FakeChild) => void

/**
 * Children that each carry a plug-in as `runner.js` does: they say that they live, and end when asked, as long as they
 * are not `stuck`. `replies` is by the name of the folder; discovery and approval are unknown to them.
 */
export function createPluginChildren(replies: Readonly<Record<string, ChildReply>>) {
  const children: FakeChild[] = []
  const stuck = new Set<FakeChild>()
  const processes: ChildProcesses = {
    fork(module, options) {
      const reply = replies[basename(options.dir ?? '')] ?? (() => undefined)
      const child = createFakeChild(module, options, (raw, at) => {
        if (stuck.has(at)) return
        const message = raw as HostMessage | { readonly action: 'CLOSE' }
        if (message.action === 'CLOSE') at.end({ code: 0 })
        else if (message.action === 'KEEPALIVE') {
          const { requestCode } = message
          at.say({ action: 'RESPONSE', requestCode, result: 0 } satisfies PluginMessage)
        } else if (!isRequest(message)) return
        else if (['networkServiceDiscovery', 'authorization'].includes(message.profile))
          at.say(refuse(message, 2))
        else reply(message, at)
      })
      children.push(child)
      return child
    },
  }
  return { processes, children, stuck }
}

/** Answers whatever is asked with this payload. */
export const saying =
  (payload: Readonly<Record<string, unknown>>): ChildReply =>
  (request, child) =>
    child.say(respond(request, payload))

import { EventEmitter } from 'node:events'
import type { FollowMessage } from '../../src/main/contract/bridge-wire.ts'
import type { Ipc } from '../../src/main/shell/bridge.ts'

/** One end of a subscription as the main process holds it; the test is the page at the other end. */
export function createFakePort() {
  const port = new EventEmitter()
  const messages: FollowMessage[] = []
  let isClosed = false
  let isStarted = false
  return Object.assign(port, {
    messages,
    isClosed: () => isClosed,
    isStarted: () => isStarted,
    postMessage(message: FollowMessage) {
      if (!isClosed) messages.push(structuredClone(message))
    },
    start() {
      isStarted = true
    },
    /** Either side may; the other is told, as Electron does it. */
    close() {
      if (isClosed) return
      isClosed = true
      port.emit('close')
    },
  })
}

/** A page's contents and the frames in it. */
export function createFakeContents(id: number) {
  return Object.assign(new EventEmitter(), {
    id,
    reloads: 0,
    crashes: 0,
    loaded: [] as string[],
    async loadURL(url: string) {
      this.loaded.push(url)
    },
    reload() {
      this.reloads += 1
    },
    forcefullyCrashRenderer() {
      this.crashes += 1
    },
  })
}

type Sent = Parameters<Parameters<Ipc['handle']>[1]>[0]
type FollowListener = Parameters<Ipc['on']>[1]

/** Messages to the main process. A channel without a listener answers as Electron does: with an error. */
export function createFakeIpc() {
  const handlers = new Map<string, Parameters<Ipc['handle']>[1]>()
  const listeners = new Map<string, FollowListener>()
  return {
    channels: () => [...handlers.keys(), ...listeners.keys()],
    handle(channel: string, answer: Parameters<Ipc['handle']>[1]) {
      handlers.set(channel, answer)
    },
    on(channel: string, listener: FollowListener) {
      listeners.set(channel, listener)
    },
    async invoke(channel: string, event: Sent, request: unknown) {
      const handler = handlers.get(channel)
      if (!handler) throw new Error(`No handler registered for '${channel}'`)
      return handler(event, structuredClone(request))
    },
    post(
      channel: string,
      event: Sent,
      request: unknown,
      ports: readonly ReturnType<typeof createFakePort>[],
    ) {
      listeners.get(channel)?.({ ...event, ports }, structuredClone(request))
    },
  }
}

/** A person who answers questions with the buttons they are told to press. */
export function createFakePerson(...presses: number[]) {
  const questions: { readonly message: string; readonly detail: string }[] = []
  return {
    questions,
    async showMessageBox(question: { readonly message: string; readonly detail: string }) {
      questions.push(question)
      return { response: presses.shift() ?? 0 }
    },
  }
}

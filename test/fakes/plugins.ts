import type { BuiltInPlugin } from '../../src/main/plugin-host/index.ts'
import type {
  HostMessage,
  PluginMessage,
  PluginPort,
  RequestMessage,
} from '../../src/main/plugin-host/plugin.ts'

/** Plug-ins that behave – some of them badly. Each speaks GotAPI-4 over the port like any other. */

export interface FakePlugin extends BuiltInPlugin {
  /** Everything the host ever sent it. */
  readonly heard: HostMessage[]
  /** Sends an EVENT, or whatever else a test wants on the line. */
  send(message: PluginMessage): void
  /** Falls over, as a process would. */
  crash(): void
}

export type Reply = (request: RequestMessage, port: PluginPort) => void

export const isRequest = (message: HostMessage): message is RequestMessage =>
  'requestCode' in message && message.action !== 'KEEPALIVE'

export function respond(request: RequestMessage, payload: Readonly<Record<string, unknown>>): PluginMessage {
  return { action: 'RESPONSE', requestCode: request.requestCode, result: 0, ...payload }
}

export function refuse(request: RequestMessage, errorCode: number): PluginMessage {
  return {
    action: 'RESPONSE',
    requestCode: request.requestCode,
    result: 1,
    errorCode,
    errorMessage: `fake refusal ${errorCode}`,
  }
}

/** A plug-in with one service `one` and one profile; `reply` answers what applications ask. */
export function createFakePlugin(
  id: string,
  reply: Reply,
  options: { readonly profile?: string; readonly approval?: Reply; readonly discovery?: Reply } = {},
): FakePlugin {
  const profile = options.profile ?? id
  const heard: HostMessage[] = []
  let port: PluginPort | undefined
  const services = [{ serviceId: 'one', name: `The ${id} service`, online: true, scopes: [profile] }]
  const approval = options.approval ?? createApproval()
  const discover = options.discovery ?? ((request, at) => at.send(respond(request, { services })))

  return {
    manifest: {
      id,
      name: `Fake ${id}`,
      version: '1.0.0',
      profiles: {
        [profile]: { swagger: '2.0', info: { title: profile, version: '1.0.0' }, paths: {} },
      },
      services: [],
    },
    heard,
    send: message => port?.send(message),
    crash: () => port?.close(),
    start(given) {
      port = given
      given.on('message', message => {
        heard.push(message)
        if (!isRequest(message)) return
        if (message.profile === 'networkServiceDiscovery') discover(message, given)
        else if (message.profile === 'authorization') approval(message, given)
        else reply(message, given)
      })
    },
  }
}

/** Lets everybody in; every client and every token has a name of its own. */
function createApproval(): Reply {
  let clients = 0
  let tokens = 0
  return (request, port) => {
    if (request.attribute === 'createClient') {
      clients += 1
      port.send(respond(request, { clientId: `client-${clients}` }))
    } else {
      tokens += 1
      port.send(respond(request, { accessToken: `token-${tokens}` }))
    }
  }
}

/** Says back what it was told. */
export const createEchoPlugin = (id = 'echo') =>
  createFakePlugin(id, (request, port) =>
    port.send(respond(request, { echo: { action: request.action, params: request.params } })),
  )

/** Hears everything, answers nothing – discovery neither, when `deaf`. */
export const createMutePlugin = (deaf = false) =>
  createFakePlugin('mute', () => {}, deaf ? { discovery: () => {} } : {})

/** Answers every call twice. */
export const createTwicePlugin = () =>
  createFakePlugin('twice', (request, port) => {
    port.send(respond(request, { answer: 'first' }))
    port.send(respond(request, { answer: 'second' }))
  })

/** Answers when told to, however late that is. */
export function createLatePlugin() {
  const waiting: (() => void)[] = []
  const plugin = createFakePlugin('late', (request, port) => {
    waiting.push(() => port.send(respond(request, { answer: 'at last' })))
  })
  return { plugin, answer: () => waiting.shift()?.() }
}

/** Answers with the right code and no sense otherwise. */
export const createRubbishPlugin = (rubbish: (requestCode: string) => unknown) =>
  createFakePlugin('rubbish', (request, port) => port.send(rubbish(request.requestCode) as PluginMessage))

/** Falls over when asked for anything. */
export const createCrashingPlugin = () => createFakePlugin('crashing', (_request, port) => port.close())

/** Lets nobody in, by the step and code given. */
export const createRefusingPlugin = (step: 'createClient' | 'requestAccessToken', errorCode: number) =>
  createFakePlugin('refusing', (request, port) => port.send(respond(request, {})), {
    approval: (request, port) =>
      request.attribute === step
        ? port.send(refuse(request, errorCode))
        : port.send(respond(request, { clientId: 'client-1', accessToken: 'token-1' })),
  })

/** Answers the first `times` deliveries with `errorCode`, then behaves. */
export function createForgetfulPlugin(errorCode: number, times: number) {
  let left = times
  return createFakePlugin('forgetful', (request, port) => {
    left -= 1
    port.send(left >= 0 ? refuse(request, errorCode) : respond(request, { token: request.accessToken }))
  })
}

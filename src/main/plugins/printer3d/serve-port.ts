import type { RouteSpec, ServiceKind } from '../../contract/route.ts'
import { routes } from '../../contract/routes.ts'
import { callPath } from '../../handlers/call-path.ts'
import { failureOf } from '../../handlers/failure.ts'
import { type Call, type RouteHandler, stays } from '../../handlers/handler.ts'
import { type Outcome, type Refusal, refusalOf, refuse, succeed } from '../../handlers/outcome.ts'
import { createRouteTable } from '../../handlers/route-table.ts'
import type { Logger } from '../../lib/log.ts'
import {
  approval,
  discovery,
  type HostMessage,
  type PluginPort,
  type RequestMessage,
  serviceChange,
} from '../../plugin-host/plugin.ts'
import { createFollowers } from './followers.ts'
import type { Services } from './services.ts'

/** How a refusal is told to who asked for this service. */
export type TellRefusal = (refusal: Refusal, call: Call) => Refusal

interface PortDeps {
  readonly services: Services
  readonly tellRefusal: TellRefusal
  /** Whoever had this token is not there any more: nothing that was kept for it stays. */
  readonly forget: (token: string) => void
  readonly log: Logger
  readonly uuid: () => string
  readonly handlers: readonly RouteHandler[]
}

interface Answer {
  readonly outcome: Outcome
  /** To be called when the answer has gone out. */
  readonly sent?: () => void
}

/** One that was forgotten is told so and made known anew (gotapi 7.4). */
const mostClients = 1_000

const discoveryKey = callPath(discovery).key

/**
 * The plug-in's side of GotAPI-4: discovery, approval, calls, and events until somebody is not there any more.
 * It hears and says what any other plug-in does; only how a call finds its handler is shared with the server.
 */
export function servePort(
  port: PluginPort,
  { services, log, uuid, handlers, tellRefusal, forget }: PortDeps,
): void {
  const tables = {
    printer: createRouteTable<RouteHandler>(),
    room: createRouteTable<RouteHandler>(),
    any: createRouteTable<RouteHandler>(),
  } satisfies Record<ServiceKind, unknown>
  for (const handler of handlers) {
    const { service = 'any' }: RouteSpec = routes[handler.route]
    tables[service].add(handler.route, handler)
  }
  const followers = createFollowers(port.send)
  /** Each with the tokens it was given. */
  const clients = new Map<string, string[]>()

  const answer = async (message: RequestMessage): Promise<Answer> => {
    const { action, serviceId, accessToken = '', params } = message
    const path = callPath(message)
    if (path.key === discoveryKey) return { outcome: succeed({ services: services.list() }) }
    if (path.profile === approval.profile) return { outcome: approve(message) }
    if (path.key === 'system/events') {
      followers.endAll(accessToken)
      return { outcome: succeed() }
    }
    const kind = serviceId === undefined ? 'any' : services.kindOf(serviceId)
    const found = tables[kind].resolve(action, path)
    if ('result' in found) return { outcome: found }
    const handler = found.item
    const call = callOf(message)
    const { owner }: RouteSpec = routes[handler.route]
    // The server has seen to it already; nobody gets past it because it once did not.
    if (owner && !call.caller.isOwner) return { outcome: ownersOnly }
    if (handler.kind === 'call') return { outcome: succeed(await handler.answer(params, call)) }
    if (action === 'PUT') return { outcome: succeed(), sent: await followers.start(message, handler, call) }
    followers.end(message)
    return { outcome: succeed() }
  }
  /** gotapi 7.4: whoever the owner let in is let in here too; the tokens tell followers apart. */
  const approve = (message: RequestMessage): Outcome => {
    const { attribute, clientId = '' } = message
    if (attribute === approval.createClient) {
      const id = uuid()
      const [oldest = ''] = clients.keys()
      if (clients.size >= mostClients) clients.delete(oldest)
      clients.set(id, [])
      return succeed({ clientId: id })
    }
    if (attribute === approval.forgetClient) return forgetClient(message)
    const tokens = clients.get(clientId)
    if (tokens === undefined) return refuse('auth.client-unknown', 'This client is not known.')
    const token = uuid()
    tokens.push(token)
    return succeed({ accessToken: token })
  }
  /** Its permission ended, or it was removed. One that was forgotten for others here has its last token still. */
  const forgetClient = ({ clientId = '', accessToken }: RequestMessage): Outcome => {
    const tokens = new Set([...(clients.get(clientId) ?? []), ...(accessToken ? [accessToken] : [])])
    clients.delete(clientId)
    for (const token of tokens) {
      followers.endAll(token)
      forget(token)
    }
    return succeed()
  }
  const failed = (thrown: unknown, message: RequestMessage): Answer => {
    const refusal = refusalOf(thrown, error =>
      log.error('a call to a printer failed by a mistake of ours', { error }),
    )
    return { outcome: tellRefusal(refusal, callOf(message)) }
  }

  const hear = (message: HostMessage) => {
    if (!('requestCode' in message)) {
      const { accessToken } = message
      if (message.action === 'EVENT_TRANSMIT_DISCONNECT' && accessToken) followers.endAll(accessToken)
      return
    }
    const { requestCode } = message
    const reply = ({ outcome, sent }: Answer) => {
      port.send({ action: 'RESPONSE', requestCode, ...responseOf(outcome) })
      sent?.()
    }
    if (message.action === 'KEEPALIVE') {
      reply({ outcome: succeed() })
      return
    }
    answer(message)
      .catch((thrown: unknown) => failed(thrown, message))
      .then(reply)
      .catch((error: unknown) => log.error('an answer could not be sent', { error }))
  }

  const stopWatching = services.watch(() => port.send({ action: 'EVENT', ...serviceChange }))
  port.on('message', hear)
  port.on('close', () => {
    followers.endAll()
    stopWatching()
  })
}

const ownersOnly = refuse('auth.scope-missing', 'Only the owner’s own programs may do this.')

const callOf = ({ serviceId = '', accessToken = '', origin = '', isOwner }: RequestMessage): Call => ({
  caller: { id: accessToken, origin, name: origin, isOwner: isOwner === true },
  serviceId,
  leaving: stays,
})

/** gotapi 7.2 and 3.5. Beside the number it says why, for the page's languages. */
function responseOf(outcome: Outcome) {
  if (outcome.result === 0) return { result: 0, ...outcome.payload }
  // It is not the application's own token that has ended: approval must not be asked for again.
  const isAboutParameters = outcome.code === 'contents.token-expired'
  return { result: 1, ...failureOf(outcome), ...(isAboutParameters && { about: 'parameters' as const }) }
}

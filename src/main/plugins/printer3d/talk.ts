import { type ErrorCode, toGantryError } from '../../contract/error.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Dispose } from '../../lib/dispose.ts'
import type { Logger } from '../../lib/log.ts'
import {
  approval,
  discovery,
  type HostMessage,
  type PluginPort,
  type RequestMessage,
  serviceChange,
} from '../../plugin-host/plugin.ts'
import type { Printers } from '../../printers/index.ts'
import { createFeeds } from './feeds.ts'
import type { Call, CallHandler, EventHandler, Handler } from './handlers.ts'
import { watchServices } from './service-watch.ts'
import { printerProfiles, roomId, roomProfiles, servicesOf } from './services.ts'

interface TalkDeps {
  readonly printers: Printers
  readonly clock: Clock
  readonly log: Logger
  readonly uuid: () => string
  readonly handlers: readonly Handler[]
}

type Answer = Readonly<Record<string, unknown>> & { readonly result: number }

/** GotAPI-4 on the port: discovery, approval, calls, and events until somebody is not there any more. */
export function startTalk(port: PluginPort, { printers, clock, log, uuid, handlers }: TalkDeps): void {
  const calls = new Map<string, CallHandler>()
  const topics = new Map<string, EventHandler>()
  for (const handler of handlers) {
    if (handler.kind === 'call') calls.set(handler.route.toLowerCase(), handler)
    else topics.set(handler.route.toLowerCase().replace('event ', ''), handler)
  }
  const profiles = new Set([...printerProfiles, ...roomProfiles])
  const following = new Map<string, { readonly token: string; readonly stop: Dispose }>()
  const clients = new Set<string>()
  const feeds = createFeeds()

  const unfollow = (key: string) => {
    following.get(key)?.stop()
    following.delete(key)
  }
  const unfollowAll = (token?: string) => {
    for (const [key, entry] of [...following]) if (token === undefined || entry.token === token) unfollow(key)
  }
  const follow = (topic: EventHandler, message: RequestMessage, key: string): Answer => {
    unfollow(key)
    const { profile, attribute, accessToken: token = '' } = message
    const serviceId = serviceOf(message)
    const place = { profile, serviceId, ...(attribute && { attribute }) }
    const own = { ...place, ...(token && { accessToken: token }) }
    let open = true
    // The latest result is told at once, but after the answer to the call that asked for it.
    const tell = (payload: Readonly<Record<string, unknown>>, address: typeof own) =>
      queueMicrotask(() => {
        if (open) port.send({ action: 'EVENT', ...payload, ...address })
      })
    const emit = (payload: Readonly<Record<string, unknown>>) => tell(payload, own)
    const way = topic.follow(callOf(message), emit)
    const placeKey = `${serviceId} ${topic.route}`
    const stops =
      typeof way === 'function'
        ? [feeds.apart(placeKey), way]
        : [feeds.join(placeKey, way, emit, payload => tell(payload, place))]
    following.set(key, {
      token,
      stop() {
        open = false
        for (const stop of stops) stop()
      },
    })
    return { result: 0 }
  }
  /** The room is no printer, and a printer is no room: `printers.get` says the rest. */
  const serviceOf = ({ serviceId = '', profile }: RequestMessage) => {
    const belongs = serviceId === roomId ? roomProfiles : printerProfiles
    if (serviceId !== roomId) printers.get(serviceId)
    return belongs.includes(profile.toLowerCase()) ? serviceId : ''
  }
  const callOf = (message: RequestMessage): Call => ({
    serviceId: serviceOf(message),
    params: message.params,
    origin: message.origin ?? '',
    application: message.accessToken ?? '',
  })

  const answer = async (message: RequestMessage): Promise<Answer> => {
    const { action, profile, attribute = '', accessToken = '' } = message
    const path = [profile, message.interface, attribute].filter(part => part !== undefined && part !== '')
    const place = path.join('/').toLowerCase()
    if (place === `${discovery.profile}/${discovery.attribute}`.toLowerCase()) {
      return { result: 0, services: servicesOf(printers.list()) }
    }
    if (profile === approval.profile) return approve(message)
    if (place === 'system/events') {
      unfollowAll(accessToken)
      return { result: 0 }
    }
    const call = calls.get(`${action} ${place}`.toLowerCase())
    if (call) {
      const payload = await call.answer(callOf(message))
      return { result: 0, ...payload }
    }
    const topic = topics.get(place)
    const key = `${accessToken} ${message.serviceId ?? ''} ${place}`
    if (topic && action === 'PUT') return follow(topic, message, key)
    if (topic && action === 'DELETE') {
      unfollow(key)
      return { result: 0 }
    }
    const exists = topic !== undefined || [...calls.keys()].some(each => each.endsWith(` ${place}`))
    if (exists) return refuse(3, `This part of ${profile} does not take ${action}.`)
    return profiles.has(profile.toLowerCase())
      ? refuse(4, `${profile} has no such part.`)
      : refuse(2, 'This plug-in knows only printers.')
  }
  /** gotapi 7.4: whoever the owner let in is let in here too; the tokens tell followers apart. */
  const approve = ({ attribute, clientId }: RequestMessage): Answer => {
    if (attribute === approval.createClient) {
      const id = uuid()
      clients.add(id)
      return { result: 0, clientId: id }
    }
    return clients.has(clientId ?? '')
      ? { result: 0, accessToken: uuid() }
      : refuse(15, 'This client is not known.')
  }

  const hear = (message: HostMessage) => {
    if (!('requestCode' in message)) {
      if (message.action === 'EVENT_TRANSMIT_DISCONNECT') {
        const token =
          'accessToken' in message && typeof message.accessToken === 'string' ? message.accessToken : ''
        if (token !== '') unfollowAll(token)
      }
      return
    }
    const { requestCode } = message
    const reply = (body: Answer) => port.send({ action: 'RESPONSE', requestCode, ...body })
    if (message.action === 'KEEPALIVE') {
      reply({ result: 0 })
      return
    }
    answer(message)
      .catch((thrown: unknown) => refusalOf(thrown, log))
      .then(reply)
      .catch((error: unknown) => log.error('an answer could not be sent', { error }))
  }

  const stopWatching = watchServices(printers, clock, () => {
    port.send({ action: 'EVENT', ...serviceChange })
  })
  port.on('message', hear)
  port.on('close', () => {
    unfollowAll()
    stopWatching()
  })
}

function refuse(errorCode: number, errorMessage: string): Answer {
  return { result: 1, errorCode, errorMessage }
}

/** gotapi 11.3 and 3.5; whatever is not named here is a state of the printer that forbids the call. */
const numbers: Partial<Record<ErrorCode, number>> = {
  'request.invalid': 10,
  'job.unknown': 10,
  'file.unknown': 10,
  'file.unreadable': 10,
  'store.conflict': 10,
  'printer.unknown': 6,
  'printer.unsupported': 8,
  'auth.denied': 11,
  'contents.unknown': 10,
  'contents.login-refused': 11,
  'contents.token-unknown': 10,
  'contents.token-expired': 12,
  'wire.timeout': 7,
  'internal.bug': 1,
}

function refusalOf(thrown: unknown, log: Logger): Answer {
  const error = toGantryError(thrown)
  if (error.code === 'internal.bug') {
    log.error('a call to a printer failed by a mistake of ours', { error })
    return refuse(1, 'Gantry made a mistake. Its log says more.')
  }
  const refusal = refuse(numbers[error.code] ?? 16, error.message)
  // Not the application's own token has ended: approval must not be asked for again.
  return error.code === 'contents.token-expired' ? { ...refusal, about: 'parameters' } : refusal
}

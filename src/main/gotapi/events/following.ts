import type { CallPath } from '../../handlers/call-path.ts'
import { audienceOf } from '../../handlers/caller.ts'
import { createFeeds } from '../../handlers/feeds.ts'
import type { Call, EventHandler, Payload } from '../../handlers/handler.ts'
import { type Outcome, refuse, succeed } from '../../handlers/outcome.ts'
import type { Logger } from '../../lib/log.ts'
import { pluginIdOf, type ServiceEvent, type ServiceHost } from '../../plugin-host/index.ts'
import { isOwner, type Member } from '../auth/client.ts'
import { createFrame, type Frame } from '../protocol/frame.ts'
import type { Lines, Registration } from './lines.ts'

type TextParams = Readonly<Record<string, string>>

/** What came of a PUT or DELETE, and what is to be done once its answer has gone out. */
export interface Followed {
  readonly outcome: Outcome
  readonly sent?: () => void
}

interface Wish {
  readonly member: Member
  readonly call: Call
  readonly params: TextParams
  /** As the application wrote it: frames must carry the same names (gotapi 9). */
  readonly path: CallPath
  /** As whoever answers knows it. */
  readonly target: CallPath
}

interface ServiceWish extends Wish {
  readonly serviceId: string
}

interface Entry extends Registration {
  readonly path: CallPath
  readonly serviceId: string | undefined
}

const tooMuch = () => refuse('auth.too-much', 'This application follows too much already.')

export type Following = ReturnType<typeof createFollowing>

/** PUT and DELETE of what can be followed, and the way of each event to those who follow it (gotapi 8.2). */
export function createFollowing(deps: {
  readonly log: Logger
  readonly lines: Lines
  readonly services: ServiceHost
}) {
  const { log, lines, services } = deps
  /** Who follows what, by path and service. */
  const followers = new Map<string, Set<Entry>>()
  const feeds = createFeeds()

  function enter(wish: Wish, key: string, serviceId?: string): Entry | undefined {
    const earlier = lines.registrations(wish.member).get(key)
    const entry: Entry = {
      key,
      member: wish.member,
      profile: wish.path.profile.toLowerCase(),
      path: wish.path,
      serviceId,
      isOpen: false,
      held: undefined,
      stop: undefined,
    }
    if (earlier) dropFollower(earlier)
    if (!lines.add(wish.member, entry)) return undefined
    earlier?.stop?.()
    const set = followers.get(key) ?? new Set()
    followers.set(key, set.add(entry))
    return entry
  }

  function dropFollower(registration: Registration): void {
    const set = followers.get(registration.key)
    for (const entry of set ?? []) if (entry === registration) set?.delete(entry)
    if (set?.size === 0) followers.delete(registration.key)
  }

  function opened(entry: Entry): () => void {
    return () => {
      entry.isOpen = true
      lines.release(entry)
    }
  }

  function ended(member: Member, key: string): Followed {
    const registration = lines.registrations(member).get(key)
    if (!registration) return { outcome: succeed() }
    lines.remove(registration)
    return { outcome: succeed(), sent: () => lines.closeIfDone(member) }
  }

  async function startTopic(wish: Wish, handler: EventHandler): Promise<Followed> {
    const key = wish.target.key
    const isNew = !lines.registrations(wish.member).has(key)
    const entry = enter(wish, key)
    if (!entry) return { outcome: tooMuch() }
    const tell = (payload: Payload) => lines.deliver(entry, createFrame(wish.path, undefined, payload))
    try {
      entry.stop = feeds.add(key, await handler.follow(wish.params, wish.call, tell), tell)
    } catch (thrown) {
      lines.remove(entry)
      throw thrown
    }
    // The application left while the topic was being set up.
    if (lines.registrations(wish.member).get(key) !== entry) entry.stop()
    log.debug('following', { origin: wish.call.caller.origin, path: key, isNew })
    return { outcome: succeed(), sent: opened(entry) }
  }

  async function startService(wish: ServiceWish): Promise<Followed> {
    const key = `${wish.target.key} ${wish.serviceId}`
    const earlier = lines.registrations(wish.member).get(key)
    const entry = enter(wish, key, wish.serviceId)
    if (!entry) return { outcome: tooMuch() }
    // Until the answer is out, events of a registration that stood before go on.
    entry.isOpen = earlier?.isOpen ?? false
    const outcome = await callService(services, 'PUT', wish, true)
    if (outcome.result !== 0) {
      lines.remove(entry)
      return { outcome }
    }
    return { outcome, sent: opened(entry) }
  }

  async function endService(wish: ServiceWish, isKnown: boolean): Promise<Followed> {
    const key = `${wish.target.key} ${wish.serviceId}`
    const registration = lines.registrations(wish.member).get(key)
    if (!registration && isKnown) return { outcome: succeed() }
    const outcome = await callService(services, 'DELETE', wish, true)
    return { outcome, ...(registration && { sent: ended(wish.member, key).sent }) }
  }

  /** gotapi 6: everything the application follows ends. */
  function endAll(member: Member): { sent?: () => void } {
    const all = [...lines.registrations(member).values()]
    for (const registration of all) lines.remove(registration)
    return all.length === 0 ? {} : { sent: () => lines.closeIfDone(member) }
  }

  /** gotapi 7.4: it may not use this plug-in any more. */
  function endPlugin(member: Member, pluginId: string): void {
    const through = [...followers.values()]
      .flatMap(set => [...set])
      .filter(({ member: who, serviceId = '' }) => who === member && pluginIdOf(serviceId) === pluginId)
    for (const entry of through) lines.remove(entry)
    if (through.length > 0) lines.closeIfDone(member)
  }

  function publish(event: ServiceEvent): void {
    const names = [event.profile, event.interface, event.attribute].filter(name => name !== undefined)
    const set = followers.get(`${names.join('/').toLowerCase()} ${event.serviceId}`)
    if (!set) return
    let frame: Frame | undefined
    let lastPath: CallPath | undefined
    for (const entry of set) {
      if (event.callerId !== undefined && event.callerId !== entry.member.client.id) continue
      if (event.audience !== undefined && event.audience !== audienceOf(isOwner(entry.member))) continue
      if (!frame || !lastPath || !isSameSpelling(entry.path, lastPath)) {
        frame = createFrame(entry.path, event.serviceId, event.payload)
        lastPath = entry.path
      }
      lines.deliver(entry, frame)
    }
  }

  return { startTopic, endTopic: ended, startService, endService, endAll, endPlugin, publish, dropFollower }
}

export function callService(
  services: ServiceHost,
  action: 'GET' | 'PUT' | 'POST' | 'DELETE',
  wish: ServiceWish,
  follows = false,
): Promise<Outcome> {
  const { target, call, serviceId, params } = wish
  return services.call(
    {
      action,
      caller: call.caller,
      serviceId,
      params: withoutServerParams(params),
      follows,
      profile: target.profile,
      ...(target.interface !== undefined && { interface: target.interface }),
      ...(target.attribute !== undefined && { attribute: target.attribute }),
    },
    call.leaving(),
  )
}

/** gotapi 10.4: the application's token never reaches a plug-in. */
function withoutServerParams(params: TextParams): TextParams {
  const { accessToken: _token, serviceId: _service, nonce: _nonce, key: _key, ...rest } = params
  return rest
}

const isSameSpelling = (a: CallPath, b: CallPath) =>
  a === b || (a.profile === b.profile && a.interface === b.interface && a.attribute === b.attribute)

import type { CallPath } from '../../handlers/call-path.ts'
import { audienceOf } from '../../handlers/caller.ts'
import { createFeeds } from '../../handlers/feeds.ts'
import type { Call, EventHandler, Payload } from '../../handlers/handler.ts'
import { type Outcome, refuse, succeed } from '../../handlers/outcome.ts'
import type { TextParams } from '../../handlers/read-params.ts'
import type { Logger } from '../../lib/log.ts'
import { pluginIdOf, type ServiceEvent, type ServiceHost } from '../../plugin-host/index.ts'
import { isOwner, type Member } from '../auth/client.ts'
import { createFrame, type Frame } from '../protocol/frame.ts'
import { callService, type ServiceWish } from './call-service.ts'
import type { Lines, Registration } from './lines.ts'
import { createTurns } from './turns.ts'

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
  /** Absent for what Gantry answers itself. */
  readonly serviceId?: string
}

type FollowWish = Wish & ServiceWish

const tooMuch = () => refuse('auth.too-much', 'This application follows too much already.')
const overTaken = () => refuse('cancelled', 'What this application followed ended while this was under way.')

export type Following = ReturnType<typeof createFollowing>

/** PUT and DELETE of what can be followed, and the way of each event to those who follow it (gotapi 8.2). */
export function createFollowing(deps: {
  readonly log: Logger
  readonly lines: Lines
  readonly services: ServiceHost
}) {
  const { log, lines, services } = deps
  /** Who follows what, by place. */
  const followers = new Map<string, Set<Registration>>()
  const feeds = createFeeds()
  const turns = createTurns()

  /** Calls about one place take effect in the order they came; what ended all of it ended those that wait, too. */
  function inTurn(wish: Wish, work: () => Promise<Followed>): Promise<Followed> {
    const { member } = wish
    const life = lines.life(member)
    return turns.take(`${member.client.id} ${placeOf(wish)}`, async () =>
      lines.life(member) === life ? work() : { outcome: overTaken() },
    )
  }

  const registered = (wish: Wish): Registration | undefined =>
    lines.registrations(wish.member).get(keyOf(wish))

  function enter(wish: Wish): Registration | undefined {
    const entry: Registration = {
      key: keyOf(wish),
      place: placeOf(wish),
      member: wish.member,
      profile: wish.path.profile.toLowerCase(),
      path: wish.path,
      params: wish.params,
      serviceId: wish.serviceId,
      isOpen: false,
      held: undefined,
      stop: undefined,
    }
    if (!lines.add(wish.member, entry)) return undefined
    const set = followers.get(entry.place) ?? new Set()
    followers.set(entry.place, set.add(entry))
    return entry
  }

  function dropFollower(entry: Registration): void {
    const set = followers.get(entry.place)
    set?.delete(entry)
    if (set?.size === 0) followers.delete(entry.place)
  }

  /** The same application's, under the other name. */
  const othersAt = ({ member, place, key }: Registration): readonly Registration[] =>
    [...(followers.get(place) ?? [])].filter(other => other.member === member && other.key !== key)

  function begun(entry: Registration, wish: Wish, payload: Payload = {}): Followed {
    entry.path = wish.path
    entry.params = wish.params
    const isHeard = lines.isLive(entry.member)
    return {
      outcome: succeed(isHeard ? payload : { ...payload, line: false }),
      sent() {
        if (!lines.has(entry)) return
        entry.isOpen = true
        lines.release(entry)
      },
    }
  }

  function ended(entry: Registration): () => void {
    lines.remove(entry)
    return () => lines.closeIfDone(entry.member)
  }

  const startTopic = (wish: Wish, handler: EventHandler) =>
    inTurn(wish, async () => {
      const earlier = registered(wish)
      const entry = earlier ?? enter(wish)
      if (!entry) return { outcome: tooMuch() }
      const tell = (payload: Payload) => lines.deliver(entry, createFrame(wish.path, undefined, payload))
      try {
        const stop = feeds.add(entry.place, await handler.follow(wish.params, wish.call, tell), tell)
        // The application left while the topic was being set up.
        if (!lines.has(entry)) {
          stop()
          return { outcome: overTaken() }
        }
        entry.stop?.()
        entry.stop = stop
      } catch (thrown) {
        if (!earlier) lines.remove(entry)
        throw thrown
      }
      log.debug('following', { origin: wish.call.caller.origin, path: entry.key, isNew: !earlier })
      return begun(entry, wish)
    })

  const endTopic = (wish: Wish) =>
    inTurn(wish, async () => {
      const entry = registered(wish)
      return { outcome: succeed(), ...(entry && { sent: ended(entry) }) }
    })

  /** The plug-in hears nothing of a PUT whose registration ended before it came to be sent. */
  async function putWhile(entry: Registration, wish: FollowWish): Promise<Outcome> {
    const over = new AbortController()
    const end = () => over.abort()
    const leaving = wish.call.leaving()
    leaving.addEventListener('abort', end, { once: true })
    if (leaving.aborted) end()
    entry.stop = end
    try {
      return await callService(services, 'PUT', wish, true, over.signal)
    } finally {
      leaving.removeEventListener('abort', end)
    }
  }

  const startService = (wish: FollowWish) =>
    inTurn(wish, async () => {
      const earlier = registered(wish)
      const entry = earlier ?? enter(wish)
      if (!entry) return { outcome: tooMuch() }
      const asked = { ...wish, params: atItsPace(wish.params, othersAt(entry)) }
      const outcome = await putWhile(entry, asked)
      if (!lines.has(entry)) return { outcome: overTaken() }
      if (outcome.result === 0) return begun(entry, wish, outcome.payload)
      if (!earlier) lines.remove(entry)
      return { outcome }
    })

  const endService = (wish: FollowWish, isKnown: boolean) =>
    inTurn(wish, async () => {
      const entry = registered(wish)
      if (isKnown && !entry) return { outcome: succeed() }
      // The plug-in knows one registration where the application has two under two names.
      if (entry && othersAt(entry).length > 0) return { outcome: succeed(), sent: ended(entry) }
      const outcome = await callService(services, 'DELETE', wish, true)
      return { outcome, ...(entry && { sent: ended(entry) }) }
    })

  /** gotapi 6: everything the application follows ends. */
  function endAll(member: Member): { sent?: () => void } {
    return lines.removeAll(member) ? { sent: () => lines.closeIfDone(member) } : {}
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

  return { startTopic, endTopic, startService, endService, endAll, endPlugin, publish, dropFollower }
}

/** gotapi 8.2: the service with case, the rest without. */
const at = ({ key }: CallPath, serviceId: string | undefined) =>
  serviceId === undefined ? key : `${key} ${serviceId}`
const keyOf = ({ path, serviceId }: Wish) => at(path, serviceId)
const placeOf = ({ target, serviceId }: Wish) => at(target, serviceId)

/** Whoever answers knows one pace for the place: under none of its names is anything heard less often than wished for. */
function atItsPace(params: TextParams, others: readonly Registration[]): TextParams {
  const { interval, ...rest } = params
  if (interval === undefined || others.length === 0) return params
  const intervals = [interval, ...others.map(({ params: { interval: other = '0' } }) => other)].map(Number)
  const shortest = Math.min(...intervals)
  return shortest > 0 ? { ...rest, interval: String(shortest) } : rest
}

const isSameSpelling = (a: CallPath, b: CallPath) =>
  a === b || (a.profile === b.profile && a.interface === b.interface && a.attribute === b.attribute)

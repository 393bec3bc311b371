import { hash, timingSafeEqual } from 'node:crypto'
import type { Caller } from '../../handlers/caller.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Dispose } from '../../lib/dispose.ts'
import { createEmitter } from '../../lib/emitter.ts'
import type { Logger } from '../../lib/log.ts'
import type { AccessStore } from './access-store.ts'
import { type Client, type Grant, identityOf, type PluginPermission } from './client.ts'
import { limits } from './limits.ts'

/** A client with everything that changes about it. */
export interface Member {
  client: Client
  readonly since: number
  grant: Grant | undefined
  /** The key by which answers to it are signed, text mode (gotapi 10.3). */
  answerKey: string | undefined
  requestsToday: number
  /** By the plug-in's id. */
  readonly plugins: Map<string, PluginPermission>
}

export type EndReason = 'a new grant' | 'taken back' | 'unused' | 'visit over'

export interface ClientEvents {
  ended: { readonly member: Member; readonly reason: EndReason }
  /** It may not use this plug-in any more. */
  pluginEnded: { readonly member: Member; readonly pluginId: string }
  changed: undefined
}

export type Clients = ReturnType<typeof createClients>

export interface ClientsDeps {
  readonly clock: Clock
  readonly log: Logger
  readonly random: (sizeBytes: number) => Uint8Array
  readonly store: AccessStore
}

/** Who was let in. Memory answers every call; the database is written when something changes and every few seconds. */
export function createClients({ clock, log, random, store }: ClientsDeps) {
  const emitter = createEmitter<ClientEvents>(error => log.error('a listener of clients failed', { error }))
  const byId = new Map<string, Member>()
  const byIdentity = new Map<string, Member>()
  const byToken = new Map<string, Member>()
  let today = dayAround(clock.now())
  const used = new Set<Member>()

  const hex = (sizeBytes: number) => Buffer.from(random(sizeBytes)).toString('hex')

  function load(): void {
    for (const { client, grant, answerKey, requestsToday, plugins } of store.clients(today.name)) {
      const known = new Map(plugins.map(permission => [permission.pluginId, permission]))
      enter({ client, since: grant.issuedAt, grant, answerKey, requestsToday, plugins: known })
    }
  }

  function enter(member: Member): void {
    byId.set(member.client.id, member)
    byIdentity.set(identityOf(member.client.origin, member.client.device), member)
    if (member.grant) byToken.set(member.grant.tokenHash, member)
  }

  /** gotapi 4.2: the earlier client of the same identity ends, and its token. */
  function create(origin: string, device: string): Client {
    const earlier = byIdentity.get(identityOf(origin, device))
    if (earlier) end(earlier, 'a new grant')
    const client = { id: hex(16), origin, device, name: origin }
    const plugins = new Map<string, PluginPermission>()
    enter({ client, since: clock.now(), grant: undefined, answerKey: undefined, requestsToday: 0, plugins })
    dropSurplus()
    return client
  }

  /** gotapi 10.4: 32 random bytes; only their hash stays. A token before this one ends. */
  function issue(
    member: Member,
    given: {
      readonly name: string
      readonly scopes: ReadonlyMap<string, number>
      readonly isVisit: boolean
      readonly isInvited: boolean
      readonly answerKey: string | undefined
    },
  ): string {
    if (member.grant) byToken.delete(member.grant.tokenHash)
    const token = hex(32)
    const nowAt = clock.now()
    const grant: Grant = {
      tokenHash: hashOf(token),
      issuedAt: nowAt,
      usedAt: nowAt,
      isVisit: given.isVisit,
      isInvited: given.isInvited,
      scopes: given.scopes,
    }
    member.client = { ...member.client, name: given.name }
    member.grant = grant
    member.answerKey = given.answerKey
    byToken.set(grant.tokenHash, member)
    for (const { pluginId, isOnce } of [...member.plugins.values()]) if (isOnce) endPlugin(member, pluginId)
    if (given.isVisit) store.remove(member.client.id)
    else store.save(member.client, grant, member.answerKey, [...member.plugins.values()])
    emitter.emit('changed', undefined)
    return token
  }

  function end(member: Member, reason: EndReason): void {
    if (byId.get(member.client.id) !== member) return
    byId.delete(member.client.id)
    byIdentity.delete(identityOf(member.client.origin, member.client.device))
    if (member.grant) byToken.delete(member.grant.tokenHash)
    used.delete(member)
    if (member.grant && !member.grant.isVisit) store.remove(member.client.id)
    log.info('application ended', { origin: member.client.origin, reason })
    emitter.emit('ended', { member, reason })
    emitter.emit('changed', undefined)
  }

  /** False when it was let in anew, or ended, since `grant` asked. */
  function allowPlugin(member: Member, grant: Grant, permission: PluginPermission): boolean {
    if (byId.get(member.client.id) !== member || member.grant !== grant) return false
    member.plugins.set(permission.pluginId, permission)
    if (!permission.isOnce && !grant.isVisit) store.savePlugin(member.client.id, permission)
    emitter.emit('changed', undefined)
    return true
  }

  function endPlugin(member: Member, pluginId: string): boolean {
    if (!member.plugins.delete(pluginId)) return false
    store.removePlugin(member.client.id, pluginId)
    log.info('application may not use a plug-in any more', { origin: member.client.origin, plugin: pluginId })
    emitter.emit('pluginEnded', { member, pluginId })
    emitter.emit('changed', undefined)
    return true
  }

  function find(token: string): Member | undefined {
    const tokenHash = hashOf(token)
    const member = byToken.get(tokenHash)
    if (!member?.grant) return undefined
    return timingSafeEqual(Buffer.from(tokenHash), Buffer.from(member.grant.tokenHash)) ? member : undefined
  }

  function countUse(member: Member): void {
    turnDay()
    member.requestsToday += 1
    if (member.grant) member.grant.usedAt = clock.now()
    used.add(member)
  }

  function turnDay(): void {
    const nowAt = clock.now()
    if (nowAt < today.endsAt && nowAt >= today.startsAt) return
    flush()
    today = dayAround(nowAt)
    for (const member of byId.values()) member.requestsToday = 0
  }

  function flush(): void {
    if (used.size === 0) return
    const uses = [...used].flatMap(({ client, grant, requestsToday }) =>
      grant && !grant.isVisit ? [{ clientId: client.id, usedAt: grant.usedAt, requests: requestsToday }] : [],
    )
    used.clear()
    try {
      if (uses.length > 0) store.count(today.name, uses)
    } catch (error) {
      // Counting is for the owner's eyes; a full disk must not stop anybody from printing.
      log.warn('use of applications could not be written', { error })
    }
  }

  /** gotapi 4.2: what nobody uses goes. */
  function sweep(): void {
    turnDay()
    const nowAt = clock.now()
    for (const member of [...byId.values()]) {
      const { grant } = member
      if (!grant) {
        if (nowAt - member.since > limits.decisionMs * 10) end(member, 'unused')
        continue
      }
      const lastEnd = Math.max(...grant.scopes.values())
      if (grant.isVisit && nowAt > lastEnd) end(member, 'visit over')
      else if (nowAt - grant.usedAt > limits.clientUnusedMs) end(member, 'unused')
      else if (nowAt > lastEnd && nowAt - grant.usedAt > limits.tokenUnusedMs) end(member, 'unused')
    }
  }

  /** Those who were never let in go first, then the one unused longest. */
  function dropSurplus(): void {
    if (byId.size <= limits.clients) return
    const rank = ({ grant, since }: Member) => (grant ? grant.usedAt + 1e15 : since)
    const worst = [...byId.values()].sort((a, b) => rank(a) - rank(b))[0]
    if (worst) end(worst, 'unused')
  }

  const stops: Dispose[] = []
  return {
    start() {
      load()
      stops.push(clock.every(limits.sweepMs, 'gotapi: unused clients', sweep))
      stops.push(clock.every(limits.flushUseMs, 'gotapi: count use', flush))
    },
    stop() {
      for (const stop of stops.splice(0)) stop()
      flush()
    },
    create,
    issue,
    end,
    allowPlugin,
    endPlugin,
    find,
    countUse,
    /** Of all applications together, today: a number to see by whether there was any use. */
    usesToday(): number {
      turnDay()
      let uses = 0
      for (const { requestsToday } of byId.values()) uses += requestsToday
      return uses
    },
    byId: (id: string) => byId.get(id),
    byIdentity: (origin: string, device: string) => byIdentity.get(identityOf(origin, device)),
    list: () => [...byId.values()],
    on: emitter.on,
  }
}

const hashOf = (token: string) => hash('sha256', token, 'hex')

/** The owner's own day: the one their clock on the wall shows. */
function dayAround(at: number) {
  const date = new Date(at)
  const midnight = (plusDays: number) =>
    new Date(date.getFullYear(), date.getMonth(), date.getDate() + plusDays).getTime()
  const name = [date.getFullYear(), date.getMonth() + 1, date.getDate()]
    .map(part => String(part).padStart(2, '0'))
    .join('-')
  return { name, startsAt: midnight(0), endsAt: midnight(1) }
}

/** Who it is, for whoever answers its calls. */
export const callerOf = (member: Member): Caller => ({
  id: member.client.id,
  origin: member.client.origin,
  name: member.client.name,
  isOwner: isOwner(member),
})

/** As its token stands now: a client may be let in anew, and differently. */
export const isOwner = ({ grant }: Member): boolean => grant?.isInvited === true

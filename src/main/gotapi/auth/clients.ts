import { hash } from 'node:crypto'
import type { Clock } from '../../lib/clock.ts'
import type { Dispose } from '../../lib/dispose.ts'
import { createEmitter } from '../../lib/emitter.ts'
import type { Logger } from '../../lib/log.ts'
import type { AccessStore } from './access-store.ts'
import type { Asker } from './asker.ts'
import { type Client, type Grant, identityOf, isKept, type Member, type PluginPermission } from './client.ts'
import { limits } from './limits.ts'
import { createRoster } from './roster.ts'
import { endOfDisuse, type IsLive, surplusOfAsking, surplusOfLetIn } from './surplus.ts'
import { createTakenBack, type TakenBack } from './taken-back.ts'
import { createUseCount } from './use-count.ts'

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
  readonly isLive: IsLive
}

interface Given {
  readonly name: string
  readonly scopes: ReadonlyMap<string, number>
  readonly isVisit: boolean
  readonly isInvited: boolean
  readonly answerKey: string | undefined
}

/**
 * Who was let in. Memory answers every call. What gives somebody something is written first, and where that fails
 * nothing has happened; what takes something from somebody happens even where it cannot be written.
 */
export function createClients({ clock, log, random, store, isLive }: ClientsDeps) {
  const emitter = createEmitter<ClientEvents>(error => log.error('a listener of clients failed', { error }))
  const changed = () => emitter.emit('changed', undefined)
  const roster = createRoster()
  const takenBack = createTakenBack({ clock, log, store, changed })
  const use = createUseCount({ clock, log, store, members: roster.all })

  const hex = (sizeBytes: number) => Buffer.from(random(sizeBytes)).toString('hex')

  function load(): void {
    for (const { plugins, ...known } of store.clients(use.today())) {
      const permissions = new Map(plugins.map(permission => [permission.pluginId, permission]))
      roster.enter({ ...known, since: known.grant.issuedAt, plugins: permissions, questions: 0 })
    }
  }

  /** gotapi 4.2. Whoever has a token keeps it until this one gets its own: asking alone changes nothing. */
  function create({ origin, via }: Asker, device: string): Client {
    const client = { id: hex(16), origin, device, via, name: origin }
    const member: Member = {
      client,
      since: clock.now(),
      grant: undefined,
      answerKey: undefined,
      keepsLine: false,
      requestsToday: 0,
      plugins: new Map(),
      questions: 0,
    }
    roster.enter(member)
    for (const other of surplusOfAsking(roster.all(), member)) end(other, 'a new grant')
    return client
  }

  /** gotapi 10.4: 32 random bytes; only their hash stays. A token before this one ends, the earlier client's too. */
  function issue(member: Member, given: Given): string {
    const token = hex(32)
    const { name, isVisit, isInvited, scopes, answerKey } = given
    const nowAt = clock.now()
    const tokenHash = hashOf(token)
    const grant: Grant = { tokenHash, issuedAt: nowAt, usedAt: nowAt, isVisit, isInvited, scopes }
    const client = { ...member.client, name }
    const earlier = roster.letIn(identityOf(client))
    const permissions = [...member.plugins.values()]
    // What the owner said of this application, not of its token: it begins anew with each page that loads.
    const { keepsLine } = earlier ?? member
    if (isVisit) store.removeIdentity(client)
    else {
      const plugins = permissions.filter(each => !each.isOnce)
      store.save({ client, grant, answerKey, keepsLine, plugins })
    }

    roster.leave(member)
    member.client = client
    member.grant = grant
    member.answerKey = answerKey
    member.keepsLine = keepsLine
    roster.enter(member)
    if (earlier && earlier !== member) drop(earlier, 'a new grant')
    for (const { pluginId, isOnce } of permissions) if (isOnce) dropPlugin(member, pluginId)
    const surplus = surplusOfLetIn(roster.all(), member, isLive)
    if (surplus) end(surplus, 'unused')
    changed()
    return token
  }

  /** False when it is over now, but the disk did not take that: a restart before it does would bring it back. */
  function end(member: Member, reason: EndReason): boolean {
    if (!roster.has(member)) return true
    const isWritten = !isKept(member) || takenBack.write([endOf(member)])
    drop(member, reason)
    changed()
    return isWritten
  }

  function drop(member: Member, reason: EndReason): void {
    roster.leave(member)
    use.forget(member)
    log.info('application ended', { origin: member.client.origin, reason })
    emitter.emit('ended', { member, reason })
  }

  function keepLine(member: Member, keepsLine: boolean): void {
    if (isKept(member)) store.saveKeepsLine(member.client.id, keepsLine)
    member.keepsLine = keepsLine
    changed()
  }

  /** False when it was let in anew, or ended, since `grant` asked. */
  function allowPlugin(member: Member, grant: Grant, permission: PluginPermission): boolean {
    if (!roster.has(member) || member.grant !== grant) return false
    if (!permission.isOnce && isKept(member)) {
      store.savePlugin(member.client.id, permission)
      takenBack.isGiven(member.client.id, permission.pluginId)
    }
    member.plugins.set(permission.pluginId, permission)
    changed()
    return true
  }

  /** For all of them at once, so that a disk that refuses does so once. False as with `end`. */
  function endPlugins(which: (member: Member, permission: PluginPermission) => boolean): boolean {
    const ends = roster
      .all()
      .flatMap(member => [...member.plugins.values()].map(permission => ({ member, permission })))
      .filter(({ member, permission }) => which(member, permission))
    const kept = ends.filter(({ member, permission }) => isKept(member) && !permission.isOnce)
    const isWritten = takenBack.write(kept.map(({ member, permission }) => endOf(member, permission)))
    for (const { member, permission } of ends) dropPlugin(member, permission.pluginId)
    if (ends.length > 0) changed()
    return isWritten
  }

  function dropPlugin(member: Member, pluginId: string): void {
    member.plugins.delete(pluginId)
    log.info('application may not use a plug-in any more', { origin: member.client.origin, plugin: pluginId })
    emitter.emit('pluginEnded', { member, pluginId })
  }

  const endOf = ({ client }: Member, permission?: PluginPermission): TakenBack => ({
    clientId: client.id,
    origin: client.origin,
    name: client.name,
    ...(permission && { plugin: { id: permission.pluginId, name: permission.name } }),
    since: clock.now(),
  })

  function sweep(): void {
    use.turnDay()
    const nowAt = clock.now()
    for (const member of roster.all()) {
      const reason = endOfDisuse(member, nowAt, isLive)
      if (reason) end(member, reason)
    }
  }

  /** While this waits for the owner, nothing but the owner ends the client. */
  async function whileAsked<T>(member: Member, work: () => Promise<T>): Promise<T> {
    member.questions += 1
    try {
      return await work()
    } finally {
      member.questions -= 1
    }
  }

  const stops: Dispose[] = []
  return {
    start() {
      load()
      stops.push(clock.every(limits.sweepMs, 'gotapi: unused clients', sweep))
      stops.push(clock.every(limits.flushUseMs, 'gotapi: count use', use.flush))
    },
    stop() {
      for (const stop of stops.splice(0)) stop()
      takenBack.stop()
      // A disk that refused that refuses this as well, and each try may take seconds.
      if (takenBack.list().length === 0) use.flush()
    },
    create,
    issue,
    end,
    keepLine,
    allowPlugin,
    endPlugins,
    whileAsked,
    /**
     * Whose token this is, if it comes from where it was given. Found by its hash: how long that takes tells nothing
     * about the token, so there is nothing left to compare in constant time (gotapi 10.4).
     */
    find(token: string, { origin, via }: Asker): Member | undefined {
      const member = roster.byToken(hashOf(token))
      return member?.client.origin === origin && member.client.via === via ? member : undefined
    },
    countUse: use.count,
    usesToday: use.total,
    has: roster.has,
    byId: roster.byId,
    /** The application of this origin that has a token, if one has; no viewer of Gantry's own pages. */
    letIn: ({ origin, via }: Asker) => roster.letIn(identityOf({ origin, via, device: '' })),
    list: roster.all,
    unwritten: takenBack.list,
    on: emitter.on,
  }
}

const hashOf = (token: string) => hash('sha256', token, 'hex')

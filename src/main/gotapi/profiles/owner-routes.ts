import { GantryError } from '../../contract/error.ts'
import type { RouteResult } from '../../contract/routes.ts'
import { answers, follows, type Handler } from '../../handlers/handler.ts'
import type { Clock } from '../../lib/clock.ts'
import { createCoalescer } from '../../lib/coalesce.ts'
import { createEmitter } from '../../lib/emitter.ts'
import type { Logger } from '../../lib/log.ts'
import type { AccessStore } from '../auth/access-store.ts'
import type { AnswerKeys } from '../auth/answer-keys.ts'
import type { Member } from '../auth/client.ts'
import type { Clients } from '../auth/clients.ts'
import { allScope, everyScope } from '../auth/scope.ts'
import type { Silence } from '../auth/silence.ts'
import type { Lines } from '../events/lines.ts'

export interface OwnerRoutesDeps {
  readonly clock: Clock
  readonly log: Logger
  readonly clients: Clients
  readonly keys: AnswerKeys
  readonly silence: Silence
  readonly store: AccessStore
  readonly lines: () => Lines
}

type Apps = RouteResult<'GET apps'>

/** Changes come in bursts: a page that loads makes a client, a line and a dozen registrations at once. */
const APPS_COALESCE_MS = 250
const USE_TELL_MS = 2_000

/** What the owner does about permissions: the screen of applications. */
export function createOwnerRoutes(deps: OwnerRoutesDeps) {
  const { clock, clients, keys, silence, store } = deps
  const emitter = createEmitter<{ apps: undefined }>(error =>
    deps.log.error('a listener of applications failed', { error }),
  )
  const telling = createCoalescer(clock, APPS_COALESCE_MS, 'gotapi: tell of applications', () =>
    emitter.emit('apps', undefined),
  )
  const changed = telling.poke

  const toApp = (member: Member): Apps['apps'] => {
    const { client, grant } = member
    if (!grant) return []
    const lines = deps.lines()
    return [
      {
        clientId: client.id,
        origin: client.origin,
        via: client.via,
        name: client.name,
        own: grant.isInvited,
        once: grant.isVisit,
        scopes: [...grant.scopes].map(([scope, expiresAt]) => ({
          scope: scope === everyScope ? allScope : scope,
          expiresAt,
        })),
        plugins: [...member.plugins.values()].map(({ pluginId, name, isOnce, since }) => ({
          id: pluginId,
          name,
          once: isOnce,
          since,
        })),
        since: grant.issuedAt,
        usedAt: grant.usedAt,
        requestsToday: member.requestsToday,
        live: lines.isLive(member),
        keepLineOpen: member.keepsLine,
        follows: lines.registrations(member).size,
      },
    ]
  }

  const memberOf = (clientId: string): Member => {
    const member = clients.byId(clientId)
    if (!member) throw new GantryError('request.invalid', 'There is no such application any more.')
    return member
  }

  const apps = (): Apps => ({
    apps: clients.list().flatMap(toApp),
    unwritten: clients.unwritten(),
    silenced: silence.list(),
    keys: keys.list().map(({ origin, since }) => ({ origin, since })),
    hasKeyword: Boolean(store.fact('keyword')),
  })

  const handlers: readonly Handler[] = [
    answers('GET apps', apps),
    follows('EVENT apps', (_params, _call, emit) => {
      let uses = clients.usesToday()
      const tell = () => {
        uses = clients.usesToday()
        emit(apps())
      }
      tell()
      // Use is looked at now and then instead of told with each call: that would cost every call something.
      const stopLooking = clock.every(USE_TELL_MS, 'gotapi: tell of use', () => {
        if (clients.usesToday() !== uses) tell()
      })
      const stopListening = emitter.on('apps', tell)
      return () => {
        stopLooking()
        stopListening()
      }
    }),
    answers('DELETE apps/client', ({ clientId }) => {
      return { written: clients.end(memberOf(clientId), 'taken back') }
    }),
    answers('PUT apps/line', ({ clientId, keepOpen }) => {
      clients.keepLine(memberOf(clientId), keepOpen)
      return {}
    }),
    answers('DELETE apps/plugin', ({ clientId, pluginId }) => {
      const member = clients.byId(clientId)
      if (!member?.plugins.has(pluginId)) {
        throw new GantryError('request.invalid', 'This application may not use that plug-in anyway.')
      }
      const written = clients.endPlugins(
        (who, permission) => who === member && permission.pluginId === pluginId,
      )
      return { written }
    }),
    answers('DELETE apps/silenced', ({ origin, via }) => {
      if (!silence.remove({ origin, via })) {
        throw new GantryError('request.invalid', 'This application may ask anyway.')
      }
      changed()
      return {}
    }),
    answers('PUT apps/key', ({ origin, key }) => {
      keys.pair(origin.toLowerCase(), key)
      changed()
      return {}
    }),
    answers('DELETE apps/key', ({ origin }) => {
      if (!keys.unpair(origin.toLowerCase())) {
        throw new GantryError('request.invalid', 'No key is paired with this origin.')
      }
      changed()
      return {}
    }),
    answers('GET apps/keyword', () => ({ keyword: store.fact('keyword') ?? '' })),
    answers('PUT apps/keyword', ({ keyword }) => {
      store.setFact('keyword', keyword)
      changed()
      return {}
    }),
  ]
  return { handlers, changed, stop: telling.stop }
}

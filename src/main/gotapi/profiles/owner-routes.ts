import { GantryError } from '../../contract/error.ts'
import type { RouteResult } from '../../contract/routes.ts'
import { answers, follows, type Handler } from '../../handlers/handler.ts'
import type { Clock } from '../../lib/clock.ts'
import { createCoalescer } from '../../lib/coalesce.ts'
import { createEmitter } from '../../lib/emitter.ts'
import type { Logger } from '../../lib/log.ts'
import type { AccessStore } from '../auth/access-store.ts'
import type { AnswerKeys } from '../auth/answer-keys.ts'
import type { Clients, Member } from '../auth/clients.ts'
import type { Desk } from '../auth/desk.ts'
import { allScope, everyScope } from '../auth/scope.ts'
import type { Lines } from '../events/lines.ts'

export interface OwnerRoutesDeps {
  readonly clock: Clock
  readonly log: Logger
  readonly clients: Clients
  readonly keys: AnswerKeys
  readonly desk: Desk
  readonly store: AccessStore
  readonly lines: () => Lines
}

type Apps = RouteResult<'GET apps'>

/** Changes come in bursts: a page that loads makes a client, a line and a dozen registrations at once. */
const APPS_COALESCE_MS = 250
const USE_TELL_MS = 2_000

/** What the owner does about permissions: the desk, and the screen of applications. */
export function createOwnerRoutes(deps: OwnerRoutesDeps) {
  const { clock, clients, keys, store } = deps
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
        follows: lines.registrations(member).size,
      },
    ]
  }

  const apps = (): Apps => ({
    apps: clients.list().flatMap(toApp),
    keys: keys.list().map(({ origin, since }) => ({ origin, since })),
    hasKeyword: Boolean(store.fact('keyword')),
  })

  const handlers: readonly Handler[] = [
    ...deskRoutes(deps.desk),
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
      const member = clients.byId(clientId)
      if (!member) throw new GantryError('request.invalid', 'There is no such application any more.')
      clients.end(member, 'taken back')
      return {}
    }),
    answers('DELETE apps/plugin', ({ clientId, pluginId }) => {
      const member = clients.byId(clientId)
      if (member && clients.endPlugin(member, pluginId)) return {}
      throw new GantryError('request.invalid', 'This application may not use that plug-in anyway.')
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

function deskRoutes(desk: Desk): readonly Handler[] {
  return [
    answers('GET approvals', () => ({ approvals: desk.pending() })),
    follows('EVENT approvals', (_params, _call, emit) => {
      emit({ approvals: desk.pending() })
      return desk.onChange(pending => emit({ approvals: pending }))
    }),
    answers('PUT approvals/decision', ({ id, decision }) => {
      if (desk.decide(id, decision)) return {}
      throw new GantryError('request.invalid', 'This question is not open any more.')
    }),
  ]
}

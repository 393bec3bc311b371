import type { Dispose } from '../lib/dispose.ts'
import { createAccessStore } from './access-store.ts'
import { createAnswerKeys } from './answer-keys.ts'
import { createAuthorization, grantEnd, scopeEnd } from './authorization.ts'
import { createClients, type Member } from './clients.ts'
import type { GotapiDeps } from './deps.ts'
import { createDesk } from './desk.ts'
import type { EventLine, GotapiDoor, OriginHeaders, Peer } from './door.ts'
import type { Endpoint, Topic } from './endpoint.ts'
import type { Envelope } from './envelope.ts'
import { callerOf, createFollowing } from './following.ts'
import { createInvitations } from './invitations.ts'
import { createKeyDelivery } from './key-delivery.ts'
import { limits } from './limits.ts'
import { type Carrier, createLines, type OpenLine } from './lines.ts'
import { createNonces } from './nonces.ts'
import { resolveOrigin, windowOrigin } from './origin.ts'
import { createOwnRoutes } from './own-routes.ts'
import { createOwnerRoutes } from './owner-routes.ts'
import { createPipeline } from './pipeline.ts'
import { createPluginConsent } from './plugin-consent.ts'
import { defaultPolicy } from './policy.ts'
import { createRate } from './rate.ts'
import { createResultCheck } from './result-check.ts'
import { createRouter, ownerProfiles } from './router.ts'
import { allScope } from './scope.ts'

/** gotapi 9-4: the answer to the first frame. These numbers are not those of gotapi 3.5. */
export type LineAnswer = Readonly<Record<string, unknown>>

export type OpenedLine =
  | { readonly answer: LineAnswer; readonly line: OpenLine; readonly member: Member }
  | { readonly answer: LineAnswer; readonly line: undefined }

const lineRefusals = {
  1: 'The first frame must carry an access token.',
  2: 'The origin is missing or not let in.',
  3: 'The access token is not one of this origin.',
  4: 'This application has a line already.',
  5: 'The frame is not JSON.',
} as const

export const refuseLine = (errorCode: keyof typeof lineRefusals): LineAnswer => ({
  result: 1,
  errorCode,
  errorMessage: lineRefusals[errorCode],
})

export type GotapiCore = ReturnType<typeof createCore>

/** The front door without a transport: sockets, servers and the window's bridge stand around it. */
export function createCore(deps: GotapiDeps, isOwnOrigin: (origin: string) => boolean) {
  const { clock } = deps
  const check = deps.onUntrueResult && createResultCheck(deps.onUntrueResult)
  const services = check ? check.services(deps.services) : deps.services
  const log = deps.logger('gotapi')
  const policy = deps.policy ?? (() => defaultPolicy)
  const envelope: Envelope = { product: 'Gantry', version: deps.version }
  const store = createAccessStore(deps.store, deps.secrets)
  const clients = createClients({ clock, log, random: deps.random, store })
  const keys = createAnswerKeys({ clock, store })
  const desk = createDesk({ clock, log })
  const invitations = createInvitations(clock, deps.random)
  const router = createRouter()

  const lines = createLines({
    clock,
    log,
    keepsLineOpen: () => policy().keepLineOpen,
    mayHear: (member, profile) => (scopeEnd(member, profile) ?? 0) > clock.now(),
    hearsUntil: grantEnd,
    onGone(member) {
      services.disconnected(callerOf(member))
      if (member.grant?.isVisit) clients.end(member, 'visit over')
    },
    onRemoved: registration => following.dropFollower(registration),
    onChange: () => owner.changed(),
  })
  const questions = createRate(clock, {
    limit: () => limits.questionsPerMinute,
    windowMs: 60_000,
    namesKept: limits.originsCounted,
  })
  const consent = createPluginConsent({ clock, clients, desk, questions, services })
  const following = createFollowing({ log, lines, services })
  const owner = createOwnerRoutes({ clock, log, clients, keys, desk, store, lines: () => lines })
  const authorization = createAuthorization({
    clock,
    clients,
    keys,
    desk,
    invitations,
    questions,
    policy,
    isOwnOrigin: origin => origin === windowOrigin || isOwnOrigin(origin),
    profiles: {
      own: router.tokenProfiles,
      owner: ownerProfiles,
      services: () => services.plugins().flatMap(({ supports }) => supports),
    },
  })
  const pipeline = createPipeline({
    clock,
    log,
    router,
    clients,
    keys,
    nonces: createNonces(clock),
    following,
    services,
    policy,
    envelope,
  })
  const add = (handlers: readonly (Endpoint | Topic)[]) =>
    router.add(check ? handlers.map(handler => check.handler(handler)) : handlers)
  add(createOwnRoutes({ authorization, keys, desk, store, services, router, policy }))
  add(owner.handlers)

  function open(
    hello: { readonly accessToken: unknown; readonly origin: OriginHeaders },
    peer: Peer,
    carrier: Carrier,
  ): OpenedLine {
    const refused = (code: keyof typeof lineRefusals) => ({ answer: refuseLine(code), line: undefined })
    const origin = resolveOrigin(hello.origin, peer, policy())
    if (typeof origin !== 'string') return refused(2)
    if (typeof hello.accessToken !== 'string' || hello.accessToken === '') return refused(1)
    const member = clients.find(hello.accessToken)
    if (!member?.grant || member.client.origin !== origin) return refused(3)
    if (grantEnd(member) <= clock.now()) return refused(3)
    const line = lines.open(member, carrier)
    return line ? { answer: { result: 0 }, line, member } : refused(4)
  }

  const deliverKey = createKeyDelivery({ desk, keys, changed: owner.changed })
  const door: GotapiDoor = {
    async handle(request) {
      const { status, body, sent } = await pipeline.handle(request)
      if (sent) setImmediate(sent)
      return { status, body }
    },
    connect: (hello, line) => connectInside(open, hello, line),
    invite: invitations.invite,
    deliverKey(link) {
      deliverKey(link).then(
        outcome => log.info('key was delivered by link', { outcome }),
        error => log.error('key could not be kept', { error }),
      )
    },
  }

  const stops: Dispose[] = []
  return {
    door,
    desk,
    clients,
    lines,
    store,
    policy,
    handle: pipeline.handle,
    refuseUnread: pipeline.refuseUnread,
    open,
    log,
    invite: invitations.invite,
    envelope,
    deliverKey,
    add,
    start() {
      if (deps.cliSecret !== undefined) {
        invitations.keep(deps.cliSecret, { about: 'Command line', scopes: [allScope] })
      }
      clients.start()
      keys.load()
      consent.review()
      stops.push(
        services.guard(consent.guard),
        services.on('event', following.publish),
        services.on('strangerLeft', ({ pluginId }) => consent.pluginLeft(pluginId)),
        clients.on('ended', ({ member }) => {
          consent.memberEnded(member)
          lines.end(member)
          services.forget(callerOf(member))
        }),
        clients.on('pluginEnded', ({ member, pluginId }) => {
          following.endPlugin(member, pluginId)
          services.disconnected(callerOf(member), pluginId)
          services.forget(callerOf(member), pluginId)
        }),
        clients.on('changed', owner.changed),
      )
    },
    stop() {
      desk.close()
      lines.closeAll()
      for (const stop of stops.splice(0)) stop()
      clients.stop()
      owner.stop()
    },
  }
}

type Open = (
  hello: { readonly accessToken: unknown; readonly origin: OriginHeaders },
  peer: Peer,
  carrier: Carrier,
) => OpenedLine

/** GotAPI-5 as a function call: the same checks and the same frames. */
function connectInside(
  open: Open,
  hello: { readonly accessToken: string; readonly origin: OriginHeaders },
  line: EventLine,
): ReturnType<GotapiDoor['connect']> {
  const opened = open(hello, 'inside', {
    send: frame => line.onFrame(frame.body),
    close: reason => line.onClose(reason),
    isCongested: () => false,
  })
  const own = opened.line
  // Held frames come after the answer, as on a socket.
  if (own) setImmediate(own.ready)
  return { answer: opened.answer, close: () => own?.lost() }
}

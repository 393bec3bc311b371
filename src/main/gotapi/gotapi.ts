import { GantryError } from '../contract/error.ts'
import type { Handler } from '../handlers/handler.ts'
import { namesOf } from '../handlers/profiles.ts'
import type { Dispose } from '../lib/dispose.ts'
import { createAccessStore } from './auth/access-store.ts'
import { createAnswerKeys } from './auth/answer-keys.ts'
import { createAuthorization, grantEnd, scopeEnd } from './auth/authorization.ts'
import { callerOf, type Member } from './auth/client.ts'
import { createClients } from './auth/clients.ts'
import { createDesk, type Desk } from './auth/desk.ts'
import { createInvitations } from './auth/invitations.ts'
import { createKeyDelivery } from './auth/key-delivery.ts'
import { createNonces } from './auth/nonces.ts'
import { createPluginConsent } from './auth/plugin-consent.ts'
import { createQuestions } from './auth/questions.ts'
import { allScope } from './auth/scope.ts'
import { createSilence } from './auth/silence.ts'
import { createByteCalls } from './bytes/byte-calls.ts'
import { createPipeline } from './calls/pipeline.ts'
import { createRequestRate } from './calls/request-rate.ts'
import { createResultCheck } from './calls/result-check.ts'
import { createRouter } from './calls/router.ts'
import type { GotapiDeps } from './deps.ts'
import { createFollowing } from './events/following.ts'
import { createHeartbeat } from './events/heartbeat.ts'
import { connectInside, createHello } from './events/hello.ts'
import { createLines } from './events/lines.ts'
import { mountCalls } from './http/mount.ts'
import { mountBytes } from './http/mount-bytes.ts'
import { mountSockets } from './http/socket.ts'
import { createLinkRoutes } from './profiles/link-routes.ts'
import { createNetworkRoutes } from './profiles/network-routes.ts'
import { createOwnRoutes } from './profiles/own-routes.ts'
import { createOwnerRoutes } from './profiles/owner-routes.ts'
import { createQuestionRoutes } from './profiles/question-routes.ts'
import type { Gateway } from './protocol/gateway.ts'
import { windowOrigin } from './protocol/origin.ts'
import { defaultPolicy } from './protocol/policy.ts'

/** A room of the engine (`name`, `start`, `stop`) and the gateway everybody comes in by. */
export interface Gotapi {
  readonly name: string
  readonly gateway: Gateway
  /** Where questions wait for the owner; the window and the terminal show them. */
  readonly desk: Desk
  /** Other rooms hang their routes in, best before `start`. */
  add(handlers: readonly Handler[]): void
  start(): Promise<void>
  /** Ends every line and every open question; who comes now, by whichever way, is told that Gantry stops. */
  drain(): Promise<void>
  stop(): Promise<void>
}

/** Read it as the table of contents: who may, what is followed, what is called, and the ways in. */
export function createGotapi(deps: GotapiDeps): Gotapi {
  const { clock, http } = deps
  const check = deps.onUntrueResult && createResultCheck(deps.onUntrueResult)
  const services = check ? check.services(deps.services) : deps.services
  const log = deps.logger('gotapi')
  const policy = deps.policy ?? (() => defaultPolicy)
  const envelope = { product: 'Gantry', version: deps.version }
  const store = createAccessStore(deps.store, deps.secrets)
  const isLive = (member: Member) => lines.isLive(member)
  const clients = createClients({ clock, log, random: deps.random, store, isLive })
  const keys = createAnswerKeys({ clock, store })
  const desk = createDesk({ clock, log })
  const silence = createSilence({ clock, store })
  const questions = createQuestions({ clock, desk, silence })
  const invitations = createInvitations(clock, deps.random)
  const router = createRouter()

  const lines = createLines({
    clock,
    log,
    keepsLineOpen: member => policy().keepLineOpen || member.keepsLine,
    mayHear: (member, profile) => (scopeEnd(member, profile) ?? 0) > clock.now(),
    hearsUntil: grantEnd,
    onGone(member) {
      if (member.grant?.isVisit) clients.end(member, 'visit over')
      else services.disconnected(callerOf(member))
    },
    onRemoved: registration => following.dropFollower(registration),
    onChange: () => owner.changed(),
  })
  const consent = createPluginConsent({ clock, log, clients, questions, services })
  const following = createFollowing({ log, lines, services })
  const owner = createOwnerRoutes({ clock, log, clients, keys, silence, store, lines: () => lines })
  const authorization = createAuthorization({
    clock,
    clients,
    keys,
    questions,
    invitations,
    policy,
    isOwnOrigin: origin => origin === windowOrigin || (http?.isOwnOrigin(origin) ?? false),
    profiles: {
      own: new Set(namesOf(({ isOwn, needsToken }) => isOwn && needsToken)),
      owner: new Set(namesOf(({ isOwner }) => isOwner)),
      services: () => services.plugins().flatMap(({ supports }) => supports),
    },
  })
  const requests = createRequestRate(clock, policy)
  const byteCalls = createByteCalls({ clock, log, clients, requests, policy, envelope })
  const pipeline = createPipeline({
    requests,
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
  const add = (handlers: readonly Handler[]) => {
    for (const handler of handlers) {
      if (handler.kind === 'bytes') byteCalls.add(handler)
      else router.add(check ? check.handler(handler) : handler)
    }
  }
  add(
    createOwnRoutes({
      authorization,
      keys,
      questions,
      store,
      services,
      router,
      policy,
      heartbeat: createHeartbeat(clock),
    }),
  )
  add(owner.handlers)
  add(createQuestionRoutes({ desk, silence, changed: owner.changed }))
  const network =
    http && createNetworkRoutes({ clock, store, network: http.network, invite: invitations.invite })
  if (network) add(network.handlers)
  if (http) add(createLinkRoutes({ clock, http, invite: invitations.invite }))

  const open = createHello({ clock, clients, lines, policy })
  const deliverKey = createKeyDelivery({ questions, keys, changed: owner.changed })
  let isOver = false
  const end = () => {
    isOver = true
    desk.close()
    lines.closeAll()
  }
  const refuseWhenOver = () => {
    if (isOver) throw new GantryError('cancelled', 'Gantry stops.')
  }
  const gateway: Gateway = {
    async handle(request) {
      refuseWhenOver()
      const { status, body, sent } = await pipeline.handle(request)
      if (sent) setImmediate(sent)
      return { status, body }
    },
    async bytes(request) {
      refuseWhenOver()
      return byteCalls.handle(request)
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
    name: 'front door',
    gateway,
    desk,
    add,
    async start() {
      if (deps.cliSecret !== undefined) {
        invitations.keep(deps.cliSecret, { about: 'Command line', scopes: [allScope] })
      }
      clients.start()
      keys.load()
      silence.load()
      consent.review()
      stops.push(
        services.guard(consent.guard),
        services.on('event', following.publish),
        services.on('thirdPartyLeft', ({ pluginId }) => consent.pluginLeft(pluginId)),
        clients.on('ended', ({ member }) => {
          consent.memberEnded(member)
          lines.end(member)
          services.disconnected(callerOf(member))
          services.forget(callerOf(member))
        }),
        clients.on('pluginEnded', ({ member, pluginId }) => {
          following.endPlugin(member, pluginId)
          services.disconnected(callerOf(member), pluginId)
          services.forget(callerOf(member), pluginId)
        }),
        clients.on('changed', owner.changed),
      )
      if (http) {
        stops.push(
          mountCalls(http, { clock, handle: pipeline.handle, refuseUnread: pipeline.refuseUnread, policy }),
          mountBytes(http, { bytes: byteCalls.handle, policy }),
          mountSockets(http, { clock, log: deps.logger('gotapi.socket'), open }),
        )
      }
      await network?.start()
    },
    drain: async () => end(),
    async stop() {
      end()
      for (const stop of stops.splice(0)) stop()
      clients.stop()
      owner.stop()
    },
  }
}

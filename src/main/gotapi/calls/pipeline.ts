import { GantryError } from '../../contract/error.ts'
import type { CallPath } from '../../handlers/call-path.ts'
import type { Caller } from '../../handlers/caller.ts'
import { type Call, type MaybePromise, type Payload, stays } from '../../handlers/handler.ts'
import { type Outcome, type Refusal, refusalOf, refuse, succeed } from '../../handlers/outcome.ts'
import { readParams } from '../../handlers/read-params.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/log.ts'
import type { ServiceHost } from '../../plugin-host/index.ts'
import type { AnswerKeys } from '../auth/answer-keys.ts'
import type { Asker } from '../auth/asker.ts'
import { checkToken, unknownToken } from '../auth/authorization.ts'
import { callerOf, type Member } from '../auth/client.ts'
import type { Clients } from '../auth/clients.ts'
import type { createNonces } from '../auth/nonces.ts'
import { callService } from '../events/call-service.ts'
import type { Followed, Following } from '../events/following.ts'
import { type Envelope, statusOf, wrap } from '../protocol/envelope.ts'
import type { GotapiAnswer, GotapiRequest } from '../protocol/gateway.ts'
import { nonceFault, signNonce } from '../protocol/hmac.ts'
import { resolveOrigin } from '../protocol/origin.ts'
import { parsePath } from '../protocol/path.ts'
import type { GotapiPolicy } from '../protocol/policy.ts'
import { limits } from './limits.ts'
import type { RequestRate } from './request-rate.ts'
import type { Router, Target } from './router.ts'

export interface PipelineDeps {
  readonly clock: Clock
  readonly log: Logger
  readonly router: Router
  readonly clients: Clients
  readonly keys: AnswerKeys
  readonly nonces: ReturnType<typeof createNonces>
  readonly following: Following
  readonly services: ServiceHost
  readonly requests: RequestRate
  readonly policy: () => GotapiPolicy
  readonly envelope: Envelope
}

export interface Handled extends GotapiAnswer {
  /** To be called when the answer has gone out. */
  readonly sent: (() => void) | undefined
}

const callOf = (caller: Caller, { via, address, leaving, params: { serviceId } }: GotapiRequest): Call => ({
  caller,
  via,
  address,
  leaving: leaving ?? stays,
  ...(serviceId !== undefined && { serviceId }),
})

type OwnTarget = Extract<Target, { kind: 'own' }>

const PATHS_KEPT = 1_000
const OK = 200

export type Pipeline = ReturnType<typeof createPipeline>

/** Every call, whatever it came by, goes these steps in this order: path, origin, token, scope, parameters, answer. */
export function createPipeline(deps: PipelineDeps) {
  const { clock, clients, keys, router, log } = deps
  const paths = new Map<string, CallPath | Refusal>()

  function pathOf(text: string): CallPath | Refusal {
    const known = paths.get(text)
    if (known) return known
    const path = parsePath(text)
    if (paths.size >= PATHS_KEPT) paths.clear()
    paths.set(text, path)
    return path
  }

  function handle(request: GotapiRequest): MaybePromise<Handled> {
    const begun = begin(request)
    if ('sent' in begun) return begun
    const { asker, parsed } = begun
    if ('result' in parsed) return finish(request, { outcome: parsed }, asker, undefined)
    const target = router.resolve(request.method, parsed)
    if ('result' in target) return finish(request, { outcome: target }, asker, undefined, parsed)
    // Where no token is needed a stored one may be dead: it is not looked at (gotapi 3.3).
    const needsNoToken = target.kind === 'own' && target.spec.scope === null
    const member = needsNoToken ? undefined : memberOf(request, asker)
    const followed = attempt({ request, asker, path: parsed, target, member })
    return followed instanceof Promise
      ? followed.then(done => finish(request, done, asker, member, parsed))
      : finish(request, followed, asker, member, parsed)
  }

  /** What could not be read to its end is refused like any call, as far as it was read (gotapi 3.4, 69). */
  function refuseUnread(request: GotapiRequest, refusal: Refusal): Handled {
    const begun = begin(request)
    if ('sent' in begun) return begun
    const { asker, parsed } = begun
    const path = 'result' in parsed ? undefined : parsed
    return finish(request, { outcome: refusal }, asker, memberOf(request, asker), path)
  }

  /** Where to and who, and that it is not too often: the same for what was read and what was not. */
  function begin(
    request: GotapiRequest,
  ): Handled | { readonly asker: Asker; readonly parsed: CallPath | Refusal } {
    const parsed = pathOf(request.path)
    const path = 'result' in parsed ? undefined : parsed
    const origin = resolveOrigin(request.origin, request.via, deps.policy())
    if (typeof origin !== 'string') return finish(request, { outcome: origin }, undefined, undefined, path)
    const asker = { origin, via: request.via, address: request.address }
    const often = deps.requests.take(asker)
    return often ? finish(request, { outcome: often }, asker, undefined, path) : { asker, parsed }
  }

  const memberOf = ({ params: { accessToken } }: GotapiRequest, asker: Asker): Member | undefined =>
    accessToken ? clients.find(accessToken, asker) : undefined

  interface Asked {
    readonly request: GotapiRequest
    readonly asker: Asker
    readonly path: CallPath
    readonly target: Target
    readonly member: Member | undefined
  }

  function attempt(asked: Asked): MaybePromise<Followed> {
    try {
      const refusal = checkNonce(asked) ?? checkAccess(asked)
      if (refusal) return { outcome: refusal }
      const followed = dispatch(asked)
      return followed instanceof Promise ? followed.catch(thrown => failed(asked, thrown)) : followed
    } catch (thrown) {
      return failed(asked, thrown)
    }
  }

  function failed({ request, path }: Asked, thrown: unknown): Followed {
    const outcome = refusalOf(thrown, error =>
      log.error('call failed', { method: request.method, path: path.key, error }),
    )
    return { outcome }
  }

  function checkNonce({ request, asker, path, member }: Asked): Refusal | undefined {
    const { nonce } = request.params
    if (nonce === undefined) return undefined
    const key = keyOf(asker, member, path.key)
    const fault = key && nonceFault(key, nonce)
    if (fault) return fault
    return deps.policy().refuseRepeatedNonce && deps.nonces.isRepeated(asker, nonce)
      ? refuse('request.invalid', 'This nonce was used before.', { name: 'nonce' })
      : undefined
  }

  function checkAccess({ request, path, target, member }: Asked): Refusal | undefined {
    if (target.kind === 'own' && target.spec.scope === null) return undefined
    const profile = path.profile.toLowerCase()
    const refusal = checkToken(member, { token: request.params.accessToken, profile }, clock.now())
    if (refusal || !member) return refusal
    clients.countUse(member)
    const needsService = target.kind === 'service' || target.spec.service !== undefined
    if (!needsService || request.params.serviceId) return undefined
    return target.kind === 'service' && !isServed(profile)
      ? refuse('request.unknown-profile', `Nothing here serves the profile ${path.profile}.`, { profile })
      : refuse('service.missing', 'This call needs a serviceId.')
  }

  const isServed = (profile: string) =>
    deps.services.plugins().some(({ supports }) => supports.some(name => name.toLowerCase() === profile))

  function dispatch(asked: Asked): MaybePromise<Followed> {
    const { target, request, path, member } = asked
    if (target.kind === 'own' && target.spec.scope === null) return answerWithoutToken(asked, target)
    if (!member) return { outcome: unknownToken() }
    const call = callOf(callerOf(member), request)
    if (target.kind === 'own') {
      const endsAll = path.key === 'system/events' && request.method === 'DELETE'
      // Before the plug-ins are told: what is followed anew while they answer is not meant.
      const ended = endsAll && deps.following.endAll(member)
      const answered = target.handler.answer(request.params, call)
      const done = (payload: Payload) => ({ outcome: succeed(payload), ...ended })
      return answered instanceof Promise ? withLimit(answered).then(done) : done(answered)
    }
    const wish = { member, call, params: request.params, path, target: target.path }
    if (target.kind === 'topic') {
      return request.method === 'PUT'
        ? deps.following.startTopic(wish, target.handler)
        : deps.following.endTopic(wish)
    }
    const serviceWish = { ...wish, serviceId: request.params.serviceId ?? '' }
    if (target.spec) readParams(target.spec, request.params)
    if (target.follows) {
      return request.method === 'PUT'
        ? deps.following.startService(serviceWish)
        : deps.following.endService(serviceWish, target.spec !== undefined)
    }
    log.trace('service is called', { origin: asked.asker.origin, path: path.key })
    return callService(deps.services, request.method as 'GET', serviceWish).then(outcome => ({ outcome }))
  }

  /** gotapi 4: the only calls for which nobody needs to be known. */
  function answerWithoutToken({ request, asker }: Asked, { handler }: OwnTarget): MaybePromise<Followed> {
    const { origin } = asker
    const call = callOf({ id: '', origin, name: origin, isOwner: false }, request)
    const answered = handler.answer(request.params, call)
    return answered instanceof Promise
      ? answered.then(payload => ({ outcome: succeed(payload) }))
      : { outcome: succeed(answered) }
  }

  function withLimit<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const stop = clock.after(limits.callMs, 'gotapi: a call', () =>
        reject(new GantryError('wire.timeout', 'Gantry did not answer in time.')),
      )
      work.then(resolve, reject).finally(stop)
    })
  }

  const keyOf = (asker: Asker, member: Member | undefined, key: string | undefined) =>
    keys.keyFor(asker, member ?? clients.letIn(asker), key === undefined || key.startsWith('authorization/'))

  function finish(
    request: GotapiRequest,
    { outcome, sent }: Followed,
    asker: Asker | undefined,
    member: Member | undefined,
    path?: CallPath,
  ): Handled {
    const { nonce } = request.params
    const key = nonce !== undefined && asker ? keyOf(asker, member, path?.key) : undefined
    const canSign = nonce !== undefined && key && !nonceFault(key, nonce)
    const body = wrap(deps.envelope, outcome, {
      pathKey: path?.key,
      serviceId: request.params.serviceId,
      nonce,
      hmac: canSign ? signNonce(key, nonce) : undefined,
    })
    return { status: statusFor(request, outcome), body, sent }
  }

  /** gotapi 3.5: the Device Connect family reads no body under any status but 200. */
  function statusFor(request: GotapiRequest, outcome: Outcome): number {
    if (outcome.result === 0) return OK
    const style = deps.policy().errorStyle
    const isAlways200 =
      style === 'always200' || (style === 'auto' && request.origin.gotapiOrigin !== undefined)
    return isAlways200 ? OK : statusOf(outcome)
  }

  return { handle, refuseUnread }
}

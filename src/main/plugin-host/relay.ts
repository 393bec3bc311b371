import type { Clock } from '../lib/clock.ts'
import { answerOf, code, refusal, unanswered } from './answer.ts'
import {
  type Approval,
  afterCreateClient,
  afterDelivery,
  afterRequestAccessToken,
  nextStep,
  noApproval,
} from './approval.ts'
import type { NoAnswer, Question } from './exchange.ts'
import { approvalAttempts, type PluginLimits } from './limits.ts'
import { approval as approvalNames } from './plugin.ts'
import type { Runtime } from './runtime.ts'
import type { Caller, ServiceAnswer, ServiceCall, ServiceEvent, ServicePath } from './service-host.ts'

export interface RelayDeps {
  readonly runtime: Runtime
  readonly clock: Clock
  readonly limits: PluginLimits
  readonly sender: { readonly product: string; readonly version: string }
  /** Every profile of the plug-in: what `requestAccessToken` asks for. */
  readonly profiles: readonly string[]
}

/** Takes calls to one plug-in, with its approval obtained first (gotapi 7.4) and kept until somebody forgets. */
export interface Relay {
  call(call: ServiceCall, localId: string, signal?: AbortSignal): Promise<ServiceAnswer>
  /** For whom the plug-in made this token. */
  ownerOf(token: string): { readonly callerId: string; readonly approval: Approval } | undefined
  tokensOf(callerId: string): readonly string[]
  forget(callerId: string): void
  /** The caller follows nothing any more. */
  unfollow(callerId: string): void
  /** An event went out: what was PUT for it was no command, and may be PUT again. */
  prove(event: ServiceEvent): void
  /** The plug-in began a new life and knows nobody: whoever followed something is announced to it again. */
  resume(): void
}

interface Followed {
  readonly call: ServiceCall
  readonly localId: string
  /** Whoever repeats an unknown PUT may repeat a command. One that brought an event was none. */
  isProven: boolean
}

interface Held {
  readonly caller: Caller
  approval: Approval
  /** Calls that arrive together share one approval. */
  pending: Promise<NoAnswer | undefined> | undefined
}

export function createRelay(deps: RelayDeps): Relay {
  const { runtime, clock, limits } = deps
  const held = new Map<string, Held>()
  const followed = new Map<string, Followed>()

  const holdFor = (call: ServiceCall, localId: string): Held => {
    const key = JSON.stringify([call.caller.id, localId])
    const slot = held.get(key) ?? { caller: call.caller, approval: noApproval, pending: undefined }
    held.set(key, slot)
    return slot
  }

  const base = (call: ServiceCall, localId: string) => ({
    api: 'gotapi' as const,
    serviceId: localId,
    origin: call.caller.origin,
    package: call.caller.origin,
    ...deps.sender,
  })

  const approvalQuestion = (approval: Approval, call: ServiceCall, localId: string): Question => {
    const asked = {
      ...base(call, localId),
      action: 'GET' as const,
      profile: approvalNames.profile,
      params: {},
    }
    const clientId = clientOf(approval)
    if (clientId === undefined)
      return { ...asked, attribute: approvalNames.createClient, applicationName: call.caller.name }
    return {
      ...asked,
      attribute: approvalNames.requestAccessToken,
      clientId,
      applicationName: call.caller.name,
      scope: deps.profiles.join(','),
    }
  }

  /** Walks the two steps; an outcome that is no answer ends the walk and is handed back. */
  const approve = async (
    slot: Held,
    call: ServiceCall,
    localId: string,
    leftMs: () => number,
  ): Promise<NoAnswer | undefined> => {
    for (let asked = 0; asked < 2 * approvalAttempts; asked++) {
      const step = nextStep(slot.approval, clock.now())
      if (step === 'deliver' || step === 'refuse') return undefined
      const outcome = await runtime.ask(approvalQuestion(slot.approval, call, localId), leftMs())
      if (outcome.kind !== 'answered') return outcome
      slot.approval =
        step === 'createClient'
          ? afterCreateClient(outcome.response)
          : afterRequestAccessToken(clientOf(slot.approval) ?? '', outcome.response)
    }
    return undefined
  }

  const deliver = (call: ServiceCall, localId: string, approval: Approval): Question => ({
    ...base(call, localId),
    action: call.action,
    profile: call.profile,
    ...(call.interface === undefined ? {} : { interface: call.interface }),
    ...(call.attribute === undefined ? {} : { attribute: call.attribute }),
    ...(approval.kind === 'approved' ? { accessToken: approval.token } : {}),
    params: withoutSecrets(call.params),
  })

  const unfollow = (callerId: string) => {
    for (const [key, { call }] of followed) if (call.caller.id === callerId) followed.delete(key)
  }

  const take = async (call: ServiceCall, localId: string, signal?: AbortSignal): Promise<ServiceAnswer> => {
    const untilMs = clock.elapsed() + limits.callMs
    const leftMs = () => Math.max(0, untilMs - clock.elapsed())
    const slot = holdFor(call, localId)
    for (let attempt = 0; attempt < approvalAttempts; attempt++) {
      slot.pending ??= approve(slot, call, localId, leftMs).finally(() => {
        slot.pending = undefined
      })
      const failed = await slot.pending
      if (failed) return unanswered(failed)
      const { approval } = slot
      if (approval.kind === 'refused') {
        // gotapi 42: not kept, the next call asks again.
        slot.approval = noApproval
        return refusal(code.denied, `The plug-in does not let this application in: ${approval.reason}`)
      }
      if (nextStep(approval, clock.now()) !== 'deliver') break
      const outcome = await runtime.ask(deliver(call, localId, approval), leftMs(), signal)
      if (outcome.kind !== 'answered') return unanswered(outcome)
      const renewed = afterDelivery(approval, outcome.response)
      if (renewed === undefined) return answerOf(outcome.response)
      if (slot.approval === approval) slot.approval = renewed
    }
    return refusal(code.denied, 'The plug-in could not make up its mind about this application.')
  }

  return {
    async call(call, localId, signal) {
      const key = followKey(call)
      // Before it is asked: its first event may come on the heels of the answer.
      if (call.follows && call.action === 'PUT' && !followed.has(key))
        followed.set(key, { call, localId, isProven: false })
      const answer = await take(call, localId, signal)
      if (call.follows && (call.action === 'DELETE' || answer.result !== 0)) followed.delete(key)
      return answer
    },
    ownerOf(token) {
      for (const { caller, approval } of held.values())
        if (approval.kind === 'approved' && approval.token === token) return { callerId: caller.id, approval }
      return undefined
    },
    tokensOf(callerId) {
      return [...held.values()]
        .filter(({ caller }) => caller.id === callerId)
        .flatMap(({ approval }) => (approval.kind === 'approved' ? [approval.token] : []))
    },
    forget(callerId) {
      unfollow(callerId)
      for (const [key, { caller }] of held) if (caller.id === callerId) held.delete(key)
    },
    unfollow,
    prove(event) {
      const place = placeOf(event)
      for (const one of followed.values())
        if (placeOf(one.call) === place && one.call.caller.id === (event.callerId ?? one.call.caller.id))
          one.isProven = true
    },
    resume() {
      held.clear()
      for (const { call, localId, isProven } of [...followed.values()]) if (isProven) void take(call, localId)
    },
  }
}

const followKey = (call: ServiceCall) => `${call.caller.id} ${placeOf(call)}`

/** gotapi 8.2: profile, interface and attribute without case, the service with. */
function placeOf(place: ServicePath & { readonly serviceId: string }): string {
  const { serviceId, profile, interface: part = '', attribute = '' } = place
  return JSON.stringify([serviceId, `${profile}/${part}/${attribute}`.toLowerCase()])
}
function clientOf(approval: Approval): string | undefined {
  return approval.kind === 'client' || approval.kind === 'approved' ? approval.clientId : undefined
}

/** gotapi 44: the server takes them out; were it to forget, they would end here. */
function withoutSecrets(params: ServiceCall['params']): ServiceCall['params'] {
  return Object.fromEntries(
    Object.entries(params).filter(([name]) => !['accesstoken', 'nonce'].includes(name.toLowerCase())),
  )
}

import { type Outcome, refuse } from '../handlers/outcome.ts'
import type { Clock } from '../lib/clock.ts'
import { answerOf, unanswered } from './answer.ts'
import { type Approval, afterDelivery, nextStep, noApproval } from './approval.ts'
import { createApprover } from './approver.ts'
import type { Question } from './exchange.ts'
import { createFollowed } from './followed.ts'
import { approvalAttempts, type PluginLimits } from './limits.ts'
import type { Runtime } from './runtime.ts'
import type { ServiceCall, ServiceEvent } from './service-host.ts'

export interface RelayDeps {
  readonly runtime: Runtime
  readonly clock: Clock
  readonly limits: PluginLimits
  readonly sender: { readonly product: string; readonly version: string }
  /** Every profile of the plug-in. */
  readonly profiles: readonly string[]
  /** It came with Gantry: whether the owner asks is no business of a third-party plug-in. */
  readonly builtIn: boolean
}

/** Takes calls to one plug-in, with its approval obtained first (gotapi 7.4) and kept until somebody forgets. */
export interface Relay {
  call(call: ServiceCall, localId: string, signal?: AbortSignal): Promise<Outcome>
  /** For whom the plug-in made this token. */
  ownerOf(token: string): { readonly callerId: string; readonly approval: Approval } | undefined
  tokensOf(callerId: string): readonly string[]
  /** Something of this caller was brought to the plug-in. */
  knows(callerId: string): boolean
  forget(callerId: string): void
  /** The caller follows nothing any more. */
  unfollow(callerId: string): void
  /** An event went out: what was PUT for it was no command, and may be PUT again. */
  prove(event: ServiceEvent): void
  /** The plug-in began a new life and knows nobody: whoever followed something is announced to it again. */
  resume(): void
}

export function createRelay(deps: RelayDeps): Relay {
  const { runtime, clock, limits } = deps
  const approver = createApprover(deps)
  const followed = createFollowed()

  const questionOf = (call: ServiceCall, localId: string, approval: Approval): Question => ({
    action: call.action,
    api: 'gotapi',
    profile: call.profile,
    ...(call.interface === undefined ? {} : { interface: call.interface }),
    ...(call.attribute === undefined ? {} : { attribute: call.attribute }),
    serviceId: localId,
    ...(approval.kind === 'approved' ? { accessToken: approval.token } : {}),
    origin: call.caller.origin,
    package: call.caller.origin,
    ...(deps.builtIn && call.caller.isOwner ? { isOwner: true } : {}),
    params: withoutSecrets(call.params),
    ...deps.sender,
  })

  const deliver = async (call: ServiceCall, localId: string, signal?: AbortSignal): Promise<Outcome> => {
    const untilMs = clock.elapsed() + limits.callMs
    const leftMs = () => Math.max(0, untilMs - clock.elapsed())
    const slot = approver.slotOf(call, localId)
    for (let attempt = 0; attempt < approvalAttempts; attempt++) {
      const failed = await approver.approve(slot, call, localId, leftMs)
      if (failed) return unanswered(failed)
      if (slot.isOver) return refuse('auth.denied', 'The permission was taken back meanwhile.')
      const { approval } = slot
      if (approval.kind === 'refused') {
        // gotapi 42: not kept, the next call asks again.
        slot.approval = noApproval
        return refuse('plugin.denied', `The plug-in does not let this application in: ${approval.reason}`)
      }
      if (nextStep(approval, clock.now()) !== 'deliver') break
      const outcome = await runtime.ask(questionOf(call, localId, approval), leftMs(), signal)
      if (outcome.kind !== 'answered') return unanswered(outcome)
      const renewed = afterDelivery(approval, outcome.response)
      if (renewed === undefined) return answerOf(outcome.response, deps.builtIn)
      if (slot.approval === approval) slot.approval = renewed
    }
    return refuse('plugin.denied', 'The plug-in could not make up its mind about this application.')
  }

  return {
    async call(call, localId, signal) {
      followed.begin(call, localId)
      const answer = await deliver(call, localId, signal)
      followed.settle(call, answer)
      return answer
    },
    ownerOf(token) {
      for (const { caller, approval } of approver.slots())
        if (approval.kind === 'approved' && approval.token === token) return { callerId: caller.id, approval }
      return undefined
    },
    tokensOf: callerId =>
      [...approver.slots()]
        .filter(({ caller }) => caller.id === callerId)
        .flatMap(({ approval }) => (approval.kind === 'approved' ? [approval.token] : [])),
    knows: callerId => [...approver.slots()].some(({ caller }) => caller.id === callerId),
    forget(callerId) {
      followed.drop(callerId)
      approver.forget(callerId)
    },
    unfollow: followed.drop,
    prove: followed.prove,
    resume() {
      approver.forgetAll()
      for (const { call, localId } of followed.proven()) void deliver(call, localId)
    },
  }
}

/** gotapi 44: the server takes them out; were it to forget, they would end here. */
function withoutSecrets(params: ServiceCall['params']): ServiceCall['params'] {
  return Object.fromEntries(
    Object.entries(params).filter(([name]) => !['accesstoken', 'nonce'].includes(name.toLowerCase())),
  )
}

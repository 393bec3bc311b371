import type { Caller } from '../handlers/caller.ts'
import type { Clock } from '../lib/clock.ts'
import {
  type Approval,
  afterCreateClient,
  afterRequestAccessToken,
  nextStep,
  noApproval,
} from './approval.ts'
import type { NoAnswer, Question } from './exchange.ts'
import { approvalAttempts, type PluginLimits } from './limits.ts'
import { approval as approvalNames } from './plugin.ts'
import type { Runtime } from './runtime.ts'
import type { ServiceCall } from './service-host.ts'

/** What a plug-in thinks of one caller using one of its services, asked for once and then kept. */
export interface Slot {
  readonly caller: Caller
  approval: Approval
  /** Calls that arrive together share one approval. */
  pending: Promise<NoAnswer | undefined> | undefined
  /** It was forgotten, while a call may still wait for the approval. */
  isOver: boolean
}

export interface Approver {
  slotOf(call: ServiceCall, localId: string): Slot
  /** Walks the two steps of gotapi 7.4 as far as needed. An outcome that is no answer ends the walk and comes back. */
  approve(slot: Slot, call: ServiceCall, localId: string, leftMs: () => number): Promise<NoAnswer | undefined>
  slots(): Iterable<Slot>
  forget(callerId: string): void
  forgetAll(): void
}

export function createApprover(deps: {
  readonly runtime: Pick<Runtime, 'ask'>
  readonly clock: Clock
  readonly sender: { readonly product: string; readonly version: string }
  /** Every profile of the plug-in: what `requestAccessToken` asks for. */
  readonly profiles: readonly string[]
  /** Whether it is told of clients that are over. */
  readonly builtIn: boolean
  readonly limits: Pick<PluginLimits, 'callMs'>
}): Approver {
  const { runtime, clock } = deps
  const held = new Map<string, Slot>()

  const questionFor = (approval: Approval, { caller }: ServiceCall, localId: string): Question => {
    const asked = {
      action: 'GET' as const,
      api: 'gotapi' as const,
      profile: approvalNames.profile,
      serviceId: localId,
      origin: caller.origin,
      package: caller.origin,
      applicationName: caller.name,
      params: {},
      ...deps.sender,
    }
    const clientId = clientOf(approval)
    return clientId === undefined
      ? { ...asked, attribute: approvalNames.createClient }
      : { ...asked, attribute: approvalNames.requestAccessToken, clientId, scope: deps.profiles.join(',') }
  }

  const walk: Approver['approve'] = async (slot, call, localId, leftMs) => {
    for (let asked = 0; asked < 2 * approvalAttempts; asked++) {
      const step = nextStep(slot.approval, clock.now())
      if (step === 'deliver' || step === 'refuse') return undefined
      const outcome = await runtime.ask(questionFor(slot.approval, call, localId), leftMs())
      if (outcome.kind !== 'answered') return outcome
      slot.approval =
        step === 'createClient'
          ? afterCreateClient(outcome.response)
          : afterRequestAccessToken(clientOf(slot.approval) ?? '', outcome.response)
    }
    return undefined
  }

  /** One after the other: there may be one for each printer, and a plug-in owes only so many answers at a time. */
  const tellOver = async (slots: readonly Slot[]) => {
    for (const slot of slots) {
      // A client that is just being made is over as soon as it is there.
      await slot.pending
      const { approval, caller } = slot
      const clientId = clientOf(approval)
      if (clientId === undefined) continue
      const question: Question = {
        action: 'DELETE',
        api: 'gotapi',
        profile: approvalNames.profile,
        attribute: approvalNames.forgetClient,
        clientId,
        ...(approval.kind === 'approved' && { accessToken: approval.token }),
        origin: caller.origin,
        package: caller.origin,
        params: {},
        ...deps.sender,
      }
      await runtime.ask(question, deps.limits.callMs)
    }
  }

  return {
    slotOf(call, localId) {
      const key = JSON.stringify([call.caller.id, localId])
      const slot = held.get(key) ?? newSlot(call.caller)
      held.set(key, slot)
      return slot
    },
    approve(slot, call, localId, leftMs) {
      slot.pending ??= walk(slot, call, localId, leftMs).finally(() => {
        slot.pending = undefined
      })
      return slot.pending
    },
    slots: () => held.values(),
    forget(callerId) {
      const over = [...held].filter(([, { caller }]) => caller.id === callerId)
      for (const [key, slot] of over) {
        slot.isOver = true
        held.delete(key)
      }
      if (deps.builtIn) void tellOver(over.map(([, slot]) => slot))
    },
    forgetAll: () => held.clear(),
  }
}

const newSlot = (caller: Caller): Slot => ({
  caller,
  approval: noApproval,
  pending: undefined,
  isOver: false,
})

function clientOf(approval: Approval): string | undefined {
  return approval.kind === 'client' || approval.kind === 'approved' ? approval.clientId : undefined
}

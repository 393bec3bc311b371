import { type Outcome, type Refusal, refuse } from '../handlers/outcome.ts'
import type { NoAnswer } from './exchange.ts'
import { payloadOf } from './payload.ts'
import { type ResponseMessage, refusalExtras } from './plugin.ts'

/** gotapi 3.5: the numbers of a RESPONSE that the host itself acts on. */
export const said = {
  unknown: 1,
  profile: 2,
  denied: 11,
  tokenExpired: 12,
  tokenMissing: 13,
  outOfScope: 14,
  clientUnknown: 15,
} as const

/** These speak of the application's token, which is the server's business: coming from a plug-in they mislead. */
const aboutTokens: readonly number[] = [
  said.tokenExpired,
  said.tokenMissing,
  said.outOfScope,
  said.clientUnknown,
]

/**
 * gotapi 48: what the plug-in said, for the application. Only what came with Gantry speaks Gantry's codes; the others
 * know numbers.
 */
export function answerOf(response: ResponseMessage, builtIn: boolean): Outcome {
  if (response.result === 0) return { result: 0, payload: payloadOf(response) }
  const message = response.errorMessage ?? 'The plug-in answered with an error and gave no reason.'
  const { about, reason, reasonParams } = refusalExtras.parse(response)
  if (builtIn && reason) return refuse(reason, message, reasonParams)
  // node-gotapi repeats the code in `result`; 0 as an error code would read as success.
  const number = Math.max(response.errorCode || response.result, said.unknown)
  const misleads = aboutTokens.includes(number) && !about
  return refuse('plugin.refused', message, { number: misleads ? said.denied : number })
}

export function unanswered(outcome: NoAnswer): Refusal {
  switch (outcome.kind) {
    case 'late':
      return refuse('plugin.late', 'The plug-in did not answer in time.')
    case 'malformed':
      return refuse('plugin.malformed', 'The plug-in answered with something that makes no sense.')
    case 'closed':
      return refuse('plugin.crashed', 'The plug-in stopped before it answered.')
    case 'cancelled':
      return nobodyWaits()
    case 'full':
      return refuse('plugin.busy', 'The plug-in has too many calls to answer. Try again in a moment.')
    default:
      return outcome.kind satisfies never
  }
}

export const nobodyWaits = () => refuse('cancelled', 'Nobody waits for the answer any more.')
export const noSuchService = () => refuse('service.unknown', 'There is no such service.')

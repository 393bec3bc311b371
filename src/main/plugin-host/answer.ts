import type { NoAnswer } from './exchange.ts'
import { payloadOf } from './payload.ts'
import type { ResponseMessage } from './plugin.ts'
import type { ServiceAnswer, ServiceRefusal } from './service-host.ts'

/** gotapi 3.5: the numbers the host itself says; a plug-in may say others. */
export const code = {
  unknown: 1,
  profile: 2,
  serviceMissing: 5,
  serviceUnknown: 6,
  timeout: 7,
  parameter: 10,
  denied: 11,
  tokenExpired: 12,
  tokenMissing: 13,
  outOfScope: 14,
  clientUnknown: 15,
  serverState: 17,
  pluginDisabled: 21,
} as const

export function refusal(errorCode: number, errorMessage: string): ServiceRefusal {
  return { result: 1, errorCode, errorMessage }
}

/** These speak of the application's token, which is the server's business: coming from a plug-in they mislead. */
const aboutTokens: readonly number[] = [
  code.tokenExpired,
  code.tokenMissing,
  code.outOfScope,
  code.clientUnknown,
]

/** gotapi 48: what the plug-in said, for the application. */
export function answerOf(response: ResponseMessage): ServiceAnswer {
  if (response.result === 0) return { result: 0, payload: payloadOf(response) }
  // node-gotapi repeats the code in `result`; 0 as an error code would read as success.
  const said = Math.max(response.errorCode || response.result, code.unknown)
  return refusal(
    aboutTokens.includes(said) && !response.about ? code.denied : said,
    response.errorMessage ?? 'The plug-in answered with an error and gave no reason.',
  )
}

export function unanswered(outcome: NoAnswer): ServiceAnswer {
  switch (outcome.kind) {
    case 'late':
      return refusal(code.timeout, 'The plug-in did not answer in time.')
    case 'malformed':
      return refusal(code.unknown, 'The plug-in answered with something that makes no sense.')
    case 'closed':
      return refusal(code.unknown, 'The plug-in stopped before it answered.')
    case 'cancelled':
      return refusal(code.unknown, 'Nobody waits for the answer any more.')
    case 'full':
      return refusal(code.serverState, 'The plug-in has too many calls to answer. Try again in a moment.')
    default:
      return outcome.kind satisfies never
  }
}

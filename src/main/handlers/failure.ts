import { type ErrorCode, type ErrorDetails, toldDetails } from '../contract/error.ts'
import type { Refusal } from './outcome.ts'

/** gotapi 3.5: the one table from Gantry's codes to GotAPI's numbers, for answers and for a plug-in's RESPONSE. */
const numberByCode: Readonly<Record<ErrorCode, number>> = {
  'config.invalid': 17,
  'config.unreadable': 17,
  'data.unwritable': 17,
  'data.full': 17,
  'data.held': 17,
  'store.damaged': 17,
  'store.future': 17,
  'store.migration': 17,
  'store.conflict': 10,
  'display.missing': 17,
  'port.taken': 17,
  'room.timeout': 17,
  'request.bad-address': 19,
  'request.unreadable': 19,
  'request.reserved-name': 20,
  'request.unknown-profile': 2,
  'request.unknown-route': 4,
  'request.wrong-method': 3,
  'request.invalid': 10,
  'request.too-large': 1,
  'request.too-late': 7,
  'bytes.gap': 10,
  'bytes.too-many': 10,
  'bytes.out-of-range': 10,
  'auth.origin': 18,
  'auth.denied': 11,
  'auth.too-often': 17,
  'auth.too-much': 17,
  'auth.client-unknown': 15,
  'auth.token-missing': 13,
  'auth.token-unknown': 15,
  'auth.token-expired': 12,
  'auth.scope-missing': 14,
  'service.missing': 5,
  'service.unknown': 6,
  'plugin.invalid': 10,
  'plugin.unknown': 10,
  'plugin.unreadable': 17,
  'plugin.disabled': 21,
  'plugin.restarting': 21,
  'plugin.stopped': 21,
  'plugin.crashed': 1,
  'plugin.late': 7,
  'plugin.malformed': 1,
  'plugin.busy': 17,
  'plugin.denied': 11,
  // One that gave no number of its own; `numberOf` has the rest.
  'plugin.refused': 1,
  'printer.offline': 16,
  'printer.busy': 16,
  'printer.printing': 16,
  'printer.not-printing': 16,
  'printer.not-paused': 16,
  'printer.paused': 16,
  'printer.halted': 16,
  'printer.left-alone': 16,
  'printer.bed-to-clear': 16,
  'printer.bed-changed': 16,
  'printer.held': 16,
  'printer.in-doubt': 16,
  'printer.unsupported': 8,
  'printer.refused': 16,
  'printer.credentials': 16,
  'printer.no-reading': 16,
  'printer.unknown': 6,
  'job.unknown': 10,
  'file.unknown': 10,
  'file.unreadable': 10,
  'file.wrong-kind': 10,
  'contents.unknown': 10,
  'contents.unreachable': 16,
  'contents.refused': 16,
  'contents.login-refused': 11,
  'contents.token-unknown': 10,
  'contents.token-expired': 12,
  'wire.timeout': 7,
  'wire.malformed': 16,
  'wire.closed': 16,
  'wire.untrusted': 16,
  'wire.redirected': 16,
  'wire.too-large': 16,
  cancelled: 17,
  'internal.bug': 1,
}

/** A plug-in of somebody else's knows numbers only: its own stands as it said it (gotapi 48). */
export function numberOf({ code, params }: Pick<Refusal, 'code' | 'params'>): number {
  const own = code === 'plugin.refused' ? params.number : undefined
  return typeof own === 'number' ? own : numberByCode[code]
}

/** A refusal as every transport writes it. */
export interface Failure {
  readonly errorCode: number
  readonly errorMessage: string
  /** The code: what a screen says in its own language. */
  readonly reason: ErrorCode
  /** What belongs into that sentence, where there is anything. */
  readonly reasonParams?: ErrorDetails
}

export function failureOf(refusal: Refusal): Failure {
  const { code, message, params } = refusal
  const told = toldDetails(code, params)
  return {
    errorCode: numberOf(refusal),
    errorMessage: message,
    reason: code,
    ...(Object.keys(told).length > 0 && { reasonParams: told }),
  }
}

import { type ErrorCode, isGantryError } from '../../contract/error.ts'

/** gotapi 3.5, the last column of its table. */
const statusByCode: Readonly<Record<number, number>> = {
  1: 500,
  2: 404,
  3: 405,
  4: 404,
  5: 400,
  6: 404,
  7: 504,
  8: 404,
  9: 409,
  10: 400,
  11: 403,
  12: 403,
  13: 403,
  14: 403,
  15: 401,
  16: 409,
  17: 503,
  18: 403,
  19: 400,
  20: 400,
  21: 503,
  22: 503,
}

/** Codes of a plug-in's own (100 and up) are its refusals. */
export const statusOf = (errorCode: number): number => statusByCode[errorCode] ?? 400

/** The one table from Gantry's codes to GotAPI's numbers. */
const numberByCode = {
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
  'request.invalid': 10,
  'request.unknown-route': 4,
  'request.too-large': 10,
  'auth.origin': 18,
  'auth.denied': 11,
  'auth.too-often': 17,
  'auth.token-missing': 13,
  'auth.token-unknown': 15,
  'auth.token-expired': 12,
  'auth.scope-missing': 14,
  'service.missing': 5,
  'service.unknown': 6,
  'plugin.invalid': 10,
  'plugin.unreadable': 17,
  'plugin.disabled': 21,
  'plugin.crashed': 1,
  'plugin.refused': 16,
  'printer.offline': 16,
  'printer.busy': 16,
  'printer.unsupported': 8,
  'printer.refused': 16,
  'printer.credentials': 16,
  'printer.no-reading': 16,
  'printer.unknown': 10,
  'job.unknown': 10,
  'file.unknown': 10,
  'file.unreadable': 10,
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
} as const satisfies Record<ErrorCode, number>

export const TOO_MANY_REQUESTS = 429

/** What went wrong, as an application is told; undefined for a mistake of ours, whose words stay in the log. */
export function refusalOf(thrown: unknown): Refusal | undefined {
  if (!isGantryError(thrown) || thrown.code === 'internal.bug') return undefined
  const status = thrown.code === 'auth.too-often' ? TOO_MANY_REQUESTS : undefined
  return refuse(numberByCode[thrown.code], thrown.message, status)
}

export interface Refusal {
  readonly result: 1
  readonly errorCode: number
  readonly errorMessage: string
  /** Where the transport asks for another status than the table's. */
  readonly status?: number
}

export type Outcome = { readonly result: 0; readonly payload: Readonly<Record<string, unknown>> } | Refusal

export const refuse = (errorCode: number, errorMessage: string, status?: number): Refusal => ({
  result: 1,
  errorCode,
  errorMessage,
  ...(status !== undefined && { status }),
})

export const succeed = (payload: Readonly<Record<string, unknown>> = {}): Outcome => ({ result: 0, payload })

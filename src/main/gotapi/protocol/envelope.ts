import type { ErrorCode } from '../../contract/error.ts'
import { reservedNames } from '../../contract/reserved-names.ts'
import { failureOf, numberOf } from '../../handlers/failure.ts'
import type { Outcome, Refusal } from '../../handlers/outcome.ts'

/** gotapi 3.4: what stands in every answer. */
export interface Envelope {
  readonly product: string
  readonly version: string
}

interface Extras {
  readonly pathKey?: string | undefined
  readonly serviceId?: string | undefined
  readonly nonce?: string | undefined
  readonly hmac?: string | undefined
}

/** gotapi 3.4: failures of these two carry their value, empty. */
const emptyOnFailure: ReadonlyMap<string | undefined, string> = new Map([
  ['authorization/grant', 'clientId'],
  ['authorization/accesstoken', 'accessToken'],
])

export function wrap(
  { product, version }: Envelope,
  outcome: Outcome,
  extras: Extras,
): Record<string, unknown> {
  const body: Record<string, unknown> = { result: outcome.result, product, version }
  if (outcome.result === 0) {
    if (extras.serviceId !== undefined) body.serviceId = extras.serviceId
    for (const name of Object.keys(outcome.payload)) {
      if (!reservedNames.answer.has(name)) body[name] = outcome.payload[name]
    }
  } else {
    Object.assign(body, failureOf(outcome))
    const empty = emptyOnFailure.get(extras.pathKey)
    if (empty !== undefined) body[empty] = ''
  }
  if (extras.nonce !== undefined) body.nonce = extras.nonce
  if (extras.hmac !== undefined) body.hmac = extras.hmac
  return body
}

/** gotapi 3.5, the last column of its table. */
const statusByNumber: Readonly<Record<number, number>> = {
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

/** Where HTTP has a status of its own for what happened. */
const statusByCode: Partial<Record<ErrorCode, number>> = {
  'auth.too-often': 429,
  'request.too-large': 413,
  'request.too-late': 408,
  'bytes.gap': 409,
  'bytes.too-many': 413,
  'bytes.out-of-range': 416,
}

/** The status of HTTP. Numbers of a plug-in's own (100 and up) are its refusals. */
export const statusOf = (refusal: Refusal): number =>
  statusByCode[refusal.code] ?? statusByNumber[numberOf(refusal)] ?? 400

import type { Outcome } from './outcome.ts'

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

/** Names of the envelope: no payload can put its own in their place. */
const reserved = new Set([
  'result',
  'product',
  'version',
  'hmac',
  'nonce',
  'errorCode',
  'errorMessage',
  'serviceId',
])

/** gotapi 3.4: failures of these two carry their value, empty. */
const emptyOnFailure: Readonly<Record<string, string>> = {
  'authorization/grant': 'clientId',
  'authorization/accesstoken': 'accessToken',
}

export function wrap(
  { product, version }: Envelope,
  outcome: Outcome,
  extras: Extras,
): Record<string, unknown> {
  const body: Record<string, unknown> = { result: outcome.result, product, version }
  if (outcome.result === 0) {
    if (extras.serviceId !== undefined) body.serviceId = extras.serviceId
    for (const name of Object.keys(outcome.payload)) {
      if (!reserved.has(name)) body[name] = outcome.payload[name]
    }
  } else {
    body.errorCode = outcome.errorCode
    body.errorMessage = outcome.errorMessage
    const empty = extras.pathKey === undefined ? undefined : emptyOnFailure[extras.pathKey]
    if (empty !== undefined) body[empty] = ''
  }
  if (extras.nonce !== undefined) body.nonce = extras.nonce
  if (extras.hmac !== undefined) body.hmac = extras.hmac
  return body
}

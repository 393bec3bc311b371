import { said } from './answer.ts'
import { type ResponseMessage, refusalExtras } from './plugin.ts'

/** gotapi 7.4: what a plug-in thinks of one application using one of its services. */
export type Approval =
  | { readonly kind: 'none' }
  | { readonly kind: 'client'; readonly clientId: string }
  | {
      readonly kind: 'approved'
      readonly clientId: string
      readonly token: string
      /** Lower case; undefined means every profile of the plug-in. */
      readonly scopes?: readonly string[]
      readonly expireAt?: number
    }
  /** The plug-in has no approval of its own: go on without a token. */
  | { readonly kind: 'unguarded' }
  /** It said no. Never kept: the next call asks again. */
  | { readonly kind: 'refused'; readonly reason: string }

export const noApproval: Approval = { kind: 'none' }

export type ApprovalStep = 'createClient' | 'requestAccessToken' | 'deliver' | 'refuse'

export function nextStep(approval: Approval, nowAt: number): ApprovalStep {
  switch (approval.kind) {
    case 'none':
      return 'createClient'
    case 'client':
      return 'requestAccessToken'
    case 'approved':
      return approval.expireAt !== undefined && approval.expireAt <= nowAt ? 'requestAccessToken' : 'deliver'
    case 'unguarded':
      return 'deliver'
    case 'refused':
      return 'refuse'
    default:
      return approval satisfies never
  }
}

/** The plug-in answered `createClient`. */
export function afterCreateClient(response: ResponseMessage): Approval {
  if (response.result !== 0) {
    if (response.errorCode === said.profile) return { kind: 'unguarded' }
    return { kind: 'refused', reason: reasonOf(response) }
  }
  const { clientId } = response
  if (typeof clientId !== 'string' || clientId === '')
    return { kind: 'refused', reason: 'The plug-in gave no client id.' }
  return { kind: 'client', clientId }
}

/** The plug-in answered `requestAccessToken`. */
export function afterRequestAccessToken(clientId: string, response: ResponseMessage): Approval {
  if (response.result !== 0) {
    if (response.errorCode === said.clientUnknown) return noApproval
    return { kind: 'refused', reason: reasonOf(response) }
  }
  const { accessToken: token, expire } = response
  if (typeof token !== 'string' || token === '')
    return { kind: 'refused', reason: 'The plug-in gave no access token.' }
  const scopes = scopesOf(response.scopes)
  return {
    kind: 'approved',
    clientId,
    token,
    ...(scopes === undefined ? {} : { scopes }),
    ...(typeof expire === 'number' && expire > 0 ? { expireAt: expire } : {}),
  }
}

/** gotapi 43: the plug-in answered the request itself; undefined when its answer stands. */
export function afterDelivery(approval: Approval, response: ResponseMessage): Approval | undefined {
  if (response.result === 0 || approval.kind !== 'approved') return undefined
  if (refusalExtras.parse(response).about) return undefined
  if (response.errorCode === said.clientUnknown) return noApproval
  if (response.errorCode === said.tokenExpired) return { kind: 'client', clientId: approval.clientId }
  return undefined
}

export function covers(approval: Approval, profile: string): boolean {
  return approval.kind !== 'approved' || (approval.scopes?.includes(profile.toLowerCase()) ?? true)
}

function reasonOf(response: ResponseMessage): string {
  return response.errorMessage ?? 'The plug-in gave no reason.'
}

/** gotapi 4.3: `[{scope, expirePeriod}]`; plain names are taken too. */
function scopesOf(raw: unknown): readonly string[] | undefined {
  if (!Array.isArray(raw)) return undefined
  return raw
    .map((item: unknown) =>
      typeof item === 'object' && item !== null && 'scope' in item ? item.scope : item,
    )
    .filter(name => typeof name === 'string')
    .map(name => name.toLowerCase())
}

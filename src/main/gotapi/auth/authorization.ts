import { GantryError } from '../../contract/error.ts'
import type { ParsedParams, RouteResult } from '../../contract/routes.ts'
import type { Via } from '../../handlers/caller.ts'
import { type Refusal, refuse } from '../../handlers/outcome.ts'
import type { Clock } from '../../lib/clock.ts'
import { createRate, type Rate } from '../../lib/rate.ts'
import type { GotapiPolicy } from '../protocol/policy.ts'
import type { AnswerKeys } from './answer-keys.ts'
import type { Clients, Member } from './clients.ts'
import { type Desk, whyDenied } from './desk.ts'
import type { createInvitations } from './invitations.ts'
import { limits } from './limits.ts'
import {
  allScope,
  applicationScopes,
  everyScope,
  invitedScopes,
  type Profiles,
  parseScopes,
} from './scope.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
type TokenParams = ParsedParams<'GET authorization/accesstoken'>
type TokenResult = RouteResult<'GET authorization/accesstoken'>

export interface AuthorizationDeps {
  readonly clock: Clock
  readonly clients: Clients
  readonly keys: AnswerKeys
  readonly desk: Desk
  readonly invitations: ReturnType<typeof createInvitations>
  /** How often one application may bother the owner. */
  readonly questions: Rate
  readonly profiles: Profiles
  readonly policy: () => GotapiPolicy
  /** Where `device` counts: the origins of pages that Gantry serves itself. */
  readonly isOwnOrigin: (origin: string) => boolean
}

export interface Asking {
  readonly origin: string
  readonly via: Via
  readonly leaving: () => AbortSignal
}

interface Permission {
  readonly scopes: readonly string[]
  readonly lifeMs: number
  readonly isVisit: boolean
  readonly isInvited: boolean
  readonly name: string
}

/** GotAPI-2 (gotapi 4): who becomes a client, and who gets a token for what. */
export function createAuthorization(deps: AuthorizationDeps) {
  const { clock, clients, keys, desk, invitations, profiles } = deps
  const perMinute = (count: number) =>
    createRate(clock, { limit: () => count, windowMs: minuteMs, namesKept: limits.originsCounted })
  const grants = perMinute(limits.grantsPerMinute)
  const { questions } = deps

  const limitRate = (rate: typeof grants, { origin, via }: Asking) => {
    if (via !== 'inside' && !rate.take(origin)) throw tooOften()
  }

  function grant(asking: Asking, device: string | undefined): { clientId: string } {
    limitRate(grants, asking)
    const viewer = device !== undefined && deps.isOwnOrigin(asking.origin) ? device : ''
    return { clientId: clients.create(asking.origin, viewer).id }
  }

  async function accessToken(asking: Asking, params: TokenParams): Promise<TokenResult> {
    const asked = parseScopes(params.scope)
    const member = clients.byId(params.clientId)
    if (!member || member.client.origin !== asking.origin) throw unknownClient()
    const name = params.applicationName?.trim() || asking.origin
    const permission =
      params.invitation === undefined
        ? await askOwner(asking, name, asked)
        : invited(params.invitation, asked, name)
    // The owner took their time: a second grant may have ended this client meanwhile.
    if (clients.byId(params.clientId) !== member) throw unknownClient()
    return issue(member, permission)
  }

  function invited(code: string, asked: readonly string[], name: string): Permission {
    const invitation = invitations.take(code)
    if (!invitation) throw denied('This invitation was used already, or its time is over.')
    const scopes = invitedScopes(asked, invitation.scopes)
    return {
      scopes,
      lifeMs: limits.ownDays * dayMs,
      isVisit: false,
      isInvited: true,
      name: invitation.about || name,
    }
  }

  async function askOwner(asking: Asking, name: string, asked: readonly string[]): Promise<Permission> {
    const scopes = applicationScopes(asked, profiles)
    limitRate(questions, asking)
    const { origin } = asking
    const lifeDays = deps.policy().grantedDays
    const shown = asked.includes(allScope) ? [allScope] : scopes
    const answer = await desk.ask({ kind: 'access', origin, name, scopes: shown, lifeDays }, asking.leaving())
    const isInvited = false
    if (answer === 'allow') return { scopes, lifeMs: lifeDays * dayMs, isVisit: false, isInvited, name }
    if (answer === 'once') return { scopes, lifeMs: limits.visitMs, isVisit: true, isInvited, name }
    throw denied(whyDenied[answer])
  }

  function issue(member: Member, permission: Permission): TokenResult {
    const { scopes, lifeMs, isVisit, isInvited, name } = permission
    const expire = clock.now() + lifeMs
    const accessToken = clients.issue(member, {
      name,
      isVisit,
      isInvited,
      scopes: new Map(scopes.map(scope => [scope, expire])),
      answerKey: keys.claim(member.client.origin) ?? member.answerKey,
    })
    const expirePeriod = Math.floor(lifeMs / 1_000)
    return {
      accessToken,
      scopes: scopes.map(scope => ({ scope: scope === everyScope ? allScope : scope, expirePeriod })),
      expire,
    }
  }

  return { grant, accessToken }
}

const tooOften = () =>
  new GantryError('auth.too-often', 'This application asks too often. Try again in a minute.')
const denied = (message: string) => new GantryError('auth.denied', message)
const unknownClient = () =>
  new GantryError('auth.client-unknown', 'Gantry does not know this client. Ask for a grant first.')

export const unknownToken = () =>
  refuse('auth.token-unknown', 'This access token is not known, or was taken back.')

/** gotapi 3.5: unknown 13 and 15 before scope 14 before expiry 12. `profile` in lower case. */
export function checkToken(
  member: Member | undefined,
  caller: { readonly origin: string; readonly token: string | undefined; readonly profile: string },
  nowAt: number,
): Refusal | undefined {
  if (caller.token === undefined || caller.token === '')
    return refuse('auth.token-missing', 'This call needs an access token.')
  if (!member?.grant || member.client.origin !== caller.origin) {
    return unknownToken()
  }
  const until = scopeEnd(member, caller.profile)
  if (until === undefined) {
    const { profile } = caller
    return refuse('auth.scope-missing', `This access token does not cover ${profile}.`, { profile })
  }
  return until > nowAt ? undefined : refuse('auth.token-expired', 'This access token is past its time.')
}

/** When the permission for a profile ends; undefined where there never was one. */
export const scopeEnd = ({ grant }: Member, profile: string): number | undefined =>
  grant?.scopes.get(profile) ?? grant?.scopes.get(everyScope)

/** When the last of its permissions ends. */
export const grantEnd = ({ grant }: Member): number => Math.max(0, ...(grant?.scopes.values() ?? []))

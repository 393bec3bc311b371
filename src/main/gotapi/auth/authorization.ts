import { GantryError } from '../../contract/error.ts'
import type { ParsedParams, RouteResult } from '../../contract/routes.ts'
import { type Refusal, refuse } from '../../handlers/outcome.ts'
import type { Clock } from '../../lib/clock.ts'
import { createRate } from '../../lib/rate.ts'
import type { GotapiPolicy } from '../protocol/policy.ts'
import type { AnswerKeys } from './answer-keys.ts'
import { type Asker, rateNameOf } from './asker.ts'
import type { Member } from './client.ts'
import type { Clients } from './clients.ts'
import type { createInvitations } from './invitations.ts'
import { limits } from './limits.ts'
import { isYes, type Questions, whyNot } from './questions.ts'
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
  readonly questions: Questions
  readonly invitations: ReturnType<typeof createInvitations>
  readonly profiles: Profiles
  readonly policy: () => GotapiPolicy
  /** Where `device` counts: the origins of pages that Gantry serves itself. */
  readonly isOwnOrigin: (origin: string) => boolean
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
  const { clock, clients, keys, questions, invitations, profiles } = deps
  const grants = createRate(clock, {
    limit: () => limits.grantsPerMinute,
    windowMs: minuteMs,
    namesKept: limits.originsCounted,
  })

  function grant(asker: Asker, device: string | undefined): { clientId: string } {
    if (asker.via !== 'inside' && !grants.take(rateNameOf(asker))) throw whyNot('too-often')
    const viewer = device !== undefined && deps.isOwnOrigin(asker.origin) ? device : ''
    return { clientId: clients.create(asker, viewer).id }
  }

  async function accessToken(asker: Asker, params: TokenParams, leaving: AbortSignal): Promise<TokenResult> {
    const asked = parseScopes(params.scope)
    const member = clients.byId(params.clientId)
    if (!member || !isOf(member, asker)) throw unknownClient()
    const name = params.applicationName?.trim() || asker.origin
    const permission =
      params.invitation === undefined
        ? await clients.whileAsked(member, () => askOwner(asker, name, asked, leaving))
        : invited(params.invitation, asked, name)
    // The owner took their time: they may have ended this client meanwhile.
    if (!clients.has(member)) throw unknownClient()
    return issue(member, permission, asker)
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

  async function askOwner(
    asker: Asker,
    name: string,
    asked: readonly string[],
    leaving: AbortSignal,
  ): Promise<Permission> {
    const scopes = applicationScopes(asked, profiles)
    const lifeDays = deps.policy().grantedDays
    const shown = asked.includes(allScope) ? [allScope] : scopes
    const question = { kind: 'access', name, scopes: shown, lifeDays } as const
    const answer = await questions.ask(question, asker, leaving)
    if (!isYes(answer)) throw whyNot(answer)
    const isVisit = answer === 'once'
    const lifeMs = isVisit ? limits.visitMs : lifeDays * dayMs
    return { scopes, lifeMs, isVisit, isInvited: false, name }
  }

  function issue(member: Member, permission: Permission, asker: Asker): TokenResult {
    const { scopes, lifeMs, isVisit, isInvited, name } = permission
    const expire = clock.now() + lifeMs
    const accessToken = clients.issue(member, {
      name,
      isVisit,
      isInvited,
      scopes: new Map(scopes.map(scope => [scope, expire])),
      answerKey: keys.offered(asker) ?? member.answerKey,
    })
    keys.claimed(asker)
    const expirePeriod = Math.floor(lifeMs / 1_000)
    return {
      accessToken,
      scopes: scopes.map(scope => ({ scope: scope === everyScope ? allScope : scope, expirePeriod })),
      expire,
    }
  }

  return { grant, accessToken }
}

const isOf = ({ client }: Member, { origin, via }: Asker) => client.origin === origin && client.via === via
const denied = (message: string) => new GantryError('auth.denied', message)
const unknownClient = () =>
  new GantryError('auth.client-unknown', 'Gantry does not know this client. Ask for a grant first.')

export const unknownToken = () =>
  refuse('auth.token-unknown', 'This access token is not known, or was taken back.')

/** gotapi 3.5: unknown 13 and 15 before scope 14 before expiry 12. `member`: whose token it is, `profile` in lower case. */
export function checkToken(
  member: Member | undefined,
  { token, profile }: { readonly token: string | undefined; readonly profile: string },
  nowAt: number,
): Refusal | undefined {
  if (token === undefined || token === '')
    return refuse('auth.token-missing', 'This call needs an access token.')
  if (!member?.grant) return unknownToken()
  const until = scopeEnd(member, profile)
  if (until === undefined) {
    return refuse('auth.scope-missing', `This access token does not cover ${profile}.`, { profile })
  }
  return until > nowAt ? undefined : refuse('auth.token-expired', 'This access token is past its time.')
}

/** When the permission for a profile ends; undefined where there never was one. */
export const scopeEnd = ({ grant }: Member, profile: string): number | undefined =>
  grant?.scopes.get(profile) ?? grant?.scopes.get(everyScope)

/** When the last of its permissions ends. */
export const grantEnd = ({ grant }: Member): number => Math.max(0, ...(grant?.scopes.values() ?? []))

import type { Via } from '../../handlers/caller.ts'
import { type Refusal, refuse } from '../../handlers/outcome.ts'
import type { OriginHeaders } from './gateway.ts'

/** The window's pages. Nobody on a socket may call itself that. */
export const windowOrigin = 'app://gantry'

const LIMIT_CHARS = 255
const webOrigin = /^https?:\/\//
const otherOrigin = /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#,@\\]+$/
/** What a packaged application calls itself where there is no page. */
const packageName = /^[a-z0-9][a-z0-9._-]*$/

export interface OriginRules {
  readonly allowNullOrigin: boolean
}

/** gotapi 10.2: who calls. Origin, then X-GotAPI-Origin, then Referer; more than one, or two that differ, is nobody. */
export function resolveOrigin(headers: OriginHeaders, via: Via, rules: OriginRules): string | Refusal {
  const { origin, gotapiOrigin, referer } = headers
  const said = origin ?? gotapiOrigin ?? originOfReferer(referer)
  if (said === undefined || said === '') {
    return refuse(
      'auth.origin',
      'The call does not say its origin. Send an Origin or X-GotAPI-Origin header.',
    )
  }
  const known = normalise(said, origin === undefined, rules)
  if (typeof known !== 'string') return known
  if (origin !== undefined && gotapiOrigin !== undefined) {
    const other = normalise(gotapiOrigin, true, rules)
    if (other !== known) return refuse('auth.origin', 'Origin and X-GotAPI-Origin differ.')
  }
  if (known === windowOrigin && via !== 'inside') return refuse('auth.origin', 'This origin is Gantry’s own.')
  return known
}

const cached = new Map<string, string>()
const CACHE_LIMIT = 500

/** Origins come again and again; what was good once stays good. */
function normalise(said: string, mayBePackage: boolean, rules: OriginRules): string | Refusal {
  const known = mayBePackage ? undefined : cached.get(said)
  if (known !== undefined) return known
  const origin = examine(said, mayBePackage, rules)
  if (typeof origin !== 'string' || mayBePackage || origin === 'null') return origin
  if (cached.size >= CACHE_LIMIT) cached.clear()
  cached.set(said, origin)
  return origin
}

function examine(said: string, mayBePackage: boolean, { allowNullOrigin }: OriginRules): string | Refusal {
  if (said.length > LIMIT_CHARS) return refuse('auth.origin', 'The origin is too long.')
  if (/[\s,]/.test(said)) return refuse('auth.origin', 'There is more than one origin.')
  const lower = said.toLowerCase()
  if (lower === 'null') {
    return allowNullOrigin
      ? lower
      : refuse('auth.origin', 'Pages without an origin of their own are not let in.')
  }
  const isOrigin = webOrigin.test(lower)
    ? originOfUrl(lower) !== undefined && !/[/?#@\\]/.test(lower.replace(webOrigin, ''))
    : otherOrigin.test(lower) || (mayBePackage && packageName.test(lower))
  return isOrigin
    ? (originOfUrl(lower) ?? lower)
    : refuse('auth.origin', 'The origin is not of the form of one.')
}

function originOfReferer(referer: string | undefined): string | undefined {
  return referer === undefined ? undefined : originOfUrl(referer)
}

/** Only of web addresses: other schemes have none that counts. */
function originOfUrl(url: string): string | undefined {
  if (!webOrigin.test(url.toLowerCase())) return undefined
  try {
    return new URL(url).origin
  } catch {
    return undefined
  }
}

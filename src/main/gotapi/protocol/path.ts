import { type Refusal, refuse } from './outcome.ts'

/** gotapi 3.2: where a call goes. Names as the caller wrote them; `key` is what they are compared by. */
export interface CallPath {
  readonly profile: string
  readonly interface?: string
  readonly attribute?: string
  /** `profile[/interface][/attribute]` in lower case. */
  readonly key: string
}

const plainName = /^[A-Za-z0-9._:*+-]{1,100}$/
const reserved = new Set(['get', 'post', 'put', 'delete'])
const PATH_LIMIT_CHARS = 500

export function parsePath(path: string): CallPath | Refusal {
  if (path.length > PATH_LIMIT_CHARS) return refuse(19, 'The address is too long.')
  const [start, api, ...rest] = path.split('/')
  if (start !== '' || api?.toLowerCase() !== 'gotapi')
    return refuse(19, 'The address does not begin with /gotapi.')
  const names = rest.map(decode)
  // One slash too many at the end names nothing.
  if (names.at(-1) === '') names.pop()
  const [profile, second, third] = names
  if (profile === undefined) return refuse(19, 'The address names no profile.')
  if (names.length > 3 || !names.every(name => name !== undefined && plainName.test(name))) {
    return refuse(19, 'The address has parts that no GotAPI address has.')
  }
  if (reserved.has(profile.toLowerCase())) return refuse(20, `A profile cannot be called ${profile}.`)
  const key = names.join('/').toLowerCase()
  if (second === undefined) return { profile, key }
  return third === undefined
    ? { profile, attribute: second, key }
    : { profile, interface: second, attribute: third, key }
}

function decode(segment: string): string | undefined {
  if (!segment.includes('%')) return segment
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}

import { type CallPath, callPath } from '../../handlers/call-path.ts'
import { type Refusal, refuse } from '../../handlers/outcome.ts'

const plainName = /^[A-Za-z0-9._:*+-]{1,100}$/
const reserved = new Set(['get', 'post', 'put', 'delete'])
const PATH_LIMIT_CHARS = 500

export function parsePath(path: string): CallPath | Refusal {
  if (path.length > PATH_LIMIT_CHARS) return badAddress('The address is too long.')
  const [start, api, ...rest] = path.split('/')
  if (start !== '' || api?.toLowerCase() !== 'gotapi')
    return badAddress('The address does not begin with /gotapi.')
  const names = rest.map(decode)
  // One slash too many at the end names nothing.
  if (names.at(-1) === '') names.pop()
  const [profile, second, third] = names
  if (profile === undefined) return badAddress('The address names no profile.')
  if (names.length > 3 || !names.every(name => name !== undefined && plainName.test(name))) {
    return badAddress('The address has parts that no GotAPI address has.')
  }
  if (reserved.has(profile.toLowerCase()))
    return refuse('request.reserved-name', `A profile cannot be called ${profile}.`)
  return callPath(
    third === undefined ? { profile, attribute: second } : { profile, interface: second, attribute: third },
  )
}

const badAddress = (message: string) => refuse('request.bad-address', message)

function decode(segment: string): string | undefined {
  if (!segment.includes('%')) return segment
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}

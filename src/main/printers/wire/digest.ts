import { createHash } from 'node:crypto'

/** One `WWW-Authenticate: Digest` challenge. */
export interface Challenge {
  readonly realm: string
  readonly nonce: string
  readonly opaque?: string
  /** RFC 2617; absent is RFC 2069, which is what Buddy boards speak (printer-protocols 7.1). */
  readonly qop?: 'auth'
  /** `MD5-sess`, which is what PrusaLink on a Raspberry Pi asks for: the password's hash is bound to the nonce. */
  readonly session: boolean
  readonly stale: boolean
}

export function readChallenge(header: string | undefined): Challenge | undefined {
  if (header === undefined || !/^digest\s/i.test(header)) return undefined
  const fields: Record<string, string> = {}
  for (const [, key = '', quoted, bare] of header.matchAll(
    /(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g,
  )) {
    fields[key.toLowerCase()] = quoted?.replaceAll(/\\(.)/g, '$1') ?? bare ?? ''
  }
  const { realm, nonce, opaque, qop, algorithm = 'MD5', stale = '' } = fields
  if (realm === undefined || nonce === undefined || !/^md5(?:-sess)?$/i.test(algorithm)) return undefined
  return {
    realm,
    nonce,
    ...(opaque !== undefined && { opaque }),
    ...(qop?.split(/\s*,\s*/).includes('auth') && { qop: 'auth' as const }),
    session: /-sess$/i.test(algorithm),
    stale: /^true$/i.test(stale),
  }
}

export interface DigestUser {
  readonly username: string
  readonly password: string
}

/** The `Authorization` header for one request. `uri` must be the request target, letter by letter. */
export function digestOf(
  challenge: Challenge,
  user: DigestUser,
  request: { readonly method: string; readonly uri: string; readonly count: number; readonly cnonce: string },
): string {
  const { realm, nonce, opaque, qop } = challenge
  const { method, uri, cnonce } = request
  const secret = md5(`${user.username}:${realm}:${user.password}`)
  const ha1 = challenge.session ? md5(`${secret}:${nonce}:${cnonce}`) : secret
  const ha2 = md5(`${method}:${uri}`)
  const nc = request.count.toString(16).padStart(8, '0')
  const response = qop ? md5(`${ha1}:${nonce}:${nc}:${cnonce}:${qop}:${ha2}`) : md5(`${ha1}:${nonce}:${ha2}`)
  const quoted = {
    username: user.username,
    realm,
    nonce,
    uri,
    response,
    ...(opaque !== undefined && { opaque }),
  }
  const parts = Object.entries(quoted).map(([key, value]) => `${key}="${value.replaceAll(/["\\]/g, '\\$&')}"`)
  if (qop) parts.push(`qop=${qop}`, `nc=${nc}`)
  if (qop || challenge.session) parts.push(`cnonce="${cnonce}"`)
  if (challenge.session) parts.push('algorithm=MD5-sess')
  return `Digest ${parts.join(', ')}`
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}

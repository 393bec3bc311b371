import { createHash } from 'node:crypto'

/** A proxy that somebody put in front of a printer's host, with a password of its own. */
export interface FrontDoor {
  readonly scheme: 'basic' | 'digest'
  readonly username: string
  readonly password: string
}

const realm = 'Workshop'
const nonce = 'dcd98b7102dd2f0e8b11d0f600bfb0c0'
const md5 = (text: string) => createHash('md5').update(text).digest('hex')

/** undefined: go in. Digest as RFC 2617 has it, with a count for each proof. */
export function knock(
  door: FrontDoor,
  request: { readonly method: string; readonly headers: Readonly<Record<string, string>> },
): { readonly status: 401; readonly headers: Readonly<Record<string, string>> } | undefined {
  const { scheme, username, password } = door
  const header = request.headers.authorization ?? ''
  if (scheme === 'basic') {
    const right = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
    const asked = { 'www-authenticate': `Basic realm="${realm}"` }
    return header === right ? undefined : { status: 401, headers: asked }
  }
  const field = (key: string) => new RegExp(`\\b${key}="?([^",]*)"?`).exec(header)?.[1] ?? ''
  const ha2 = md5(`${request.method}:${field('uri')}`)
  const proof = [md5(`${username}:${realm}:${password}`), nonce, field('nc'), field('cnonce'), 'auth', ha2]
  const isRight = /^Digest /.test(header) && field('response') === md5(proof.join(':'))
  const asked = { 'www-authenticate': `Digest realm="${realm}", qop="auth", nonce="${nonce}"` }
  return isRight ? undefined : { status: 401, headers: asked }
}

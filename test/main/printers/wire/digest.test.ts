import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { digestOf, readChallenge } from '../../../../src/main/printers/wire/digest.ts'

describe('digest authentication', () => {
  it('answers the example of RFC 2617 as the RFC does', () => {
    const challenge = readChallenge(
      'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
    )
    if (challenge === undefined) throw new Error('no challenge')
    const user = { username: 'Mufasa', password: 'Circle Of Life' }
    const request = { method: 'GET', uri: '/dir/index.html', count: 1, cnonce: '0a4f113b' }
    expect(digestOf(challenge, user, request)).toContain('response="6629fae49393a05397450978507c4ef1"')
  })

  it('leaves qop and cnonce away where the printer speaks RFC 2069', () => {
    const challenge = readChallenge('Digest realm="Printer API", nonce="9a1", stale="false"')
    if (challenge === undefined) throw new Error('no challenge')
    const header = digestOf(
      challenge,
      { username: 'maker', password: 'x' },
      { method: 'GET', uri: '/api/version', count: 1, cnonce: 'ff' },
    )
    expect(header).not.toMatch(/qop|cnonce|nc=/)
  })

  it('binds the password to the nonce where the printer asks for MD5-sess, as a Raspberry Pi does', () => {
    const challenge = readChallenge(
      'Digest realm="Administrator",qop="auth",algorithm="MD5-sess",nonce="8c34",opaque="4996"',
    )
    if (challenge === undefined) throw new Error('no challenge')
    const md5 = (text: string) => createHash('md5').update(text).digest('hex')
    const bound = md5(`${md5('me:Administrator:pw')}:8c34:c0`)
    const header = digestOf(
      challenge,
      { username: 'me', password: 'pw' },
      { method: 'GET', uri: '/api/version', count: 1, cnonce: 'c0' },
    )
    const right = md5(`${bound}:8c34:00000001:c0:auth:${md5('GET:/api/version')}`)
    expect(header).toContain(`response="${right}"`)
    expect(header).toContain('algorithm=MD5-sess')
  })

  it('takes nothing for a challenge that is none', () => {
    for (const header of [
      undefined,
      '',
      'Basic realm="x"',
      'Digest',
      'Digest realm="x"',
      'Digest nonce=1, realm=x, algorithm=SHA-256',
    ]) {
      expect(readChallenge(header)).toBeUndefined()
    }
  })
})

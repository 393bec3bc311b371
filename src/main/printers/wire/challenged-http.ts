import { type Challenge, digestOf, readChallenge } from './digest.ts'
import type { HttpClient, HttpReply, HttpRequest } from './http-client.ts'

export interface Login {
  readonly username: string
  readonly password: string
}

/** Requests to a host that may ask who is there: a printer's own server, or a proxy that somebody put in front. */
export interface ChallengedHttp {
  request(request: HttpRequest): Promise<HttpReply>
  /** What goes past here, such as a socket's handshake, says it with these. Empty before the host has asked. */
  headersFor(method: string, url: URL): Readonly<Record<string, string>>
  /** The next request is asked anew, so that what follows it has a nonce that is not old. */
  forgetNonce(): void
}

/** Every proof is another count of its nonce, from whichever request it came. */
interface Asked {
  readonly challenge: Challenge | 'basic'
  count: number
}

/** A nonce may grow old again on the way; a host that finds each of them old is none to talk to. */
const mostAnswers = 3

/**
 * Digest and Basic authentication by hand. A 401 with a question is answered with a proof, and one whose nonce grew
 * old with another; neither is a failure. A name or password is told to nobody who did not ask, and Basic only to
 * hosts where it is allowed: a MINI hangs on it (printer-protocols 7.1).
 */
export function createChallengedHttp(
  http: HttpClient,
  login: Login | undefined,
  options: { readonly random: () => number; readonly basic: boolean },
): ChallengedHttp {
  let asked: Asked | undefined

  const proof = (known: Asked | undefined, method: string, url: URL): string | undefined => {
    if (known === undefined || login === undefined) return undefined
    const { challenge } = known
    if (challenge === 'basic') {
      return `Basic ${Buffer.from(`${login.username}:${login.password}`, 'utf8').toString('base64')}`
    }
    const uri = `${url.pathname}${url.search}`
    const cnonce = Math.floor(options.random() * 2 ** 48).toString(16)
    return digestOf(challenge, login, { method, uri, count: ++known.count, cnonce })
  }
  const withProof = (known: Asked | undefined, request: HttpRequest): HttpRequest => {
    const authorization = proof(known, request.method, request.url)
    return authorization === undefined
      ? request
      : { ...request, headers: { ...request.headers, authorization } }
  }
  const read = (header: string | undefined): Challenge | 'basic' | undefined =>
    readChallenge(header) ??
    (options.basic && header !== undefined && /(?:^|,\s*)basic\b/i.test(header) ? 'basic' : undefined)

  return {
    async request(request) {
      let known = asked
      for (let answers = 0; ; answers++) {
        const reply = await http.request(withProof(known, request))
        if (reply.status !== 401 || login === undefined) return reply
        const challenge = read(reply.headers['www-authenticate'])
        // The first proof may have been with a nonce of long ago; a second that does not serve is a wrong password.
        const isRefused = answers > 0 && (challenge === 'basic' || !challenge?.stale)
        if (challenge === undefined || isRefused || answers >= mostAnswers) return reply
        if (challenge === 'basic' && known?.challenge === 'basic') return reply
        known = { challenge, count: 0 }
        asked = known
        // A body from disk is gone.
        if (typeof request.body === 'object') return reply
      }
    },
    headersFor(method, url): Readonly<Record<string, string>> {
      const authorization = proof(asked, method, url)
      return authorization === undefined ? {} : { authorization }
    },
    forgetNonce() {
      if (asked?.challenge !== 'basic') asked = undefined
    },
  }
}

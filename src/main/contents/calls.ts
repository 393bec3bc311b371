import { z } from 'zod'
import { type ErrorCode, GantryError } from '../contract/error.ts'
import type { Clock } from '../lib/clock.ts'
import { ownOf } from '../lib/own.ts'
import { openWire, type WireReply, type WireRequest } from './wire.ts'
import { serverFault } from './wire-error.ts'

/** A list of 10 000 files is the server's largest answer, and Gantry does not ask for it. */
const answerBytes = 64_000
/** A file may come from a disk that sleeps. */
const downloadQuietMs = 30_000
const text = z.string().min(1).max(4_000)
const instant = z.number().int().nonnegative()

const about = z.object({
  contentsServer: z.literal(1),
  name: z.string().trim().max(200).catch(''),
  login: z.enum(['password', 'none']),
})
const session = z.object({ session: text, expire: instant })
const issued = z.object({
  serviceId: text,
  secureToken: text,
  expire: instant.optional().catch(undefined),
  nonce: z.string().optional(),
})
const redeemed = z.object({
  serviceId: text,
  order: z.number().int().min(0),
  uri: text,
  msg: z.string().max(500).catch(''),
  name: text,
  sizeBytes: z.number().int().nonnegative(),
  nonce: z.string().optional(),
})
const refusal = z.object({ error: z.string().max(100) })

export type About = z.output<typeof about>
export type Session = z.output<typeof session>
export type Redeemed = z.output<typeof redeemed>

/** 3DP-2 and 3DP-3: who asks for whom. `accessToken` is derived for this purpose, never the application's own. */
export interface Introduction {
  readonly serviceId: string
  readonly accessToken: string
  readonly nonce: string
}

/** What a contents server is asked (docs/contents-server.md), each answer read, each refusal one of our codes. */
export interface ContentsCalls {
  about(base: URL, signal?: AbortSignal): Promise<About>
  login(
    base: URL,
    credentials: { readonly user: string; readonly password: string },
    signal?: AbortSignal,
  ): Promise<Session>
  logout(base: URL, session: string): Promise<void>
  token(
    base: URL,
    session: string | undefined,
    who: Introduction,
    signal?: AbortSignal,
  ): Promise<z.output<typeof issued>>
  redeem(base: URL, secureToken: string, who: Introduction, signal?: AbortSignal): Promise<Redeemed>
  /** The selected file, as it comes. The one who asks reads it or closes it. */
  download(url: URL, secureToken: string, signal: AbortSignal): Promise<WireReply>
}

export function createContentsCalls(clock: Clock): ContentsCalls {
  const ask = async <Shape extends z.ZodType>(
    request: Omit<WireRequest, 'body'> & { readonly json?: unknown },
    shape: Shape,
  ): Promise<z.output<Shape>> => {
    const { json, ...rest } = request
    const reply = await openWire(clock, {
      ...rest,
      ...(json !== undefined && { body: JSON.stringify(json) }),
    })
    const body = await readJson(reply)
    if (reply.status >= 400) throw refused(body, request.url)
    const read = shape.safeParse(body)
    if (read.success) return read.data
    throw serverFault('wire.malformed', `${request.url.host} does not answer like a contents server.`)
  }
  const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` })
  const sameNonce = <Answer extends { readonly nonce?: string | undefined; readonly serviceId: string }>(
    answer: Answer,
    who: Introduction,
    { host }: URL,
  ): Answer => {
    const isOurs = answer.serviceId === who.serviceId && (answer.nonce ?? who.nonce) === who.nonce
    if (isOurs) return answer
    throw serverFault('wire.malformed', `${host} answered a question that was not asked.`)
  }

  return {
    about: (base, signal) => ask({ method: 'GET', url: at(base, 'about'), signal }, about),
    login: (base, credentials, signal) =>
      ask({ method: 'POST', url: at(base, 'login'), json: credentials, signal }, session),
    async logout(base, secret) {
      await ask({ method: 'DELETE', url: at(base, 'login'), headers: bearer(secret) }, z.unknown())
    },
    async token(base, secret, who, signal) {
      const headers = secret === undefined ? {} : bearer(secret)
      const url = at(base, 'token')
      return sameNonce(await ask({ method: 'POST', url, headers, json: who, signal }, issued), who, url)
    },
    async redeem(base, secureToken, who, signal) {
      const url = at(base, 'redeem')
      const json = { ...who, secureToken }
      return sameNonce(await ask({ method: 'POST', url, json, signal }, redeemed), who, url)
    },
    async download(url, secureToken, signal) {
      const headers = bearer(secureToken)
      const reply = await openWire(clock, { method: 'GET', url, headers, signal, quietMs: downloadQuietMs })
      if (reply.status === 200) return reply
      throw refused(await readJson(reply), url)
    },
  }
}

/** `https://models.example/prints` and `token` make `https://models.example/prints/token`. */
const at = (base: URL, call: string) => new URL(`${base.pathname.replace(/\/+$/, '')}/${call}`, base)

async function readJson(reply: WireReply): Promise<unknown> {
  const pieces: Buffer[] = []
  for await (const piece of reply.pieces(answerBytes)) pieces.push(piece)
  try {
    return JSON.parse(Buffer.concat(pieces).toString('utf8'))
  } catch {
    return undefined
  }
}

/** The server's own sentence stays out of ours: it may be anybody's, and what is shown counts as Gantry's. */
const refusals: Readonly<Record<string, readonly [code: ErrorCode, sentence: string]>> = {
  'login-wrong': ['contents.login-refused', 'The contents server does not take this user and password.'],
  'too-often': ['contents.login-refused', 'The contents server takes no more attempts for a minute.'],
  'session-unknown': ['contents.login-refused', 'The contents server wants a login.'],
  'token-unknown': [
    'contents.token-unknown',
    'The contents server does not know this secure token. Ask for contents again.',
  ],
  'token-used': ['contents.token-unknown', 'This secure token was used already. Ask for contents again.'],
  'token-other': ['contents.token-unknown', 'This secure token is for another printer or file.'],
  'token-expired': ['contents.token-expired', 'This secure token is past its time. Ask for contents again.'],
  'nothing-selected': ['contents.refused', 'No file was selected with this secure token.'],
  'not-found': ['contents.refused', 'The contents server does not have this file any more.'],
}

function refused(body: unknown, { host }: URL): GantryError {
  const word = refusal.safeParse(body).data?.error ?? ''
  const known = ownOf(refusals, word)
  if (known === undefined) return new GantryError('contents.refused', `${host} refused.`, { host })
  return new GantryError(...known, { host, word })
}

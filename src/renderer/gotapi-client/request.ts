import type { Params } from '../../follow/index.ts'
import { type Answer, codes, failure, toAnswer, unreachable, wrongServer } from './answer.ts'
import { hmacOf, type ServerKey } from './hmac.ts'
import type { World } from './world.ts'

/** The access token may wait for a person's decision; every other call is answered within the server's 60 s. */
const answerWithinMs = 70_000
const decisionWithinMs = 10 * 60_000
const nonceBytes = 16

export interface Caller {
  readonly world: World
  readonly server: string
  /** The page's own origin where it is the server's: a browser sends no Origin on its own GETs (gotapi 10.2). */
  readonly ownOrigin: string | undefined
  readonly serverKey: () => ServerKey | undefined
}

function toQuery(params: Params): URLSearchParams {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined) query.set(name, String(value))
  }
  return query
}

/** One request over GotAPI-1 or -2. Never throws: what goes wrong is an answer with a negative code. */
export async function request(
  caller: Caller,
  method: string,
  path: string,
  params: Params,
  signal?: AbortSignal,
): Promise<Answer> {
  const key = caller.serverKey()
  const nonce = key ? caller.world.randomHex(nonceBytes) : undefined
  const query = toQuery({ ...params, nonce })
  const inBody = method === 'POST' || method === 'PUT'
  const url = `${caller.server}/gotapi/${path}${inBody ? '' : `?${query}`}`
  const stop = new AbortController()
  const abort = () => stop.abort()
  if (signal?.aborted) abort()
  signal?.addEventListener('abort', abort)
  const limitMs = path.startsWith('authorization/') ? decisionWithinMs : answerWithinMs
  let isLate = false
  const callOff = caller.world.later(limitMs, () => {
    isLate = true
    stop.abort()
  })
  try {
    const response = await caller.world.fetch(url, {
      method,
      signal: stop.signal,
      cache: 'no-store',
      ...(caller.ownOrigin && { headers: { 'X-GotAPI-Origin': caller.ownOrigin } }),
      ...(inBody && { body: query }),
    })
    const answer = toAnswer(await response.json())
    if (key && nonce !== undefined && answer.hmac !== (await hmacOf(key, nonce))) {
      return failure(wrongServer, 'the answer was not signed with the shared key')
    }
    return answer
  } catch {
    return isLate
      ? failure(codes.timeout, 'no answer came in time')
      : failure(unreachable, 'nothing answers at this address')
  } finally {
    callOff()
    signal?.removeEventListener('abort', abort)
  }
}

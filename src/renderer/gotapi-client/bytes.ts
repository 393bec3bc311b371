import { codes, toAnswer } from './answer.ts'
import type { World } from './world.ts'

/** What of a request a caller of the byte channel chooses. */
export interface BytesInit {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'DELETE'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Blob
  readonly signal?: AbortSignal
}

export interface BytesOptions {
  readonly world: World
  readonly server: string
  /** The page's own origin where it is the server's: a browser sends no Origin on its own GETs (gotapi 10.2). */
  readonly ownOrigin: string | undefined
  readonly token: () => string | undefined
  /** A token proved useless. True when there is a better one now. */
  readonly renew: (useless: string | undefined) => Promise<boolean>
}

const stale: readonly number[] = [codes.expired, codes.missing, codes.unknownToken]

/** The byte channel: the token goes in a header, never in an address, and a useless one is replaced once. */
export function createBytes({ world, server, ownOrigin, token, renew }: BytesOptions) {
  return async (path: string, init: BytesInit): Promise<Response> => {
    for (let isSecondTry = false; ; isSecondTry = true) {
      const used = token()
      const response = await world.fetch(`${server}${path}`, {
        ...init,
        cache: 'no-store',
        headers: {
          ...init.headers,
          ...(used !== undefined && { Authorization: `Bearer ${used}` }),
          ...(ownOrigin !== undefined && { 'X-GotAPI-Origin': ownOrigin }),
        },
      })
      if (isSecondTry || response.ok || !(await isStale(response))) return response
      if (!(await renew(used))) return response
    }
  }
}

async function isStale(response: Response): Promise<boolean> {
  try {
    const answer = toAnswer(await response.clone().json())
    return answer.result !== 0 && stale.includes(answer.errorCode)
  } catch {
    // No answer in words, so none about the token.
    return false
  }
}

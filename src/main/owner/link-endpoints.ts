import { answers, type Handler } from '../handlers/handler.ts'
import type { Clock } from '../lib/clock.ts'

const lifeMs = 10 * 60_000

/** Links that sign a browser on this machine in. The code is in the fragment, which no server and no log sees. */
export function linkEndpoints(deps: {
  readonly clock: Clock
  /** Where the dashboard is served: `http://127.0.0.1:4035`. */
  readonly url: () => string
  readonly invite: (invitation: { about: string; scopes: readonly string[]; lifeMs: number }) => string
}): readonly Handler[] {
  return [
    answers('POST link', () => {
      const code = deps.invite({ about: '', scopes: ['all'], lifeMs })
      return { link: `${deps.url()}/#invitation=${code}`, expiresAt: deps.clock.now() + lifeMs }
    }),
  ]
}

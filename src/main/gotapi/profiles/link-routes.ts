import { GantryError } from '../../contract/error.ts'
import { answers, type Handler } from '../../handlers/handler.ts'
import type { Http } from '../../http/index.ts'
import type { Clock } from '../../lib/clock.ts'
import { allScope } from '../auth/scope.ts'
import type { Gateway } from '../protocol/gateway.ts'

const lifeMs = 10 * 60_000

/** Links that sign a browser on this machine in. */
export function createLinkRoutes(deps: {
  readonly clock: Clock
  readonly http: Pick<Http, 'url'>
  readonly invite: Gateway['invite']
}): readonly Handler[] {
  return [
    answers('POST link', () => {
      const url = deps.http.url()
      if (url === undefined) throw new GantryError('request.invalid', 'Gantry serves no pages just now.')
      const code = deps.invite({ about: '', scopes: [allScope], lifeMs })
      // In the fragment, which no server and no log ever sees.
      return { link: `${url}/#invitation=${code}`, expiresAt: deps.clock.now() + lifeMs }
    }),
  ]
}

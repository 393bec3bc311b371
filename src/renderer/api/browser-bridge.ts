import type { Answer, Refusal } from '@contract/client.ts'
import { paramsToText } from '@contract/params.ts'
import type { CallRoute, EventRoute, RouteParams, RouteResult } from '@contract/routes.ts'
import { createGotapiClient, type LinkStatus, unreachable, type World } from '../gotapi-client/index.ts'
import { browserName } from './browser-name.ts'
import type { SendBytes } from './bytes.ts'
import type { PageBridge, Wire } from './index.ts'
import type { Places } from './places.ts'
import { toRefusal } from './refusal.ts'

/** Every profile there is, the owner's own ones included: an invitation decides what is given. */
const scopes = ['all']

export interface BrowserBridge extends PageBridge {
  readonly bytes: SendBytes
  readonly wire: Wire
  /** Trades a one-time code for a token of this browser's own. */
  signIn(invitation: string): Promise<'in' | 'refused' | 'away'>
}

/** The bridge of a browser: the same two verbs as in Gantry's own window, over fetch and WebSocket. */
export function createBrowserBridge(
  places: Places,
  device: string,
  onSignedOut: () => void,
  world?: World,
): BrowserBridge {
  const listeners = new Set<(status: LinkStatus) => void>()
  const client = createGotapiClient({
    server: location.origin,
    scopes,
    applicationName: browserName(navigator.userAgent),
    device,
    keeper: { read: () => places.tokenOf(device), write: token => places.keep(device, token) },
    onSignedOut,
    onLink: status => {
      for (const tell of listeners) tell(status)
    },
    ...(world && { world }),
  })
  return {
    bytes: client.bytes,
    wire: {
      onStatus(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      tryNow: () => client.tryNow(),
    },
    call: async <Name extends CallRoute>(route: Name, params: RouteParams<Name>) => {
      const answer = await client.callRoute(route, paramsToText(params))
      // The server holds every answer to the route's own schema.
      return answer.result === 0 ? (answer as Answer<Name>) : toRefusal(answer)
    },
    subscribe: <Name extends EventRoute>(
      route: Name,
      params: RouteParams<Name>,
      listener: (event: RouteResult<Name>) => void,
      onRefused?: (refusal: Refusal) => void,
    ) =>
      client.subscribe(
        route,
        paramsToText(params),
        event => listener(event as RouteResult<Name>),
        failure => onRefused?.(toRefusal(failure)),
      ),
    async signIn(invitation) {
      const answer = await client.authorise(invitation)
      if (answer.result === 0) return 'in'
      return answer.errorCode === unreachable ? 'away' : 'refused'
    },
  }
}

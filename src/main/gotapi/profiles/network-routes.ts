import { toString as toQrText } from 'qrcode'
import { GantryError } from '../../contract/error.ts'
import type { RouteResult } from '../../contract/routes.ts'
import { answers, follows, type Handler } from '../../handlers/handler.ts'
import type { Network } from '../../http/index.ts'
import type { Clock } from '../../lib/clock.ts'
import type { AccessStore } from '../auth/access-store.ts'
import { allScope } from '../auth/scope.ts'
import type { Gateway } from '../protocol/gateway.ts'

type NetworkState = RouteResult<'GET lan'>

const fact = 'lan'
const pairMs = 10 * 60_000

/** gotapi 10.4: whether other devices may come in, and how one is paired. Off until the owner wants it. */
export function createNetworkRoutes(deps: {
  readonly clock: Clock
  readonly store: Pick<AccessStore, 'fact' | 'setFact'>
  readonly network: Network
  readonly invite: Gateway['invite']
}) {
  const { clock, store, network } = deps

  async function pair(address: string | undefined): Promise<RouteResult<'POST lan/pair'>> {
    if (!network.isOpen()) throw new GantryError('request.invalid', 'Open Gantry to the network first.')
    const { addresses } = network.state()
    const chosen = address ?? addresses.find(each => !each.includes(':')) ?? addresses[0]
    const url = chosen === undefined ? undefined : network.urlFor(chosen)
    if (url === undefined) {
      throw new GantryError('request.invalid', 'This machine has no such address on the network.')
    }
    const code = deps.invite({ about: '', scopes: [allScope], lifeMs: pairMs })
    // In the fragment, which no server and no log ever sees.
    const link = `${url}/#invitation=${code}`
    const qrSvg = await toQrText(link, { type: 'svg', errorCorrectionLevel: 'M', margin: 2 })
    return { link, qrSvg, expiresAt: clock.now() + pairMs }
  }

  const handlers: readonly Handler[] = [
    answers('GET lan', (): NetworkState => network.state()),
    follows('EVENT lan', (_params, _call, emit) => {
      emit(network.state())
      return network.onState(emit)
    }),
    answers('PUT lan/state', async ({ enabled }) => {
      try {
        store.setFact(fact, enabled ? 'on' : 'off')
      } catch (thrown) {
        // Closing is a matter of safety: it is closed even where the disk does not take that.
        if (!enabled) await network.setEnabled(false)
        throw thrown
      }
      return network.setEnabled(enabled)
    }),
    answers('POST lan/pair', ({ address }) => pair(address)),
  ]

  return {
    handlers,
    /** As the owner left it. */
    start: () => network.setEnabled(store.fact(fact) === 'on'),
  }
}

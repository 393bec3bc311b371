/**
 * The page's way to Gantry. Screens and stores ask for the bridge here and cannot tell whether they run in
 * Gantry's own window or in a browser. Not for what the answers mean: that is the stores' work.
 */
import type { GotapiBridge } from '@contract/client.ts'
import { type App, type InjectionKey, inject } from 'vue'
import type { LinkStatus } from '../gotapi-client/index.ts'

/** A browser's line to Gantry, which breaks and is mended. Gantry's own window has none. */
export interface Wire {
  onStatus(listener: (status: LinkStatus) => void): () => void
  tryNow(): void
}

export interface PageBridge extends GotapiBridge {
  readonly wire?: Wire
}

type Listener = () => void

interface Ways {
  readonly bridge: GotapiBridge
  readonly wire: Wire | undefined
  readonly heard: Set<Listener>
}

const key: InjectionKey<Ways> = Symbol('gantry')

/** Every event passes here once: that anything came at all is a sign of life. */
function listenIn(bridge: GotapiBridge, heard: ReadonlySet<Listener>): GotapiBridge {
  return {
    call: (route, params) => bridge.call(route, params),
    subscribe: (route, params, listener, onRefused) =>
      bridge.subscribe(
        route,
        params,
        event => {
          for (const tell of heard) tell()
          listener(event)
        },
        onRefused,
      ),
  }
}

export const provideBridge = (bridge: PageBridge) => ({
  install(app: App): void {
    const heard = new Set<Listener>()
    app.provide(key, { bridge: listenIn(bridge, heard), wire: bridge.wire, heard })
  },
})

function useWays(): Ways {
  const ways = inject(key)
  if (!ways) throw new Error('no bridge was provided to the page')
  return ways
}

export const useBridge = (): GotapiBridge => useWays().bridge

export const useWire = (): Wire | undefined => useWays().wire

/** Calls back whenever Gantry told anything; the answer ends it. */
export function useHeard(): (listener: Listener) => () => void {
  const { heard } = useWays()
  return listener => {
    heard.add(listener)
    return () => heard.delete(listener)
  }
}

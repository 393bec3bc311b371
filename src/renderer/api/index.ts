/**
 * The page's way to Gantry. Screens and stores ask for the bridge here and cannot tell whether they run in
 * Gantry's own window or in a browser. Not for what the answers mean: that is the stores' work.
 */
import type { GotapiBridge } from '@contract/client.ts'
import { type App, type InjectionKey, inject } from 'vue'

const key: InjectionKey<GotapiBridge> = Symbol('gantry')

export const provideBridge = (bridge: GotapiBridge) => ({
  install(app: App): void {
    app.provide(key, bridge)
  },
})

export function useBridge(): GotapiBridge {
  const bridge = inject(key)
  if (!bridge) throw new Error('no bridge was provided to the page')
  return bridge
}

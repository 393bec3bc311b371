import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { expect, vi } from 'vitest'
import App from '../../../src/renderer/App.vue'
import { provideBytes } from '../../../src/renderer/api/bytes.ts'
import { type PageBridge, provideBridge } from '../../../src/renderer/api/index.ts'
import { createPageRouter } from '../../../src/renderer/router.ts'
import { type SessionState, useSession } from '../../../src/renderer/stores/session.ts'
import { nuxtUi } from '../../../src/renderer/theme/nuxt-ui.ts'
import type { FakeBridge } from './fake-bridge.ts'

/** A screen is loaded when it is first opened, which takes a busy machine a while. */
export const patience = { timeout: 15_000 }

/** The whole page as a browser or the window shows it, at an address. */
export async function openApp(
  { bytes }: FakeBridge,
  bridge: PageBridge,
  hash = '#/',
  state: SessionState = 'in',
) {
  document.body.innerHTML = ''
  location.hash = hash
  const pinia = createPinia()
  setActivePinia(pinia)
  useSession(pinia).state = state
  const router = createPageRouter()
  const wrapper = mount(App, {
    attachTo: document.body,
    global: { plugins: [pinia, router, nuxtUi, provideBridge(bridge), provideBytes(bytes)] },
  })
  await router.isReady()
  await vi.waitFor(() => expect(document.querySelector('h1')).not.toBeNull(), patience)
  await flushPromises()
  return { wrapper, router }
}

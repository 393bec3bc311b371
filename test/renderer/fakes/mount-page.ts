import UApp from '@nuxt/ui/components/App.vue'
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { type Component, h } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { provideBytes } from '../../../src/renderer/api/bytes.ts'
import { provideBridge } from '../../../src/renderer/api/index.ts'
import { speak } from '../../../src/renderer/i18n/index.ts'
import { nuxtUi } from '../../../src/renderer/theme/nuxt-ui.ts'
import type { FakeBridge } from './fake-bridge.ts'

export interface MountedPage {
  readonly wrapper: VueWrapper
  readonly text: () => string
  /** What a person can press, by the words on it or read out for it. */
  readonly button: (name: string) => HTMLButtonElement
  readonly press: (name: string) => Promise<void>
  readonly settle: () => Promise<void>
}

const nameOf = (element: Element) =>
  element.getAttribute('aria-label') ?? element.textContent?.trim().replaceAll(/\s+/g, ' ') ?? ''

/** One screen as a person has it: English, with the fake engine behind it, toasts and all. */
export async function mountPage(
  screen: Component,
  engine: FakeBridge,
  props: Record<string, unknown> = {},
): Promise<MountedPage> {
  document.body.innerHTML = ''
  speak('en')
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:rest(.*)*', component: { render: () => null } }],
  })
  const wrapper = mount(() => h(UApp, null, { default: () => h(screen, props) }), {
    attachTo: document.body,
    global: {
      plugins: [createPinia(), router, nuxtUi, provideBridge(engine.bridge), provideBytes(engine.bytes)],
    },
  })
  await flushPromises()
  speak('en')
  await flushPromises()
  const button = (name: string) => {
    const found = [...document.body.querySelectorAll('button')].find(element => nameOf(element) === name)
    if (!found) throw new Error(`There is no button "${name}".`)
    return found
  }
  return {
    wrapper,
    text: () => document.body.textContent ?? '',
    button,
    async press(name) {
      button(name).click()
      await flushPromises()
    },
    async settle() {
      await flushPromises()
    },
  }
}

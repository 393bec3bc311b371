import './theme/main.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { provideBridge } from './api/index.ts'
import AskApp from './ask/AskApp.vue'
import { wearToldLanguage } from './stores/told-language.ts'
import { nuxtUi } from './theme/nuxt-ui.ts'

// The permission window is the shell's own; in a browser this page has nobody to speak for.
if (window.gantry) {
  const pinia = createPinia()
  wearToldLanguage(pinia, location)
  createApp(AskApp).use(pinia).use(nuxtUi).use(provideBridge(window.gantry)).mount('#app')
}

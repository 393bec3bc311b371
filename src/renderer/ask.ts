import './theme/main.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { provideBridge } from './api/index.ts'
import AskApp from './ask/AskApp.vue'
import { nuxtUi } from './theme/nuxt-ui.ts'

// The permission window is the shell's own; in a browser this page has nobody to speak for.
if (window.gantry) {
  createApp(AskApp).use(createPinia()).use(nuxtUi).use(provideBridge(window.gantry)).mount('#app')
}

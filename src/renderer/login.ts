import './theme/main.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { provideBridge } from './api/index.ts'
import LoginApp from './login/LoginApp.vue'
import { wearToldLanguage } from './stores/told-language.ts'
import { nuxtUi } from './theme/nuxt-ui.ts'

// The login window is the shell's own; in a browser the dashboard shows the same panel.
if (window.gantry) {
  const pinia = createPinia()
  wearToldLanguage(pinia, location)
  createApp(LoginApp).use(pinia).use(nuxtUi).use(provideBridge(window.gantry)).mount('#app')
}

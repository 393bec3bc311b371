import icons from '@nuxt/ui/runtime/vue/plugins/icons.js'
import type { App } from 'vue'

/**
 * Only the icons of Nuxt UI's own plug-in: its colours come as an inline style element, which the content
 * policy forbids and our tokens make needless.
 */
export const nuxtUi = {
  install(app: App): void {
    app.use(icons)
  },
}

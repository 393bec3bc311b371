import './theme/main.css'
import { createPinia } from 'pinia'
import { createApp, watch } from 'vue'
import App from './App.vue'
import { provideBytes } from './api/bytes.ts'
import { type Entrance, enter } from './api/enter.ts'
import { provideBridge } from './api/index.ts'
import { invitationIn } from './api/invitation.ts'
import { loadAhead, untilIdle, untilPainted } from './load-ahead.ts'
import { allViews, createPageRouter } from './router.ts'
import { useLine } from './stores/line.ts'
import { useSession } from './stores/session.ts'
import { nuxtUi } from './theme/nuxt-ui.ts'

async function start(): Promise<void> {
  const pinia = createPinia()
  const session = useSession(pinia)
  const entrance: Entrance = window.gantry
    ? { bridge: window.gantry, bytes: (path, init) => fetch(path, init), state: 'in' }
    : await enter(() => {
        session.state = 'out'
      })
  session.state = entrance.state
  const router = createPageRouter()
  createApp(App)
    .use(pinia)
    .use(router)
    .use(nuxtUi)
    .use(provideBridge(entrance.bridge))
    .use(provideBytes(entrance.bytes))
    .mount('#app')
  if (entrance.state !== 'in') return
  const line = useLine(pinia)
  const back = () =>
    new Promise<void>(resolve => {
      watch(
        () => line.returns,
        () => resolve(),
        { once: true },
      )
    })
  // What was asked for first comes first, or cannot be had either.
  await router.isReady().catch(() => {})
  await untilPainted()
  await loadAhead(allViews, { idle: untilIdle, back })
}

// A sign-in link opened in a tab that shows Gantry already changes only the address: load the page with it.
addEventListener('hashchange', () => {
  if (invitationIn(location.hash) !== undefined) location.reload()
})

void start()

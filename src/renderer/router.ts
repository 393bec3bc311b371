import { createRouter, createWebHashHistory } from 'vue-router'
import { screens } from './screens/screens.ts'

type ScreenName = (typeof screens)[number]['name']

/** Each screen is its own part of the bundle and loads when it is first opened. */
const views: Record<ScreenName, () => Promise<unknown>> = {
  printers: () => import('./screens/printers/PrintersScreen.vue'),
  queue: () => import('./screens/queue/QueueScreen.vue'),
  library: () => import('./screens/library/LibraryScreen.vue'),
  fleet: () => import('./screens/fleet/FleetScreen.vue'),
  apps: () => import('./screens/apps/AppsScreen.vue'),
  settings: () => import('./screens/settings/SettingsScreen.vue'),
}

export function createPageRouter() {
  return createRouter({
    // The address after # never reaches the server, and works under app:// as under http://.
    history: createWebHashHistory(),
    scrollBehavior: () => ({ top: 0 }),
    routes: [
      ...screens.map(({ name, path }) => ({ name, path, component: views[name] })),
      { path: '/printers/:id', component: () => import('./screens/printer/PrinterScreen.vue'), props: true },
      {
        path: '/add-printer',
        name: 'add-printer',
        component: () => import('./screens/add-printer/AddPrinterScreen.vue'),
      },
      { path: '/:rest(.*)*', component: () => import('./screens/problem/LostScreen.vue') },
    ],
  })
}

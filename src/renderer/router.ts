import { createRouter, createWebHashHistory } from 'vue-router'
import { screens } from './screens/screens.ts'

type ScreenName = (typeof screens)[number]['name'] | 'printer' | 'add-printer' | 'lost'

/** Each screen is its own part of the bundle. */
const views: Record<ScreenName, () => Promise<unknown>> = {
  printers: () => import('./screens/printers/PrintersScreen.vue'),
  printer: () => import('./screens/printer/PrinterScreen.vue'),
  queue: () => import('./screens/queue/QueueScreen.vue'),
  library: () => import('./screens/library/LibraryScreen.vue'),
  fleet: () => import('./screens/fleet/FleetScreen.vue'),
  apps: () => import('./screens/apps/AppsScreen.vue'),
  settings: () => import('./screens/settings/SettingsScreen.vue'),
  'add-printer': () => import('./screens/add-printer/AddPrinterScreen.vue'),
  lost: () => import('./screens/problem/LostScreen.vue'),
}

/** Every screen, to be loaded before it is opened. */
export const allViews: readonly (() => Promise<unknown>)[] = Object.values(views)

export function createPageRouter() {
  return createRouter({
    // The address after # never reaches the server, and works under app:// as under http://.
    history: createWebHashHistory(),
    scrollBehavior: () => ({ top: 0 }),
    routes: [
      ...screens.map(({ name, path }) => ({ name, path, component: views[name] })),
      { path: '/printers/:id', component: views.printer, props: true },
      { path: '/add-printer', name: 'add-printer', component: views['add-printer'] },
      { path: '/:rest(.*)*', component: views.lost },
    ],
  })
}

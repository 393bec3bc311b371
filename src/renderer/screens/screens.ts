import type { PlainKey } from '../i18n/index.ts'

/** The six screens, in the order of the navigation; `key` follows G on the keyboard. */
export const screens = [
  { name: 'printers', path: '/', icon: 'i-lucide-printer', key: 'p', label: 'nav.printers' },
  { name: 'queue', path: '/queue', icon: 'i-lucide-list-ordered', key: 'q', label: 'nav.queue' },
  { name: 'library', path: '/library', icon: 'i-lucide-library', key: 'l', label: 'nav.library' },
  { name: 'fleet', path: '/fleet', icon: 'i-lucide-server', key: 'f', label: 'nav.fleet' },
  { name: 'apps', path: '/apps', icon: 'i-lucide-blocks', key: 'a', label: 'nav.apps' },
  { name: 'settings', path: '/settings', icon: 'i-lucide-settings', key: 's', label: 'nav.settings' },
] as const satisfies readonly {
  name: string
  path: string
  icon: string
  key: string
  label: PlainKey
}[]

import type { CommandPaletteGroup } from '@nuxt/ui/components/CommandPalette.vue'
import { type ComputedRef, computed } from 'vue'
import { useRouter } from 'vue-router'
import { languages, t } from '../i18n/index.ts'
import { lookOf } from '../screens/printers/printer-look.ts'
import { screens } from '../screens/screens.ts'
import { useLook } from '../stores/look.ts'
import { usePrinters } from '../stores/printers.ts'
import { themes } from '../stores/viewer.ts'
import { shortcutsAreOpen } from './panels.ts'

const themeIcons = { system: 'i-lucide-monitor', light: 'i-lucide-sun', dark: 'i-lucide-moon' } as const
const themeNames = { system: 'theme.system', light: 'theme.light', dark: 'theme.dark' } as const

/** All that can be found and done from anywhere. `done` is called after a choice. */
export function usePaletteGroups(done: () => void): ComputedRef<CommandPaletteGroup[]> {
  const router = useRouter()
  const own = useLook()
  const printers = usePrinters()

  const choose = (act: () => unknown) => () => {
    done()
    act()
  }

  return computed(() => [
    {
      id: 'printers',
      label: t('nav.printers'),
      items: printers.printers.map(printer => {
        const look = lookOf(printer)
        return {
          label: printer.name,
          suffix: t(look.word),
          icon: look.icon,
          onSelect: choose(() => router.push(`/printers/${printer.serviceId}`)),
        }
      }),
    },
    {
      id: 'screens',
      label: t('palette.screens'),
      items: screens.map(screen => ({
        label: t(screen.label),
        icon: screen.icon,
        kbds: ['G', screen.key.toUpperCase()],
        onSelect: choose(() => router.push(screen.path)),
      })),
    },
    {
      id: 'actions',
      label: t('palette.actions'),
      items: [
        {
          label: t('wall.add'),
          icon: 'i-lucide-plus',
          onSelect: choose(() => router.push('/add-printer')),
        },
        {
          label: t('shortcuts.open'),
          icon: 'i-lucide-keyboard',
          kbds: ['?'],
          onSelect: choose(() => {
            shortcutsAreOpen.value = true
          }),
        },
      ],
    },
    {
      id: 'theme',
      label: t('palette.theme'),
      items: themes.map(theme => ({
        label: t(themeNames[theme]),
        icon: themeIcons[theme],
        active: own.look.value?.theme === theme,
        disabled: own.isLocked.value,
        onSelect: choose(() => own.choose({ theme })),
      })),
    },
    {
      id: 'language',
      label: t('palette.language'),
      items: languages.map(({ id, name }) => ({
        label: name,
        icon: 'i-lucide-languages',
        active: own.look.value?.language === id,
        disabled: own.isLocked.value,
        onSelect: choose(() => own.choose({ language: id })),
      })),
    },
  ])
}

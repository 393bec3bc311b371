import { usePreferredDark } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, ref, watchEffect } from 'vue'
import { isLanguage, type Language, preferredLanguage, speak } from '../i18n/index.ts'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

interface Look {
  readonly theme: Theme
  readonly language: Language | 'system'
}

const storageKey = 'gantry.look'

const isTheme = (thing: unknown): thing is Theme => themes.some(theme => theme === thing)

/** The look of last time, so that nothing flashes before the engine has told its settings. */
function kept(): Look {
  let theme: unknown
  let language: unknown
  try {
    ;({ theme, language } = JSON.parse(localStorage.getItem(storageKey) ?? '{}'))
  } catch {
    // A browser that forbids storage, or holds rubbish in it: begin as the system has it.
  }
  return {
    theme: isTheme(theme) ? theme : 'system',
    language: isLanguage(language) ? language : 'system',
  }
}

function keep(look: Look): void {
  try {
    localStorage.setItem(storageKey, JSON.stringify(look))
  } catch {
    // Nothing to do: it is only for the first moment of the next start.
  }
}

/** The look this page wears: what the owner set, or what the viewer's own system prefers. */
export const useViewer = defineStore('viewer', () => {
  const systemIsDark = usePreferredDark()
  const theme = ref<Theme>('system')
  const isDark = computed(() => theme.value === 'dark' || (theme.value === 'system' && systemIsDark.value))

  watchEffect(() => {
    document.documentElement.classList.toggle('dark', isDark.value)
  })

  function put(look: Look): void {
    theme.value = look.theme
    speak(look.language === 'system' ? preferredLanguage(navigator.languages) : look.language)
  }

  function wear({ theme: itsTheme, language }: Look): void {
    put({ theme: itsTheme, language })
    keep({ theme: itsTheme, language })
  }

  put(kept())
  return { isDark, wear }
})

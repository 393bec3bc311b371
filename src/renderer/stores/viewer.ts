import { usePreferredDark } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, ref, watchEffect } from 'vue'
import { isLanguage, type Language, language, preferredLanguage, speak } from '../i18n/index.ts'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const themeKey = 'gantry.theme'
const languageKey = 'gantry.language'

const isTheme = (thing: unknown): thing is Theme => themes.some(theme => theme === thing)

/** Reads one kept choice. A browser that forbids storage simply forgets. */
function kept(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // Nothing to do: the choice holds until the page is closed.
  }
}

/** How this viewer wants to see Gantry. Theirs alone, so it is kept in their browser, not in the engine. */
export const useViewer = defineStore('viewer', () => {
  const systemIsDark = usePreferredDark()
  const keptTheme = kept(themeKey)
  const theme = ref<Theme>(isTheme(keptTheme) ? keptTheme : 'system')
  const isDark = computed(() => theme.value === 'dark' || (theme.value === 'system' && systemIsDark.value))

  watchEffect(() => {
    document.documentElement.classList.toggle('dark', isDark.value)
  })

  const keptLanguage = kept(languageKey)
  speak(isLanguage(keptLanguage) ? keptLanguage : preferredLanguage(navigator.languages))

  function chooseTheme(next: Theme): void {
    theme.value = next
    keep(themeKey, next)
  }

  function chooseLanguage(next: Language): void {
    speak(next)
    keep(languageKey, next)
  }

  return { theme, isDark, language, chooseTheme, chooseLanguage }
})

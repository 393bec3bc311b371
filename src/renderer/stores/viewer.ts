import { useEventListener, usePreferredDark } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, ref, watchEffect } from 'vue'
import { isLanguage, type Language, preferredLanguage, speak } from '../i18n/index.ts'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

interface Look {
  readonly theme: Theme
  readonly language: Language | 'system'
}

/** The look of Gantry as this page saw it last, and what this browser chose for itself. */
const houseKey = 'gantry.look'
const ownKey = 'gantry.own-look'

const isTheme = (thing: unknown): thing is Theme => themes.some(theme => theme === thing)

function kept(key: string): Partial<Look> {
  let theme: unknown
  let language: unknown
  try {
    ;({ theme, language } = JSON.parse(localStorage.getItem(key) ?? '{}'))
  } catch {
    // A browser that forbids storage, or holds rubbish in it: begin as the system has it.
  }
  return {
    ...(isTheme(theme) && { theme }),
    ...((isLanguage(language) || language === 'system') && { language }),
  }
}

function keep(key: string, look: Partial<Look>): void {
  try {
    localStorage.setItem(key, JSON.stringify(look))
  } catch {
    // Nothing to do: the choice holds until the page is closed.
  }
}

/**
 * The look this page wears. What the owner set in Gantry's own window holds for every viewer who chose nothing; what
 * a browser chose is its own and stays in it: a phone and a screen on the wall differ.
 */
export const useViewer = defineStore('viewer', () => {
  const systemIsDark = usePreferredDark()
  /** Nothing flashes before the engine has told its settings. */
  const house = ref<Look>({ theme: 'system', language: 'system', ...kept(houseKey) })
  const own = ref<Partial<Look>>(kept(ownKey))
  const look = computed((): Look => ({ ...house.value, ...own.value }))
  const isDark = computed(
    () => look.value.theme === 'dark' || (look.value.theme === 'system' && systemIsDark.value),
  )

  watchEffect(() => {
    document.documentElement.classList.toggle('dark', isDark.value)
  })

  function put(): void {
    const { language } = look.value
    speak(language === 'system' ? preferredLanguage(navigator.languages) : language)
  }

  function wear({ theme, language }: Look): void {
    house.value = { theme, language }
    keep(houseKey, house.value)
    put()
  }

  function choose(choice: Partial<Look>): void {
    own.value = { ...own.value, ...choice }
    keep(ownKey, own.value)
    put()
  }

  // Another tab of this browser chose.
  useEventListener(window, 'storage', ({ key }) => {
    if (key !== ownKey) return
    own.value = kept(ownKey)
    put()
  })
  put()
  return { isDark, look, wear, choose }
})

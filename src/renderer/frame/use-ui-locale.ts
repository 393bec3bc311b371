import { de, en, ja } from '@nuxt/ui/locale'
import { computed } from 'vue'
import { language } from '../i18n/index.ts'

const locales = { en, de, ja }

/** The words Nuxt UI's own parts say ("Close", "No data"), in the page's language. */
export const useUiLocale = () => computed(() => locales[language.value])

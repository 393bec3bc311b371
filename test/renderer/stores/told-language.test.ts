import { createPinia } from 'pinia'
import { beforeEach, expect, it } from 'vitest'
import { language } from '../../../src/renderer/i18n/index.ts'
import { wearToldLanguage } from '../../../src/renderer/stores/told-language.ts'
import { useViewer } from '../../../src/renderer/stores/viewer.ts'

beforeEach(() => localStorage.clear())

it.each([
  ['?language=de', 'de'],
  ['?language=ja', 'ja'],
  ['?language=fr', 'en'],
  ['?language=', 'en'],
  ['', 'en'],
])('a window that asks, opened with “%s”, speaks %s', (search, spoken) => {
  const pinia = createPinia()
  wearToldLanguage(pinia, { search })
  useViewer(pinia)
  expect(language.value).toBe(spoken)
  expect(useViewer(pinia).look.theme).toBe('system')
})

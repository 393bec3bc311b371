import type { Pinia } from 'pinia'
import { isLanguage } from '../i18n/index.ts'
import { useViewer } from './viewer.ts'

/** A window that asks may not read the settings and shares no storage with the dashboard: its address says the language. */
export function wearToldLanguage(pinia: Pinia, { search }: Pick<Location, 'search'>): void {
  const language = new URLSearchParams(search).get('language')
  if (isLanguage(language)) useViewer(pinia).wear({ theme: 'system', language })
}

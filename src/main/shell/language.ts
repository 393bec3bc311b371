import type { Body } from './gateway-answer.ts'
import type { GatewayClient } from './gateway-client.ts'
import { type Language, shellWords } from './words.ts'

const isKnown = (language: unknown): language is Language =>
  typeof language === 'string' && Object.hasOwn(shellWords, language)

/** The owner's choice, or the system's language where Gantry speaks it. */
export function languageOf({ language }: Body, systemLocale: string): Language {
  if (isKnown(language)) return language
  const system = systemLocale.split('-')[0]
  return isKnown(system) ? system : 'en'
}

/** The language as the owner set it; first at once, then with every change. */
export async function followLanguage(
  client: GatewayClient,
  systemLocale: string,
  apply: (language: Language) => void,
): Promise<void> {
  let current: Language | undefined
  const take = (answer: Body) => {
    const language = languageOf(answer, systemLocale)
    if (language !== current) apply(language)
    current = language
  }
  take(await client.call('GET', 'settings', {}))
  client.follow('settings/changes', {}, { onEvent: take, onRefused: () => {} })
}

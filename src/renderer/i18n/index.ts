/**
 * What Gantry says, in every language it speaks. English is the shape; a language that lacks a sentence fails the
 * type check, and so does a call that forgets to fill a hole. Not for formatting numbers and times: see `format/`.
 */
import { readonly, ref } from 'vue'
import { de } from './de.ts'
import { en } from './en.ts'
import { fill, type Values } from './fill.ts'
import { ja } from './ja.ts'
import type { Fillings, MessageKey, Messages } from './messages.ts'

export type { MessageKey, PlainKey } from './messages.ts'

const messages = { en, de, ja } as const satisfies Record<string, Messages>

export type Language = keyof typeof messages

/** Each language under its own name, as people look for it. */
export const languages: readonly { readonly id: Language; readonly name: string }[] = [
  { id: 'en', name: 'English' },
  { id: 'de', name: 'Deutsch' },
  { id: 'ja', name: '日本語' },
]

export const isLanguage = (thing: unknown): thing is Language =>
  languages.some(language => language.id === thing)

/** The first of a person's languages that Gantry speaks. */
export function preferredLanguage(wishes: readonly string[]): Language {
  for (const wish of wishes) {
    const plain = wish.toLowerCase().split('-')[0]
    if (isLanguage(plain)) return plain
  }
  return 'en'
}

const current = ref<Language>('en')

export const language = readonly(current)

export function speak(next: Language): void {
  current.value = next
  document.documentElement.lang = next
}

function find(path: string): string {
  let node: unknown = messages[current.value]
  for (const step of path.split('.')) {
    node = typeof node === 'object' && node !== null ? Reflect.get(node, step) : undefined
  }
  return typeof node === 'string' ? node : path
}

/** As `t`, for a sentence whose name and fillings came as data. */
export function tell(key: MessageKey, values: Values): string {
  return fill(find(key), values, current.value)
}

/** The sentence of that name in the current language. Used in a template it follows a change of language. */
export function t<Key extends MessageKey>(key: Key, ...fillings: Fillings<Key>): string {
  const values: Values = fillings[0] ?? {}
  return fill(find(key), values, current.value)
}

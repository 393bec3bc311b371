import { perLanguage } from '../format/per-language.ts'

const rules = perLanguage(language => new Intl.PluralRules(language))
const hole = /\{(\w+)\}/g
const separator = ' | '

export type Values = Readonly<Record<string, string | number>>

/** `one job | {count} jobs`: the form that the language's own plural rule picks for `count`. */
function form(text: string, values: Values, language: string): string {
  const forms = text.split(separator)
  const [first = '', second] = forms
  if (second === undefined) return first
  const isOne = rules(language).select(Number(values.count)) === 'one'
  return isOne ? first : second
}

/** A sentence with its holes filled. A hole nobody fills stays visible: better odd than wrong. */
export function fill(text: string, values: Values, language: string): string {
  return form(text, values, language).replaceAll(hole, (whole, name: string) => String(values[name] ?? whole))
}

import { perLanguage } from './per-language.ts'

const fixed = (digits: number) =>
  perLanguage(
    language =>
      new Intl.NumberFormat(language, {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
        useGrouping: false,
      }),
  )
const whole = fixed(0)
const tenths = fixed(1)

const thinSpace = '\u2009'
const minus = '\u2212'
const dash = '–'

/** `245.1`: one digit after the point always, so that a changing number keeps its width. Unknown is a dash. */
export function degrees(celsius: number | undefined, language: string, digits: 0 | 1 = 1): string {
  if (celsius === undefined) return dash
  const format = digits === 0 ? whole : tenths
  return format(language).format(celsius).replace('-', minus)
}

/** `42 %`, with a thin space. Never rounded up to 100 before it is. */
export function percent(share: number | undefined): string {
  return share === undefined ? dash : `${Math.floor(share * 100)}${thinSpace}%`
}

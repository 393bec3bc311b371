const thinSpace = '\u2009'
const minus = '\u2212'
const dash = '–'

/** `245.1`: one digit after the point always, so that a changing number keeps its width. Unknown is a dash. */
export function degrees(celsius: number | undefined, language: string, digits = 1): string {
  if (celsius === undefined) return dash
  const text = new Intl.NumberFormat(language, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    useGrouping: false,
  }).format(celsius)
  return text.replace('-', minus)
}

/** `42 %`, with a thin space. Never rounded up to 100 before it is. */
export function percent(share: number | undefined): string {
  return share === undefined ? dash : `${Math.floor(share * 100)}${thinSpace}%`
}

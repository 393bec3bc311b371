import { z } from 'zod'

/** C0, delete, C1, line and paragraph separators: some end a line, and what follows would be a command nobody saw. */
const control = /[\p{Cc}\p{Zl}\p{Zp}]/u
/** The same in a URI, where UTF-8 stands behind percent signs. */
const hiddenControl = /%[01][0-9a-f]|%7f|%c2%[89][0-9a-f]|%e2%80%a[89]/i

export function isPlainLine(text: string): boolean {
  return !control.test(text)
}

const why = 'it holds a control character or a line break'

/** A word on its way to a printer. Nothing is cut off before it is looked at: what is odd is refused, never mended. */
export function plainLine(mostChars: number) {
  return z.string().max(mostChars).refine(isPlainLine, why)
}

export function plainUri(mostChars: number) {
  return plainLine(mostChars).refine(uri => !hiddenControl.test(uri), why)
}

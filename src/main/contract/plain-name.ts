const longestName = 100
/** Control characters, and what turns the reading direction or hides: a name must not rewrite its neighbours. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Cn}]+/gu

/** A name that came from outside, fit for a screen. Markup stays what it is, text: nothing here renders it. */
export function plainName(text: string): string {
  return text.replace(unseen, ' ').replace(/\s+/g, ' ').trim().slice(0, longestName).trim()
}

import type { RouteResult } from '@contract/routes.ts'

export type TerminalLine = RouteResult<'EVENT printers/terminal'>['lines'][number]

const mostLines = 500
/** What makes repeat all day: temperature reports, keep-alives, and the questions they answer. */
const noise =
  /^(?:(?:ok )?[TB]\d?:|(?:N\d+ )?M105\b|echo:busy|wait$|ok$|(?:Recv|Send): (?:ok )?(?:[TB]\d?:|M105))/

export const keepLast = (lines: readonly TerminalLine[], more: readonly TerminalLine[]): TerminalLine[] =>
  [...lines, ...more].slice(-mostLines)

export function filterLines(
  lines: readonly TerminalLine[],
  words: string,
  isQuiet: boolean,
): readonly TerminalLine[] {
  const wanted = words.trim().toLowerCase()
  return lines.filter(
    ({ text }) => !(isQuiet && noise.test(text.trim())) && text.toLowerCase().includes(wanted),
  )
}

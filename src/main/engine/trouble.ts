import { isGantryError } from '../contract/error.ts'
import { redactText } from '../lib/redact.ts'

/** Gantry could not start, or made a mistake nobody caught and must stop. */
export type Trouble = 'start' | 'mistake'

const longestMessage = 200

const advice: Readonly<Record<Trouble, string>> = {
  start: 'Start it again; if it stays so, report it.',
  mistake:
    'It ends what it feeds to printers and stops. Start it again; if it happens again, report it with the log.',
}

/** One sentence for a person, without a stack and without a secret; the log has the rest. */
export function sentenceOf(trouble: Trouble, thrown: unknown): string {
  if (trouble === 'start' && isGantryError(thrown) && thrown.code !== 'internal.bug') return thrown.message
  return `Something inside Gantry went wrong (${firstLineOf(thrown)}). ${advice[trouble]}`
}

function firstLineOf(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  const [line = ''] = redactText(message).split('\n')
  return line.length > longestMessage ? `${line.slice(0, longestMessage)}…` : line
}

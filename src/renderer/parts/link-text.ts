import { t } from '../i18n/index.ts'
import type { Printer } from '../stores/printers.ts'

/** Why the line to a printer is down and what to do, in the reader's words; the engine's own where it gave no more. */
export function linkText({ cause, text }: Printer['snapshot']['link']): string {
  return cause === undefined ? (text ?? '') : `${t(`linkReason.${cause}`)} ${t(`linkTodo.${cause}`)}`
}

/** Not where opening the line would start the printer anew: that is for a person to do. */
export function triesByItself({ cause }: Printer['snapshot']['link']): boolean {
  return cause !== 'left-printing' && cause !== 'left-halted'
}

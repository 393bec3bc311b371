import { type Asked, mayNow } from '@contract/may-now.ts'
import { isDoubt } from '@contract/printer-note.ts'
import { isPageReason } from '../../api/page-reasons.ts'
import { t } from '../../i18n/index.ts'
import type { Printer } from '../../stores/printers.ts'

/** Why this may not be done now, in a sentence, by the rule the printers' room itself keeps; undefined when it may. */
export function lockOf({ notes, snapshot }: Printer, asked: Asked): string | undefined {
  if (snapshot.link.state !== 'online') return t('control.lockGone')
  if (notes?.some(isDoubt) && asked.kind !== 'emergency-stop') return t('reason.printer.in-doubt')
  const why = mayNow(asked, snapshot)
  if (why === undefined) return undefined
  if (why.code === 'printer.offline' || !isPageReason(why.code)) return t('control.lockUnknown')
  return t(`reason.${why.code}`)
}

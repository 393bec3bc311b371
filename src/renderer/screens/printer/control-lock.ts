import type { PlainKey } from '../../i18n/index.ts'
import type { Printer } from '../../stores/printers.ts'

const working = ['preparing', 'printing', 'pausing', 'resuming', 'cancelling']

/** Why nothing may be set now; undefined when it may. */
export function lockOf({ snapshot }: Printer): PlainKey | undefined {
  if (snapshot.link.state !== 'online') return 'control.lockGone'
  if (snapshot.machine.state === 'unknown' || snapshot.machine.state === 'offline')
    return 'control.lockUnknown'
  return snapshot.machine.state === 'error' ? 'control.lockFault' : undefined
}

/** Why nothing may be moved or started now: what a print needs alone comes on top. */
export function motionLockOf(printer: Printer): PlainKey | undefined {
  return working.includes(printer.snapshot.machine.state) && printer.snapshot.link.state === 'online'
    ? 'control.lockPrinting'
    : lockOf(printer)
}

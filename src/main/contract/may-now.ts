import type { ErrorCode } from './error.ts'
import type { Snapshot } from './printer.ts'
import type { PrinterCommand } from './printer-command.ts'

/** Why something may not be done now. */
export interface NotNow {
  readonly code: ErrorCode
}

/** What the rule looks at. */
export type Now = Pick<Snapshot, 'machine' | 'job'>

/**
 * What may be done in which state of a machine: the one rule for every caller, asked by the printers' room before a
 * driver is, and by the page, which disables with the reason.
 */
export function mayNow(command: PrinterCommand, now: Now): NotNow | undefined {
  if (command.kind === 'restart-machine' && isPrintOn(now)) return { code: 'printer.printing' }
  return undefined
}

/** A machine that stopped itself, or that nobody hears of, prints nothing. */
function isPrintOn({ machine, job }: Now): boolean {
  if (machine.state === 'error' || machine.state === 'offline') return false
  return job.state === 'running' || job.state === 'paused'
}

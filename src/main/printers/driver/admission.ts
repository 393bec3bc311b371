import { GantryError } from '../../contract/error.ts'
import { isPlainLine } from '../../contract/plain-line.ts'
import type { Capabilities } from '../../contract/printer.ts'
import { allows } from './capabilities.ts'
import type { Printable, PrinterCommand } from './driver.ts'

/** Asked before anything is sent, by the printers' room and again by every session. */
export function admit(can: Capabilities, command: PrinterCommand): void {
  for (const [name, value] of Object.entries(command)) {
    if (typeof value === 'string') refuseControl(name, value)
  }
  if (allows(can, command)) return
  const how =
    command.kind === 'emergency-stop'
      ? 'This printer has no emergency stop for a network: use its switch, or cancel the job.'
      : 'This printer cannot do this.'
  throw new GantryError('printer.unsupported', how, { command: command.kind })
}

/** The same of what is to be printed. */
export function admitPrint(can: Capabilities, what: Printable): void {
  if (what.from === 'printer') refuseControl('path', what.path)
  else refuseControl('name', what.file.name)
  if (what.from === 'printer' ? can.files : can.stream) return
  const how =
    what.from === 'printer'
      ? 'This printer has no files that Gantry can start.'
      : 'This printer cannot be fed from this computer.'
  throw new GantryError('printer.unsupported', how)
}

/** What ends a line at a firmware would make the rest a second command. */
export function refuseControl(name: string, text: string): void {
  if (isPlainLine(text)) return
  throw new GantryError(
    'request.invalid',
    `“${name}” holds a control character or a line break. Nothing was sent.`,
    { name },
  )
}

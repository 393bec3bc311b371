/**
 * Printers: what a printer is to Gantry, the drivers that speak to each make, the supervisor that keeps the lines
 * up, and the verbs the rest of the engine may use. It is not for finding printers (that is `discovery`) and knows
 * nothing of GotAPI.
 */

export type { DriverContext, PrinterCommand, PrinterDriver } from './driver/driver.ts'
export { driverContext } from './driver/driver-context.ts'
export { stampText } from './driver/time-stamps.ts'
export { createPrinterGroups, type PrinterGroups } from './groups.ts'
export type { Likeness, NetworkSighting, Sighting } from './identity/sighting.ts'
export { addressOf, webAddress } from './identity/web-address.ts'
export { linkReasonOf } from './link-reason.ts'
export type { TerminalLine } from './printer.ts'
export type { PrinterView } from './printer-view.ts'
export type { Printers } from './printers.ts'
export { drivers } from './registry.ts'
export { createPrintersRoom, type PrintersRoom } from './room.ts'
export { createSerialPorts } from './serial/node-serial-ports.ts'
export type { SerialPorts } from './serial/serial-ports.ts'
export { createPrinters } from './service.ts'
export { createHttpClient } from './wire/http-client.ts'
export { diskFile, plainFile } from './wire/print-file.ts'

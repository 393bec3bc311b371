/**
 * Printers: what a printer is to Gantry, the drivers that speak to each make, the supervisor that keeps the lines
 * up, and the verbs the rest of the engine may use. It is not for finding printers (that is `discovery`) and knows
 * nothing of GotAPI.
 */
export { diskFile } from './disk-file.ts'
export type { DriverContext, PrinterCommand, PrinterDriver, PrintFile } from './driver.ts'
export { driverContext } from './driver-context.ts'
export { createPrinterGroups, type PrinterGroups } from './groups.ts'
export { createHttpClient } from './http-client.ts'
export { linkReasonOf } from './link-reason.ts'
export { warnOfLowBattery } from './low-battery.ts'
export { holdOffSleep } from './power.ts'
export type { TerminalLine } from './printer.ts'
export type { PrinterView } from './printer-view.ts'
export type { Printers } from './printers.ts'
export { drivers } from './registry.ts'
export { createSerialPorts } from './serial/node-serial-ports.ts'
export type { SerialPorts } from './serial-ports.ts'
export { createPrinters } from './service.ts'
export type { Likeness, NetworkSighting, Sighting } from './sighting.ts'
export { simulatedMakes } from './sim/fleet.ts'
export { stampText } from './time-stamps.ts'
export { addressOf, webAddress } from './web-address.ts'

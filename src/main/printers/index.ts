/**
 * Printers: what a printer is to Gantry, the drivers that speak to each make, the supervisor that keeps the lines
 * up, and the verbs the rest of the engine may use. It is not for finding printers (that is `discovery`) and knows
 * nothing of GotAPI.
 */
export type { PrinterCommand, PrinterDriver, PrinterSession, SessionEvent } from './driver.ts'
export { drivers } from './registry.ts'
export type { Likeness, Sighting } from './sighting.ts'

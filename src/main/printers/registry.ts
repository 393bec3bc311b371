import type { PrinterDriver } from './driver.ts'

/** Every make Gantry speaks, one line each. The order is the order of the "add printer" list. */
export const drivers: readonly PrinterDriver[] = []

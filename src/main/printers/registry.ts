import type { PrinterDriver } from './driver/driver.ts'
import { marlin } from './drivers/marlin/index.ts'
import { moonraker } from './drivers/moonraker/index.ts'
import { octoprint } from './drivers/octoprint/index.ts'
import { prusalink } from './drivers/prusalink/index.ts'

/** Every make Gantry speaks, one line each. The order is the order of the "add printer" list. */
export const drivers: readonly PrinterDriver[] = [octoprint, moonraker, prusalink, marlin]

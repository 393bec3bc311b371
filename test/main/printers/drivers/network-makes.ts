import { moonraker } from '../../../../src/main/printers/drivers/moonraker/index.ts'
import { octoprint } from '../../../../src/main/printers/drivers/octoprint/index.ts'
import { prusalink } from '../../../../src/main/printers/drivers/prusalink/index.ts'
import { createMoonrakerSim } from '../../../../src/main/printers/sim/moonraker.ts'
import { createOctoPrintSim } from '../../../../src/main/printers/sim/octoprint.ts'
import { createPrusaLinkSim } from '../../../../src/main/printers/sim/prusalink.ts'
import { shortPath } from '../../../../src/main/printers/sim/prusalink-files.ts'
import type { SimPrinter } from '../../../../src/main/printers/sim/sim-printer.ts'
import type { SimServer } from '../../../../src/main/printers/sim/sim-server.ts'

const key = 'c0ffee00c0ffee00'
/** The makes behind a network, each with `cube.gcode` by the path it lists it under. */
export const networkMakes = [
  {
    driver: moonraker,
    path: 'cube.gcode',
    credentials: { apiKey: key },
    start: (sim: SimPrinter): Promise<SimServer> => createMoonrakerSim(sim, { apiKey: key }),
  },
  {
    driver: octoprint,
    path: 'cube.gcode',
    credentials: { apiKey: key },
    start: (sim: SimPrinter): Promise<SimServer> => createOctoPrintSim(sim, { apiKey: key }),
  },
  {
    driver: prusalink,
    path: `/usb/${shortPath('cube.gcode')}`,
    credentials: { password: key },
    start: (sim: SimPrinter): Promise<SimServer> => createPrusaLinkSim(sim, { password: key }),
  },
]

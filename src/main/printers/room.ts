import type { NoticeBoard } from '../contract/notice.ts'
import type { Battery } from '../lib/battery.ts'
import type { Dispose } from '../lib/dispose.ts'
import type { DriverContext } from './driver/driver.ts'
import { driverContext } from './driver/driver-context.ts'
import { warnOfLowBattery } from './low-battery.ts'
import { holdOffSleep } from './power.ts'
import type { Printers, PrintersDeps } from './printers.ts'
import { drivers } from './registry.ts'
import { createPrinters } from './service.ts'
import { simulatedMakes } from './sim/fleet.ts'
import { warnOfUnsynchronisedClock } from './unsynchronised-clock.ts'
import { createHttpClient } from './wire/http-client.ts'

/** A print that is fed from here is cooled and parked, a minute at the most (docs/decisions/0080), then its line closes. */
const stopLimitMs = 70_000

export interface PrintersRoomDeps extends Omit<PrintersDeps, 'drivers'> {
  readonly notices: NoticeBoard
  /** Adds a fleet of simulated printers. */
  readonly demo: boolean
  readonly keepAwake: (reason: string) => Dispose
  readonly readBattery: () => Promise<Battery | undefined>
  readonly onPower?: (listener: () => void) => Dispose
  /** HD-HLF-03: undefined where nobody knows. */
  readonly clockIsSynchronised?: () => Promise<boolean | undefined>
}

export interface PrintersRoom extends Printers {
  readonly stopLimitMs: number
  /** What a driver is given to ask a place where no printer of ours is yet. */
  context(signal: AbortSignal): DriverContext
}

/** The printers, with this machine held awake, its battery watched for those it feeds, and its clock for their stamps. */
export function createPrintersRoom(deps: PrintersRoomDeps): PrintersRoom {
  const { clock } = deps
  const log = deps.logger('printers')
  const http = createHttpClient(clock)
  const printers = createPrinters({ ...deps, drivers })
  let stops: Dispose[] = []

  const addDemoFleet = async () => {
    const standing = new Set(printers.list().flatMap(({ simulated, driver }) => (simulated ? [driver] : [])))
    for (const make of simulatedMakes) if (!standing.has(make)) await printers.simulate(make)
  }
  return {
    ...printers,
    stopLimitMs,
    context: signal => driverContext({ ...deps, http, log, signal }),
    async start() {
      await printers.start()
      stops = [
        holdOffSleep(printers, deps.keepAwake),
        warnOfLowBattery({ ...deps, printers, log }),
        warnOfUnsynchronisedClock({ ...deps, log }),
      ]
      if (deps.demo) await addDemoFleet()
    },
    async stop() {
      await printers.stop()
      for (const stop of stops.splice(0)) stop()
      http.close()
    },
  }
}

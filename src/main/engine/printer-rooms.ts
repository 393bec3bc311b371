import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Contents, createContents } from '../contents/index.ts'
import type { NoticeBoard } from '../contract/notice.ts'
import {
  bothEars,
  createDatagrams,
  createDiscovery,
  createDoctor,
  createDoctorSystem,
  createMdns,
  type Discovery,
  deafEar,
  watchDeviceFolder,
} from '../discovery/index.ts'
import { createFiles, type Files } from '../files/index.ts'
import type { Logger, LoggerFor } from '../lib/log.ts'
import { zoneOffsetMin } from '../lib/zone-offset.ts'
import type { BuiltInPlugin } from '../plugin-host/index.ts'
import { createPrinter3dPlugin } from '../plugins/printer3d/index.ts'
import {
  createHttpClient,
  createPrinterGroups,
  createPrinters,
  createSerialPorts,
  type DriverContext,
  driverContext,
  drivers,
  holdOffSleep,
  simulatedMakes,
  warnOfLowBattery,
  warnOfUnsynchronisedClock,
} from '../printers/index.ts'
import type { Store } from '../store/index.ts'
import type { Platform } from './platform.ts'
import type { Room } from './room.ts'

export interface PrinterRooms {
  readonly printers: Room
  readonly discovery: Discovery
  readonly contents: Contents
  readonly files: Files
  readonly plugin: BuiltInPlugin
}

/** The printers' side of the engine: the room of printers, the one that looks for them, their plug-in. */
export function printerRooms(parts: {
  readonly platform: Platform
  readonly store: Store
  readonly logger: LoggerFor
  readonly notices: NoticeBoard
  readonly demo: boolean
  /** Whether the network is listened to; USB and typed addresses are always looked at. */
  readonly listens: boolean
}): PrinterRooms {
  const { platform, store, logger, demo } = parts
  const { clock, dirs, secrets, versions } = platform
  const serial = createSerialPorts()
  const random = () => new DataView(platform.random(4).slice().buffer).getUint32(0) / 2 ** 32
  const log = logger('discovery')
  const http = createHttpClient(clock)
  const startProgram = programStarter(platform, logger('printers'))
  const context = (signal: AbortSignal) =>
    driverContext({ clock, random, serial, http, log, signal, ...startProgram })

  const printers = createPrinters({
    clock,
    logger,
    store,
    secrets,
    drivers,
    serial,
    notices: parts.notices,
    ...startProgram,
    random,
    uuid: randomUUID,
  })
  let stopWarnings = () => {}
  const signs = process.platform === 'win32' ? {} : { signs: watchDeviceFolder(log) }
  const ear = parts.listens ? bothEars(createMdns({ log }), createDatagrams({ log, clock })) : deafEar
  const discovery = createDiscovery({ printers, drivers, serial, ear, clock, log, context, ...signs })
  const doctor = createDoctor({
    system: createDoctorSystem(),
    clock,
    printers,
    serial,
    ear,
    found: discovery.found,
    probe: discovery.probe,
  })
  const contents = createContents({
    clock,
    logger,
    store,
    secrets,
    random: platform.random,
    uuid: randomUUID,
    printers,
    dir: join(dirs.data, 'contents'),
  })
  const files = createFiles({ clock, dir: join(dirs.data, 'uploads'), uuid: randomUUID })
  const plugin = createPrinter3dPlugin({
    printers,
    contents,
    groups: createPrinterGroups({ store, uuid: randomUUID }),
    clock,
    log: logger('plugins.printer3d'),
    uuid: randomUUID,
    zoneOffsetMin,
    uploads: files.uploads,
    version: versions.gantry.split('-')[0] ?? '0.0.0',
    setup: { drivers, discovery, doctor, context },
  })
  const demoFleet = async () => {
    const standing = new Set(printers.list().flatMap(({ simulated, driver }) => (simulated ? [driver] : [])))
    for (const make of simulatedMakes) if (!standing.has(make)) await printers.simulate(make)
  }
  return {
    plugin,
    files,
    discovery,
    contents,
    printers: {
      ...printers,
      async start() {
        await printers.start()
        const stops = [
          holdOffSleep(printers, platform.keepAwake),
          warnOfLowBattery({ ...platform, printers, log: logger('printers'), notices: parts.notices }),
          warnOfUnsynchronisedClock({ ...platform, log: logger('printers'), notices: parts.notices }),
        ]
        stopWarnings = () => {
          for (const stop of stops) stop()
        }
        if (demo) await demoFleet()
      },
      async stop() {
        await printers.stop()
        stopWarnings()
        http.close()
      },
    },
  }
}

/** Run from its source tree, Gantry has no built programs: then a serial line is hosted in this very process. */
function programStarter({ dirs, processes }: Platform, log: Logger): Pick<DriverContext, 'startProgram'> {
  const file = (program: string) => join(dirs.program, `${program}.js`)
  if (!existsSync(file('serial-stream'))) {
    log.warn('USB prints share the process of the engine: the program for them is not built')
    return {}
  }
  return {
    startProgram: program => processes.fork(file(program), { name: `Gantry ${program}`, ownSession: true }),
  }
}

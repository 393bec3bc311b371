import type { Contents } from '../contents/index.ts'
import type { Discovery, Doctor } from '../discovery/index.ts'
import type { Files } from '../files/index.ts'
import { zoneOffsetMin } from '../lib/zone-offset.ts'
import { createPrinter3dPlugin } from '../plugins/printer3d/index.ts'
import { createPrinterGroups, drivers, type PrintersRoom } from '../printers/index.ts'
import type { Ground } from './ground.ts'
import type { Platform } from './platform.ts'
import type { Room } from './room.ts'

/** The plug-in of 3D printers on this machine: no life of its own, the plug-in host gives it one. */
export function printer3dRoom(
  { versions }: Platform,
  deps: Ground & {
    readonly printers: PrintersRoom
    readonly discovery: Discovery & { readonly doctor: Doctor }
    readonly contents: Contents
    readonly files: Files
  },
): Room {
  const { printers, discovery } = deps
  const plugin = createPrinter3dPlugin({
    ...deps,
    groups: createPrinterGroups(deps),
    log: deps.logger('plugins.printer3d'),
    zoneOffsetMin,
    uploads: deps.files.uploads,
    version: versions.gantry.split('-')[0] ?? '0.0.0',
    setup: { drivers, discovery, doctor: discovery.doctor, context: printers.context },
  })
  return { name: '3D printers', services: [plugin] }
}

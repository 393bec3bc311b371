import { watch } from 'node:fs'
import type { Dispose } from '../lib/dispose.ts'
import type { Logger } from '../lib/log.ts'

const serialName = /^(?:ttyACM|ttyUSB|ttyAMA|rfcomm|cu\.)/

/** The system's own sign that a port came or went. Where it gives none, the list is looked at all the same. */
export type DeviceSigns = (onSign: () => void) => Dispose

export const noSigns: DeviceSigns = () => () => {}

/** Linux and macOS make a file for every port. */
export function watchDeviceFolder(log: Logger, folder = '/dev'): DeviceSigns {
  return onSign => {
    try {
      const watcher = watch(folder, { persistent: false }, (_, name) => {
        if (name === null || serialName.test(name)) onSign()
      })
      watcher.on('error', error => {
        log.debug('the folder of devices cannot be watched any more', { error })
        watcher.close()
      })
      return () => watcher.close()
    } catch (error) {
      log.debug('the folder of devices cannot be watched', { error })
      return () => {}
    }
  }
}

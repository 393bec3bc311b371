import { Notification, powerMonitor, powerSaveBlocker, safeStorage, shell } from 'electron'
import { createNodePlatform, type Platform } from '../engine/index.ts'
import { forkUtilityProcess } from './electron-child-process.ts'
import { createFallbackBox, createKeychainBox, hasKeychain } from './electron-secret-box.ts'

type NodePlatformOptions = Parameters<typeof createNodePlatform>[0]

/** The machine as Electron sees it: Node's, with the system's keychain, notifications and child processes. */
export function createElectronPlatform(options: NodePlatformOptions): Platform {
  const node = createNodePlatform(options)
  const notify: Platform['notify'] = ({ title, text }) => {
    if (Notification.isSupported()) new Notification({ title, body: text }).show()
  }
  const isKept = hasKeychain(safeStorage, process.platform)
  return {
    ...node,
    name: 'electron',
    secrets: isKept ? createKeychainBox(safeStorage, node.secrets) : createFallbackBox(node.secrets),
    processes: { fork: forkUtilityProcess },
    versions: { ...node.versions, electron: process.versions.electron },
    notify,
    keepAwake() {
      const blocker = powerSaveBlocker.start('prevent-app-suspension')
      return () => {
        powerSaveBlocker.stop(blocker)
      }
    },
    onPower(listener) {
      powerMonitor.on('on-ac', listener)
      powerMonitor.on('on-battery', listener)
      return () => {
        powerMonitor.off('on-ac', listener)
        powerMonitor.off('on-battery', listener)
      }
    },
    openExternal: url => shell.openExternal(url),
  }
}

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { App } from 'electron'

/** Electron's own files of a window (cache, crash reports) lie beside the data they belong to. */
const folder = 'window'

/** Puts Electron's files beside the data. A folder that cannot be written is the engine's to explain. */
function placeOwnFiles(app: App, dataDir: string): boolean {
  const own = join(dataDir, folder)
  try {
    mkdirSync(own, { recursive: true, mode: 0o700 })
  } catch {
    return false
  }
  app.setPath('userData', own)
  return true
}

/**
 * One window program for each data folder. False when another has it: that one has been told, and gets this one's
 * command line.
 */
export function claimInstance(app: App, dataDir: string): boolean {
  return !placeOwnFiles(app, dataDir) || app.requestSingleInstanceLock()
}

/** Without a window there is none to bring to the front: who holds the data folder is the engine's to say. */
export function shareInstance(app: App, dataDir: string): void {
  placeOwnFiles(app, dataDir)
  app.disableHardwareAcceleration()
}

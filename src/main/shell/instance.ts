import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { App } from 'electron'

/** Electron's own files of a window (cache, crash reports) lie beside the data they belong to. */
const folder = 'window'

/**
 * One window program for each data folder. False when another has it: that one has been told, and gets this one's
 * command line.
 */
export function claimInstance(app: App, dataDir: string): boolean {
  const own = join(dataDir, folder)
  try {
    mkdirSync(own, { recursive: true, mode: 0o700 })
  } catch {
    // A folder that cannot be written is the engine's to explain: it says what and why.
    return true
  }
  app.setPath('userData', own)
  return app.requestSingleInstanceLock()
}

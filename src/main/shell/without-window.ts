import { type App, dialog, powerMonitor } from 'electron'
import type { Engine, WayOut } from '../engine/index.ts'
import { askBeforeQuit } from './quit.ts'
import { leaveWithSystem } from './system-end.ts'
import { shellWords } from './words.ts'

/** The engine alone in Electron, as `--headless` asks: it stays until a signal or the system ends it. */
export function stayWithoutWindow(app: App, engine: Engine, wayOut: WayOut): void {
  app.dock?.hide()
  const log = engine.logger('main')
  leaveWithSystem({ power: powerMonitor, log, veto: engine.quitVeto, wayOut })
  askBeforeQuit({
    app,
    dialog,
    log,
    words: () => shellWords.en,
    veto: () => undefined,
    wayOut,
  })
}

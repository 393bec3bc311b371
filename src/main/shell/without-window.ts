import { type App, dialog } from 'electron'
import type { Engine, WayOut } from '../engine/index.ts'
import { askBeforeQuit } from './quit.ts'
import { shellWords } from './words.ts'

/** The engine alone in Electron, as `--headless` asks: it stays until a signal or the system ends it. */
export function stayWithoutWindow(app: App, engine: Engine, wayOut: WayOut): void {
  app.dock?.hide()
  askBeforeQuit({
    app,
    dialog,
    log: engine.logger('main'),
    words: () => shellWords.en,
    veto: () => undefined,
    wayOut,
  })
}

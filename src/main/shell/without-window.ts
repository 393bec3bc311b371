import { type App, dialog } from 'electron'
import type { Engine } from '../engine/index.ts'
import { createQuit } from './quit.ts'
import { shellWords } from './words.ts'

/** The engine alone in Electron, as `--headless` asks: it stays until a signal or the system ends it. */
export function stayWithoutWindow(app: App, engine: Engine): void {
  app.dock?.hide()
  createQuit({
    app,
    dialog,
    log: engine.logger('main'),
    words: () => shellWords.en,
    veto: () => undefined,
    stop: engine.stop,
  })
}

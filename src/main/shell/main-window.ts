import { BrowserWindow, screen } from 'electron'
import type { Clock } from '../lib/clock.ts'
import type { Dispose } from '../lib/dispose.ts'
import type { Logger } from '../lib/log.ts'
import { pageUrl } from './own-page.ts'
import { recoverPage } from './page-recovery.ts'
import { webPreferences } from './security.ts'
import { placeWindow, smallest } from './window-bounds.ts'
import type { WindowMemory } from './window-memory.ts'

interface MainWindowOptions {
  readonly preload: string
  readonly icon: string
  readonly backgroundColor: () => string
  readonly isSource: boolean
  readonly memory: WindowMemory
  readonly clock: Clock
  readonly log: Logger
}

export interface MainWindow {
  readonly window: BrowserWindow
  /** In front of the person, whatever it was before. */
  show(): void
  /** Writes where it is; the last thing before the program ends. */
  readonly remember: Dispose
}

/** The dashboard's window. It appears painted, where it was the last time. */
export function createMainWindow(options: MainWindowOptions): MainWindow {
  const kept = options.memory.read()
  const main = screen.getPrimaryDisplay()
  const others = screen.getAllDisplays().filter(display => display.id !== main.id)
  const window = new BrowserWindow({
    ...placeWindow(
      kept?.bounds,
      [main, ...others].map(display => display.workArea),
    ),
    minWidth: smallest.width,
    minHeight: smallest.height,
    title: 'Gantry',
    icon: options.icon,
    show: false,
    backgroundColor: options.backgroundColor(),
    webPreferences: { ...webPreferences, preload: options.preload, devTools: options.isSource },
  })
  window.once('ready-to-show', () => {
    window.show()
    if (kept?.isMaximized) window.maximize()
    if (kept?.isFullScreen) window.setFullScreen(true)
  })
  const url = pageUrl('index')
  recoverPage(window, { ...options, url })
  window.loadURL(url).catch(thrown => {
    options.log.error('the page cannot be loaded', { cause: thrown })
    window.show()
  })

  return {
    window,
    remember: options.memory.keep(window),
    show() {
      if (window.isMinimized()) window.restore()
      window.show()
      window.focus()
    },
  }
}

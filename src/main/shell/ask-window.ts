import { BrowserWindow, screen } from 'electron'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/log.ts'
import type { Bridge } from './bridge.ts'
import type { DoorClient } from './door-client.ts'
import { pageUrl } from './own-page.ts'
import { recoverPage } from './page-recovery.ts'
import { webPreferences } from './security.ts'

const size = { width: 520, height: 524 }

interface AskWindowOptions {
  readonly preload: string
  readonly icon: string
  readonly backgroundColor: () => string
  readonly bridge: Bridge
  /** The program ends: what waits is the next start's. */
  readonly isLeaving: () => boolean
  /** May see and answer requests for access, and nothing else. */
  readonly client: DoorClient
  readonly clock: Clock
  readonly log: Logger
}

export interface AskWindow {
  /** There while somebody waits for an answer, gone when nobody does. */
  show(pending: number): void
}

/**
 * The permission window: of the shell, never inside the page that asks. It comes without taking the keyboard, so
 * that what a person is typing or clicking elsewhere cannot be an answer.
 */
export function createAskWindow(options: AskWindowOptions): AskWindow {
  let window: BrowserWindow | undefined
  let waiting = 0

  const open = (): BrowserWindow => {
    const { workArea } = screen.getDisplayNearestPoint(screen.getCursorScreenPoint())
    const opened = new BrowserWindow({
      ...size,
      x: workArea.x + Math.round((workArea.width - size.width) / 2),
      y: workArea.y + Math.round((workArea.height - size.height) / 3),
      title: 'Gantry: an app asks for access',
      icon: options.icon,
      show: false,
      resizable: false,
      minimizable: false,
      maximizable: false,
      fullscreenable: false,
      alwaysOnTop: true,
      backgroundColor: options.backgroundColor(),
      webPreferences: { ...webPreferences, preload: options.preload, devTools: false },
    })
    opened.removeMenu()
    options.bridge.admit(opened.webContents, options.client)
    opened.once('ready-to-show', () => opened.showInactive())
    opened.once('closed', () => {
      if (window !== opened) return
      // Closing it is no answer: what waits is asked again, and denied when its time is over.
      window = waiting > 0 && !options.isLeaving() ? open() : undefined
    })
    const url = pageUrl('ask')
    recoverPage(opened, { ...options, url })
    opened.loadURL(url).catch(thrown => {
      options.log.error('the permission window cannot be loaded', { cause: thrown })
    })
    return opened
  }

  return {
    show(pending) {
      waiting = pending
      if (pending > 0) window ??= open()
      else window?.destroy()
    },
  }
}

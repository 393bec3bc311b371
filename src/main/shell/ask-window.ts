import { BrowserWindow, screen } from 'electron'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/log.ts'
import type { StaticFiles } from '../lib/static-files.ts'
import { openAskSession } from './ask-session.ts'
import type { Bridge } from './bridge.ts'
import type { GatewayClient } from './gateway-client.ts'
import { type AskPage, pageUrl } from './own-page.ts'
import { recoverPage } from './page-recovery.ts'
import { webPreferences } from './security.ts'
import type { Language } from './words.ts'

const width = 520

interface AskWindowOptions {
  readonly page: AskPage
  readonly files: StaticFiles
  /** Until the page says its own. */
  readonly title: string
  readonly height: number
  readonly preload: string
  readonly icon: string
  readonly backgroundColor: () => string
  /** Its page cannot read the settings. */
  readonly language: () => Language
  readonly bridge: Bridge
  /** The program ends: what waits is the next start's. */
  readonly isLeaving: () => boolean
  /** May see and answer requests for access, and nothing else. */
  readonly client: GatewayClient
  /** The person closed it. Absent: closing is no answer, what waits is asked again and ends when its time is over. */
  readonly onDismiss?: () => void
  readonly clock: Clock
  readonly log: Logger
}

export interface AskWindow {
  /** There while somebody waits for an answer, gone when nobody does. `wanted`: the owner asked for it just now. */
  show(pending: number, wanted?: boolean): void
}

/**
 * A window that asks the owner for something an application wants: a permission, a login. Of the shell, never inside
 * the page that asks. It comes without taking the keyboard, so that what a person is typing or clicking elsewhere
 * cannot be an answer.
 */
export function createAskWindow(options: AskWindowOptions): AskWindow {
  const { page } = options
  const session = openAskSession(page, options.files, options.log)
  let window: BrowserWindow | undefined
  let waiting = 0

  const open = (wanted = false): BrowserWindow => {
    const { workArea } = screen.getDisplayNearestPoint(screen.getCursorScreenPoint())
    const opened = new BrowserWindow({
      width,
      height: options.height,
      x: workArea.x + Math.round((workArea.width - width) / 2),
      y: workArea.y + Math.round((workArea.height - options.height) / 3),
      title: options.title,
      icon: options.icon,
      show: false,
      resizable: false,
      minimizable: false,
      maximizable: false,
      fullscreenable: false,
      alwaysOnTop: true,
      backgroundColor: options.backgroundColor(),
      webPreferences: { ...webPreferences, preload: options.preload, session, devTools: false },
    })
    opened.removeMenu()
    options.bridge.admit(opened.webContents, options.client)
    opened.once('ready-to-show', () => (wanted ? opened.show() : opened.showInactive()))
    opened.once('closed', () => {
      if (window !== opened) return
      const isOpen = waiting > 0 && !options.isLeaving()
      window = isOpen && !options.onDismiss ? open() : undefined
      if (isOpen) options.onDismiss?.()
    })
    const url = `${pageUrl(page)}?language=${options.language()}`
    recoverPage(opened, { ...options, url })
    opened.loadURL(url).catch(thrown => {
      options.log.error('a window that asks cannot be loaded', { page, cause: thrown })
    })
    return opened
  }

  return {
    show(pending, wanted) {
      waiting = pending
      if (pending > 0) window ??= open(wanted)
      else window?.destroy()
    },
  }
}

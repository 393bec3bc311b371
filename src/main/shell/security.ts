import type { App, Session, WebContents, WebPreferences } from 'electron'
import { windowOrigin } from '../gotapi/index.ts'
import type { Logger } from '../lib/log.ts'
import { isOwnPage } from './own-page.ts'

/** What every window of Gantry may do: show its page. Its preload has the sandbox's few modules and no Node. */
export const webPreferences = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInSubFrames: false,
  nodeIntegrationInWorker: false,
  webSecurity: true,
  webviewTag: false,
  navigateOnDragDrop: false,
  spellcheck: false,
} as const satisfies WebPreferences

interface SecurityOptions {
  readonly app: Pick<App, 'on'>
  readonly log: Logger
  /** A page wants to show an address outside of Gantry. */
  readonly onLink: (url: string) => void
}

/** Denies everything a page could ask of Electron; installed before the first window. */
export function secureContents({ app, log, onLink }: SecurityOptions): void {
  app.on('web-contents-created', (_event, contents) => {
    denyNavigation(contents, log)
    contents.setWindowOpenHandler(({ url }) => {
      log.info('a new window was refused', { url })
      onLink(url)
      return { action: 'deny' }
    })
    contents.on('will-attach-webview', event => event.preventDefault())
  })
}

/** A page may load itself again and nothing else. */
function denyNavigation(contents: WebContents, log: Logger): void {
  const deny = (event: { readonly url: string; preventDefault(): void }) => {
    if (isOwnPage(event.url) && samePage(event.url, contents.getURL())) return
    event.preventDefault()
    log.warn('a navigation was refused', { url: event.url })
  }
  contents.on('will-navigate', deny)
  contents.on('will-frame-navigate', deny)
  contents.on('will-redirect', deny)
}

const samePage = (url: string, current: string) => new URL(url).pathname === new URL(current).pathname

/** A file that Gantry's own page made from what it was told, such as the diagnostics. */
const ownDownload = `blob:${windowOrigin}/`

/** No device, no camera, no notification of the page's own, no file but its own; where that goes the person says. */
export function secureSession(session: Session, log: Logger): void {
  session.setPermissionCheckHandler(() => false)
  session.setPermissionRequestHandler((_contents, permission, answer) => {
    log.warn('a permission was refused', { permission })
    answer(false)
  })
  session.setDevicePermissionHandler(() => false)
  session.on('will-download', (event, item) => {
    if (item.getURL().startsWith(ownDownload)) return
    log.warn('a download was refused', { url: item.getURL() })
    event.preventDefault()
  })
}

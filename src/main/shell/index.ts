/**
 * What only Electron can do: window, menu, tray, links, keychain, notifications, and the bridge over which the
 * window's page reaches the engine's gateway. No rule about printing and no right of its own: the window is a client
 * with a token like any other.
 */
import { join } from 'node:path'
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  powerMonitor,
  protocol,
  safeStorage,
  session,
  shell,
} from 'electron'
import type { Engine, Platform, WayOut } from '../engine/index.ts'
import type { Gateway } from '../gotapi/index.ts'
import type { Logger } from '../lib/log.ts'
import { createStaticFiles } from '../lib/static-files.ts'
import { showAbout } from './about.ts'
import { serveApp } from './app-protocol.ts'
import { createAskWindow } from './ask-window.ts'
import { createBridge } from './bridge.ts'
import { hasKeychain } from './electron-secret-box.ts'
import { createGatewayClient } from './gateway-client.ts'
import { claimScheme, gotapiLinksIn } from './gotapi-links.ts'
import { followLanguage, languageOf } from './language.ts'
import { createLinks } from './links.ts'
import { followLogins } from './logins.ts'
import { createMainWindow, type MainWindow } from './main-window.ts'
import { menuTemplate } from './menu.ts'
import { followQuestions } from './questions.ts'
import { askBeforeQuit } from './quit.ts'
import { secureContents, secureSession } from './security.ts'
import { leaveWithSystem } from './system-end.ts'
import { backgroundOf, followTheme } from './theme.ts'
import { createTray, trayTemplate } from './tray.ts'
import { createWindowMemory } from './window-memory.ts'
import { type Language, type ShellWords, shellWords } from './words.ts'

export { declareAppScheme } from './app-protocol.ts'
export { hasDisplay, mustHaveDisplay } from './display.ts'
export { createElectronPlatform } from './electron-platform.ts'
export { createTroubleTeller } from './failure.ts'
export { claimInstance, shareInstance } from './instance.ts'
export { stayWithoutWindow } from './without-window.ts'

/** No page of Gantry's leads out of it today. The first link that does brings its host here. */
const linkHosts: readonly string[] = []

interface ShellOptions {
  readonly engine: Engine
  readonly platform: Platform
  /** The command line it was started with: it may carry a `gotapi:` link. */
  readonly words: readonly string[]
  readonly wayOut: WayOut
}

interface Shell {
  /** Ends windows, tray and engine, without a question. */
  stop(): Promise<void>
}

/** Opens the window onto an engine that runs. Read it as the table of contents. */
export async function openShell({ engine, platform, words, wayOut }: ShellOptions): Promise<Shell> {
  const { gateway } = engine
  const { isLeaving } = wayOut
  const { clock, dirs } = platform
  const log = engine.logger('shell')
  const tools = { clock, log }
  const clientFor = (about: string, device: string, scopes: readonly string[]) =>
    createGatewayClient({ gateway, ...tools, about, device, scopes })
  const look = {
    preload: join(dirs.program, '../preload/index.cjs'),
    icon: join(dirs.resources, 'icons/256x256.png'),
    backgroundColor: () => backgroundOf(nativeTheme),
    isSource: !app.isPackaged,
  }

  /** As the system speaks, until the owner's own choice is read. */
  let spoken: Language = languageOf({}, app.getLocale())
  const say = (): ShellWords => shellWords[spoken]

  secureContents({
    app,
    log,
    onLink: createLinks({ hosts: linkHosts, dialog, shell, log, words: say }),
  })
  secureSession(session.defaultSession, log)
  const bridge = createBridge({ ipc: ipcMain, log })

  const dashboard = clientFor('Gantry’s window', 'main-window', ['all'])
  const files = createStaticFiles(dirs.page)
  serveApp(protocol, { files, log, client: dashboard })
  await followTheme(nativeTheme, dashboard)
  const memory = createWindowMemory({ file: join(dirs.data, 'window.json'), ...tools })
  if (!hasKeychain(safeStorage, process.platform))
    tellOfFallback(platform, log, say(), memory.read() === undefined)
  const main = createMainWindow({ ...look, ...tools, memory })
  bridge.admit(main.window.webContents, dashboard)

  const askTools = { ...look, ...tools, files, bridge, isLeaving, language: () => spoken }
  const asking = clientFor('Gantry’s permission window', 'permission-window', ['approvals', 'system'])
  followQuestions(
    asking,
    createAskWindow({
      ...askTools,
      page: 'ask',
      title: 'Gantry: an app asks for access',
      height: 524,
      client: asking,
    }),
  )
  const login = clientFor('Gantry’s login window', 'login-window', ['contentslogin', 'system'])
  followLogins(login, onDismiss =>
    createAskWindow({
      ...askTools,
      page: 'login',
      title: 'Gantry: sign in',
      height: 500,
      client: login,
      onDismiss,
    }),
  )

  const tray = createTray(join(dirs.resources, 'icons/32x32.png'), main.show)
  await followLanguage(dashboard, app.getLocale(), language => {
    spoken = language
    const words = say()
    const menu = menuTemplate({
      words,
      system: process.platform,
      isSource: look.isSource,
      openDataFolder: () => void shell.openPath(dirs.data),
      showAbout: () => void showAbout(platform, words),
    })
    Menu.setApplicationMenu(Menu.buildFromTemplate(menu))
    tray.fill(trayTemplate({ words, show: main.show, quit: () => app.quit() }))
  })

  const stop = async () => {
    if (engine.quitVeto()) platform.notify({ title: say().endsPrint, text: say().endsPrintText })
    // Whoever starts Gantry now is told that this one still runs, not that its window comes to the front.
    app.releaseSingleInstanceLock()
    main.remember()
    for (const window of BrowserWindow.getAllWindows()) window.hide()
    tray.remove()
    dashboard.close()
    asking.close()
    login.close()
    await engine.stop()
  }
  askBeforeQuit({ app, dialog, log, words: say, veto: engine.quitVeto, wayOut })
  leaveWithSystem({ power: powerMonitor, window: main.window, log, veto: engine.quitVeto, wayOut })
  quitWithWindow(main, isLeaving)
  comeToFront(main, gateway, words)
  return { stop }
}

/** Once, at the first start; later starts leave it to the log. */
function tellOfFallback({ notify }: Platform, log: Logger, words: ShellWords, isFirstStart: boolean): void {
  log.warn('this system offers no keychain: secrets are kept with a key file in the data folder')
  if (!isFirstStart) return
  notify({ title: words.noKeychain, text: words.noKeychainText })
}

/** On a Mac a program outlives its window; elsewhere closing the window is a wish to quit, which may be refused. */
function quitWithWindow({ window }: MainWindow, isLeaving: () => boolean): void {
  window.on('close', event => {
    if (isLeaving()) return
    event.preventDefault()
    if (process.platform === 'darwin') window.hide()
    else app.quit()
  })
}

/** A second start, a click on the dock and a `gotapi:` link all lead to the window that is open. */
function comeToFront(main: MainWindow, gateway: Gateway, words: readonly string[]): void {
  const deliver = (links: readonly string[]) => {
    for (const link of gotapiLinksIn(links)) gateway.deliverKey(link)
  }
  claimScheme(app, process.defaultApp ? app.getAppPath() : undefined)
  deliver(words)
  app.on('activate', main.show)
  app.on('second-instance', (_event, theirs) => {
    main.show()
    deliver(theirs)
  })
  app.on('open-url', (event, link) => {
    event.preventDefault()
    main.show()
    deliver([link])
  })
}

import type { MenuItemConstructorOptions } from 'electron'

export interface MenuOptions {
  readonly system: NodeJS.Platform
  /** Run from source: whoever changes the page wants to load it again. */
  readonly isSource: boolean
  readonly openDataFolder: () => void
  readonly showAbout: () => void
}

type Items = MenuItemConstructorOptions[]

const macOnly: Items = [{ role: 'windowMenu' }]

/** The menu each system's people expect; what an entry does is Electron's, but for the last one. */
export function menuTemplate(options: MenuOptions): Items {
  const isMac = options.system === 'darwin'
  return [
    isMac ? { role: 'appMenu' } : { label: '&File', submenu: [{ role: 'quit' }] },
    { role: 'editMenu' },
    { label: '&View', submenu: viewItems(options) },
    ...(isMac ? macOnly : []),
    { role: 'help', label: '&Help', submenu: helpItems(options, isMac) },
  ]
}

function viewItems({ isSource }: MenuOptions): Items {
  const forSource: Items = [{ role: 'reload' }, { role: 'toggleDevTools' }, { type: 'separator' }]
  return [
    ...(isSource ? forSource : []),
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
  ]
}

function helpItems({ openDataFolder, showAbout }: MenuOptions, isMac: boolean): Items {
  const about: Items = [{ type: 'separator' }, { label: 'About Gantry', click: showAbout }]
  return [{ label: 'Open Data Folder', click: openDataFolder }, ...(isMac ? [] : about)]
}

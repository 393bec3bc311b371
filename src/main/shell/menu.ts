import type { MenuItemConstructorOptions } from 'electron'
import type { ShellWords } from './words.ts'

export interface MenuOptions {
  readonly words: ShellWords
  readonly system: NodeJS.Platform
  /** Run from source: whoever changes the page wants to load it again. */
  readonly isSource: boolean
  readonly openDataFolder: () => void
  readonly showAbout: () => void
}

type Items = MenuItemConstructorOptions[]

const line: MenuItemConstructorOptions = { type: 'separator' }

/** The menu each system's people expect. What an entry does, and by which keys, is its role's; the words are ours. */
export function menuTemplate(options: MenuOptions): Items {
  const { words, system } = options
  const isMac = system === 'darwin'
  // Windows gives this role no key of its own.
  const quit: MenuItemConstructorOptions = {
    role: 'quit',
    label: words.quit,
    accelerator: 'CommandOrControl+Q',
  }
  return [
    isMac ? { role: 'appMenu' } : { label: words.file, submenu: [quit] },
    { role: 'editMenu', label: words.edit, submenu: editItems(words) },
    { label: words.view, submenu: viewItems(options) },
    ...(isMac ? [{ role: 'windowMenu', label: words.window } as const] : []),
    { role: 'help', label: words.help, submenu: helpItems(options, isMac) },
  ]
}

function editItems(words: ShellWords): Items {
  return [
    { role: 'undo', label: words.undo },
    { role: 'redo', label: words.redo },
    line,
    { role: 'cut', label: words.cut },
    { role: 'copy', label: words.copy },
    { role: 'paste', label: words.paste },
    { role: 'selectAll', label: words.selectAll },
  ]
}

function viewItems({ isSource, words }: MenuOptions): Items {
  const forSource: Items = [
    { role: 'reload', label: words.reload },
    { role: 'toggleDevTools', label: words.developerTools },
    line,
  ]
  return [
    ...(isSource ? forSource : []),
    { role: 'resetZoom', label: words.actualSize },
    { role: 'zoomIn', label: words.zoomIn },
    { role: 'zoomOut', label: words.zoomOut },
    line,
    { role: 'togglefullscreen', label: words.fullScreen },
  ]
}

function helpItems({ openDataFolder, showAbout, words }: MenuOptions, isMac: boolean): Items {
  const about: Items = [line, { label: words.about, click: showAbout }]
  return [{ label: words.openDataFolder, click: openDataFolder }, ...(isMac ? [] : about)]
}

import { existsSync } from 'node:fs'
import { Menu, type MenuItemConstructorOptions, Tray } from 'electron'
import type { Dispose } from '../lib/dispose.ts'
import type { ShellWords } from './words.ts'

interface GantryTray {
  fill(template: MenuItemConstructorOptions[]): void
  readonly remove: Dispose
}

/** Gantry beside the clock. */
export function createTray(icon: string, show: () => void): GantryTray {
  if (!existsSync(icon)) return { fill: () => {}, remove: () => {} }
  const tray = new Tray(icon)
  tray.setToolTip('Gantry')
  tray.on('click', show)
  return {
    fill: template => tray.setContextMenu(Menu.buildFromTemplate(template)),
    remove: () => tray.destroy(),
  }
}

/** Brings the window back, or ends the program. */
export function trayTemplate(options: {
  readonly words: ShellWords
  readonly show: () => void
  readonly quit: () => void
}): MenuItemConstructorOptions[] {
  const { words, show, quit } = options
  return [
    { label: words.show, click: show },
    { type: 'separator' },
    { label: words.quit, accelerator: 'CommandOrControl+Q', click: quit },
  ]
}

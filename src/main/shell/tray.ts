import { existsSync } from 'node:fs'
import { Menu, Tray } from 'electron'
import type { Dispose } from '../lib/dispose.ts'

interface TrayOptions {
  readonly icon: string
  readonly show: () => void
  readonly quit: () => void
}

/** Gantry beside the clock: brings the window back, or ends the program. */
export function createTray({ icon, show, quit }: TrayOptions): Dispose {
  if (!existsSync(icon)) return () => {}
  const tray = new Tray(icon)
  tray.setToolTip('Gantry')
  tray.setContextMenu(
    Menu.buildFromTemplate([
      { label: 'Show Gantry', click: show },
      { type: 'separator' },
      { label: 'Quit Gantry', click: quit },
    ]),
  )
  tray.on('click', show)
  return () => tray.destroy()
}

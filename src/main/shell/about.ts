import { dialog } from 'electron'
import type { Platform } from '../engine/index.ts'

/** Electron's own panel exists on some systems only; this one is the same on all. */
export async function showAbout({ versions }: Platform): Promise<void> {
  await dialog.showMessageBox({
    type: 'info',
    title: 'About Gantry',
    message: `Gantry ${versions.gantry}`,
    detail: `Electron ${versions.electron}\nNode ${versions.node}\n${versions.system}`,
    buttons: ['Close'],
  })
}

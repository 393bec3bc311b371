import { dialog } from 'electron'
import type { Platform } from '../engine/index.ts'
import type { ShellWords } from './words.ts'

/** Electron's own panel exists on some systems only; this one is the same on all. */
export async function showAbout({ versions }: Platform, words: ShellWords): Promise<void> {
  await dialog.showMessageBox({
    type: 'info',
    title: words.about,
    message: `Gantry ${versions.gantry}`,
    detail: `Electron ${versions.electron}\nNode ${versions.node}\n${versions.system}`,
    buttons: [words.close],
  })
}

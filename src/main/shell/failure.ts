import { app, dialog } from 'electron'
import { isGantryError } from '../contract/error.ts'

/** One sentence for a person; a mistake of ours is told as one, and the log has the rest. */
function sentenceOf(thrown: unknown): string {
  if (isGantryError(thrown) && thrown.code !== 'internal.bug') return thrown.message
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return `Something inside Gantry went wrong (${message.split('\n')[0]}). Start it again; if it stays so, report it.`
}

/** Says why there is no window, and ends. Also in the terminal, for whoever started it there. */
export async function failStart(thrown: unknown, print: (sentence: string) => void): Promise<void> {
  const sentence = sentenceOf(thrown)
  print(`gantry: ${sentence}`)
  await app.whenReady()
  await dialog.showMessageBox({
    type: 'error',
    title: 'Gantry',
    message: 'Gantry cannot start',
    detail: sentence,
    buttons: ['Quit'],
  })
  app.exit(1)
}

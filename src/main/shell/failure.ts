import { isGantryError } from '../contract/error.ts'
import { languageOf } from './language.ts'
import { shellWords } from './words.ts'

/** One sentence for a person; a mistake of ours is told as one, and the log has the rest. */
function sentenceOf(thrown: unknown): string {
  if (isGantryError(thrown) && thrown.code !== 'internal.bug') return thrown.message
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return `Something inside Gantry went wrong (${message.split('\n')[0]}). Start it again; if it stays so, report it.`
}

/** What we use of Electron and of the process. */
interface FailTools {
  readonly app: { whenReady(): Promise<void>; getLocale(): string; exit(code: number): void }
  readonly dialog: {
    showMessageBox(told: {
      type: 'error'
      title: string
      message: string
      detail: string
      buttons: string[]
    }): Promise<unknown>
  }
  readonly source: { once(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP', listener: () => void): unknown }
  /** Somebody sits before a screen. */
  readonly hasWindow: boolean
  readonly print: (sentence: string) => void
}

/** Says why there is no Gantry, and ends. Also in the terminal, for whoever started it there. */
export async function failStart(
  thrown: unknown,
  { app, dialog, source, hasWindow, print }: FailTools,
): Promise<void> {
  // A signal came while it started: whoever took the signal ends the process.
  if (isGantryError(thrown, 'cancelled')) return
  const sentence = sentenceOf(thrown)
  print(`gantry: ${sentence}`)
  const leave = () => app.exit(1)
  if (!hasWindow) return leave()
  // The terminal may end it before anybody finds the dialog.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) source.once(signal, leave)
  await app.whenReady()
  // Whatever failed, the owner's choice cannot be read now: the system's language it is.
  const words = shellWords[languageOf({}, app.getLocale())]
  await dialog.showMessageBox({
    type: 'error',
    title: 'Gantry',
    message: words.cannotStart,
    detail: sentence,
    buttons: [words.giveUp],
  })
  leave()
}

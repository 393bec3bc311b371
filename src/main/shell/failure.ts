import type { Trouble } from '../engine/index.ts'
import { languageOf } from './language.ts'
import { type ShellWords, shellWords } from './words.ts'

/** What we use of Electron. */
interface TroubleTools {
  readonly app: { whenReady(): Promise<void>; getLocale(): string; releaseSingleInstanceLock(): void }
  readonly dialog: {
    showMessageBox(told: {
      type: 'error'
      title: string
      message: string
      detail: string
      buttons: string[]
    }): Promise<unknown>
  }
  /** Somebody sits before a screen. */
  readonly hasWindow: () => boolean
  readonly complain: (sentence: string) => void
}

/** Says why there is no Gantry, or none any more: in a dialog, and in the terminal for whoever started it there. */
export function createTroubleTeller({ app, dialog, hasWindow, complain }: TroubleTools) {
  return async (trouble: Trouble, sentence: string): Promise<void> => {
    complain(sentence)
    if (!hasWindow()) return
    // A dialog stands until somebody finds it; it must not keep the next start away.
    app.releaseSingleInstanceLock()
    await app.whenReady()
    // Whatever failed, the owner's choice cannot be read now: the system's language it is.
    const words = shellWords[languageOf({}, app.getLocale())]
    await dialog.showMessageBox({
      type: 'error',
      title: 'Gantry',
      buttons: [words.giveUp],
      ...told(trouble, sentence, words),
    })
  }
}

function told(trouble: Trouble, sentence: string, words: ShellWords) {
  return trouble === 'start'
    ? { message: words.cannotStart, detail: sentence }
    : { message: words.mustStop, detail: words.mustStopText }
}

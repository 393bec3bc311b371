import type { QuitVeto } from '../engine/index.ts'
import type { Logger } from '../lib/log.ts'
import type { Questions } from './question.ts'
import type { ShellWords } from './words.ts'

interface QuitOptions {
  readonly app: {
    on(name: 'before-quit', listener: (event: { preventDefault(): void }) => void): unknown
    exit(code: number): void
  }
  readonly dialog: Questions
  readonly log: Logger
  /** In the language of now. */
  readonly words: () => ShellWords
  readonly veto: () => QuitVeto | undefined
  /** Ends what the shell and the engine hold. */
  readonly stop: () => Promise<void>
}

export interface Quit {
  /** Whether the program is on its way out, so that windows may close. */
  readonly isLeaving: () => boolean
  /** Without a question: the system or a signal asks. */
  leave(): Promise<void>
}

/** Every way out leads through here: a room may object, the person decides, the engine stops cleanly, then it ends. */
export function createQuit({ app, dialog, log, words, veto, stop }: QuitOptions): Quit {
  let leaving: Promise<void> | undefined
  let isAsking = false

  const leave = () => {
    leaving ??= stop().then(
      () => app.exit(0),
      thrown => {
        log.error('the engine did not stop cleanly', { cause: thrown })
        app.exit(1)
      },
    )
    return leaving
  }

  const ask = async ({ room, reason, printers }: QuitVeto) => {
    log.info('quitting was objected to', { room, reason })
    const { quitAsk, keepRunning, quitAnyway, fedPrint } = words()
    const { response } = await dialog.showMessageBox({
      type: 'warning',
      message: quitAsk,
      detail: printers ? fedPrint.replace('{names}', () => printers.join(', ')) : reason,
      buttons: [keepRunning, quitAnyway],
      defaultId: 0,
      cancelId: 0,
      noLink: true,
    })
    return response === 1
  }

  const decide = async () => {
    const objection = veto()
    if (objection && !(await ask(objection))) return
    await leave()
  }

  app.on('before-quit', event => {
    // Electron's own way out does not wait for a promise: the program ends by `exit` once all is stopped.
    event.preventDefault()
    if (leaving || isAsking) return
    isAsking = true
    decide()
      .catch(thrown => log.error('quitting failed', { cause: thrown }))
      .finally(() => {
        isAsking = false
      })
  })

  return { isLeaving: () => leaving !== undefined, leave }
}

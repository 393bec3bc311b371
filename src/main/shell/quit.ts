import type { QuitVeto, WayOut } from '../engine/index.ts'
import type { Logger } from '../lib/log.ts'
import type { Questions } from './question.ts'
import type { ShellWords } from './words.ts'

interface QuitOptions {
  readonly app: {
    on(name: 'before-quit', listener: (event: { preventDefault(): void }) => void): unknown
  }
  readonly dialog: Questions
  readonly log: Logger
  /** In the language of now. */
  readonly words: () => ShellWords
  readonly veto: () => QuitVeto | undefined
  readonly wayOut: Pick<WayOut, 'leave' | 'isLeaving'>
}

/** Whoever quits by a menu, a window or the system: a room may object, the person decides, then the way out is taken. */
export function askBeforeQuit({ app, dialog, log, words, veto, wayOut }: QuitOptions): void {
  let isAsking = false

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
    if (!objection || (await ask(objection))) await wayOut.leave()
  }

  app.on('before-quit', event => {
    // Electron's own way out does not wait for a promise: the program ends by `exit` once all is stopped.
    event.preventDefault()
    if (wayOut.isLeaving() || isAsking) return
    isAsking = true
    decide()
      .catch(thrown => log.error('quitting failed', { cause: thrown }))
      .finally(() => {
        isAsking = false
      })
  })
}

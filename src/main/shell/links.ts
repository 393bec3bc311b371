import type { Logger } from '../lib/log.ts'
import type { Questions } from './question.ts'
import type { ShellWords } from './words.ts'

interface LinksOptions {
  /** Where Gantry's own pages send a person; every other address is refused without a question. */
  readonly hosts: readonly string[]
  readonly dialog: Questions
  readonly shell: { openExternal(url: string): Promise<void> }
  readonly log: Logger
  /** In the language of now. */
  readonly words: () => ShellWords
}

export const mayOpen = (url: string, hosts: readonly string[]): boolean => {
  if (!URL.canParse(url)) return false
  const { protocol, hostname, port, username } = new URL(url)
  return protocol === 'https:' && port === '' && username === '' && hosts.includes(hostname)
}

/** Opens an address in the person's browser after asking. One question at a time: a page cannot pile them up. */
export function createLinks({ hosts, dialog, shell, log, words }: LinksOptions): (url: string) => void {
  let isAsking = false

  const ask = async (url: string) => {
    const { openAsk, open, cancel } = words()
    const { response } = await dialog.showMessageBox({
      type: 'question',
      message: openAsk,
      detail: url,
      buttons: [open, cancel],
      defaultId: 1,
      cancelId: 1,
      noLink: true,
    })
    if (response === 0) await shell.openExternal(url)
  }

  return url => {
    if (isAsking || !mayOpen(url, hosts)) return log.warn('an address was not opened', { url })
    isAsking = true
    ask(url)
      .catch(thrown => log.warn('an address could not be opened', { url, cause: thrown }))
      .finally(() => {
        isAsking = false
      })
  }
}

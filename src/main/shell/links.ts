import type { Logger } from '../lib/log.ts'
import type { Questions } from './question.ts'

/** Where Gantry's own pages may send a person; every other address is refused without a question. */
const allowedHosts: readonly string[] = ['github.com', 'www.openmobilealliance.org', 'www.electronjs.org']

interface LinksOptions {
  readonly dialog: Questions
  readonly shell: { openExternal(url: string): Promise<void> }
  readonly log: Logger
}

export const mayOpen = (url: string): boolean => {
  if (!URL.canParse(url)) return false
  const { protocol, hostname, port, username } = new URL(url)
  return protocol === 'https:' && port === '' && username === '' && allowedHosts.includes(hostname)
}

/** Opens an address in the person's browser after asking. One question at a time: a page cannot pile them up. */
export function createLinks({ dialog, shell, log }: LinksOptions): (url: string) => void {
  let isAsking = false

  const ask = async (url: string) => {
    const { response } = await dialog.showMessageBox({
      type: 'question',
      message: 'Open this address in your browser?',
      detail: url,
      buttons: ['Open', 'Cancel'],
      defaultId: 1,
      cancelId: 1,
      noLink: true,
    })
    if (response === 0) await shell.openExternal(url)
  }

  return url => {
    if (isAsking || !mayOpen(url)) return log.warn('an address was not opened', { url })
    isAsking = true
    ask(url)
      .catch(thrown => log.warn('an address could not be opened', { url, cause: thrown }))
      .finally(() => {
        isAsking = false
      })
  }
}

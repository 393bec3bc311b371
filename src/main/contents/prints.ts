import { GantryError, toGantryError } from '../contract/error.ts'
import { demandNow } from '../contract/may-now.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/log.ts'
import { diskFile, type Printers } from '../printers/index.ts'
import type { ContentsCalls, Redeemed } from './calls.ts'
import type { Connecting, OnBehalf } from './connecting.ts'
import { discardFile, fetchFile } from './fetch-file.ts'
import { safeFileName } from './file-name.ts'
import type { StoredServer } from './server-store.ts'
import { serverFault } from './wire-error.ts'

/** ER 7.2.6, label 11 to 14: the answer comes once the file is known; a small one is waited for. */
const answerWithinMs = 5_000
const wholeMs = 3_600_000
const tellEveryMs = 500
/** What went wrong stays to be read this long, or until the printer's next try. */
const failureMs = 10 * 60_000
const mostPending = 20

/** A file on its way from a contents server to a printer. */
export interface PendingPrint {
  readonly id: string
  readonly printerId: string
  readonly printerName: string
  readonly server: string
  readonly uri: string
  readonly name: string
  readonly state: 'fetching' | 'sending' | 'failed'
  readonly receivedBytes: number
  readonly sizeBytes: number
  /** Why it failed. */
  readonly failure: GantryError | undefined
}

export interface PrintOrder extends OnBehalf {
  readonly printerId: string
  readonly secureToken: string
  readonly url: string | undefined
}

export interface Prints {
  /** Resolves when the file is known and on its way, or at the printer; rejects when it soon turns out not to be. */
  print(order: PrintOrder): Promise<void>
  pending(): readonly PendingPrint[]
  /** Ends a download or an upload, or forgets one that failed. */
  cancel(id: string): void
  /** Ends what is on its way, also what is just being asked for, and takes nothing new. */
  stop(): Promise<void>
}

interface Entry {
  print: PendingPrint
  readonly life: AbortController
  done: Promise<void>
}

/** From a secure token to a print: Gantry is the agent of printers that know nothing of contents servers. */
export function createPrints(deps: {
  readonly clock: Clock
  readonly log: Logger
  readonly calls: ContentsCalls
  readonly connecting: Connecting
  readonly printers: Pick<Printers, 'get' | 'send' | 'handToken'>
  readonly uuid: () => string
  readonly dir: string
  readonly onChange: (printerId: string) => void
}): Prints {
  const { clock, log, calls, connecting, printers, dir } = deps
  const entries = new Map<string, Entry>()
  const redeeming = new Set<string>()
  let isOver = false

  const update = (entry: Entry, change: Partial<PendingPrint>) => {
    entry.print = { ...entry.print, ...change }
    deps.onChange(entry.print.printerId)
  }
  const forget = ({ print }: Entry) => {
    if (entries.delete(print.id)) deps.onChange(print.printerId)
  }
  const of = (printerId: string) => [...entries.values()].filter(({ print }) => print.printerId === printerId)

  const move = async (entry: Entry, secureToken: string): Promise<void> => {
    const { id, printerId, uri, name, sizeBytes } = entry.print
    const { signal } = entry.life
    const stopTimer = clock.after(wholeMs, 'contents print', () => entry.life.abort())
    let toldAt = clock.elapsed()
    let over: Promise<void> | undefined
    try {
      const reply = await calls.download(new URL(uri), secureToken, signal)
      const path = await fetchFile({ reply, dir, id, sizeBytes }, receivedBytes => {
        if (clock.elapsed() - toldAt < tellEveryMs) return
        toldAt = clock.elapsed()
        update(entry, { receivedBytes })
      })
      update(entry, { state: 'sending', receivedBytes: sizeBytes })
      const handed = await printers.send(printerId, diskFile(path, name, sizeBytes), true, signal)
      over = handed.over
      forget(entry)
    } catch (thrown) {
      const error = signal.aborted
        ? new GantryError('cancelled', 'The print was called off.')
        : toGantryError(thrown)
      log.warn('a file of a contents server did not reach the printer', { printerId, code: error.code })
      if (signal.aborted) forget(entry)
      else {
        update(entry, { state: 'failed', failure: error })
        clock.after(failureMs, 'contents print failed', () => forget(entry))
      }
      throw error
    } finally {
      stopTimer()
      // What is fed from this disk is the run's until it ends.
      if (over !== undefined) void over.then(() => discardFile(dir, id)).catch(() => {})
      else await discardFile(dir, id)
    }
  }
  /** The printer's side of it before a token is used up: it is good only once. */
  const gate = (printerId: string) => {
    const { snapshot } = printers.get(printerId)
    const busy = (message: string) => new GantryError('printer.busy', message)
    if (snapshot.link.state !== 'online') {
      throw new GantryError('printer.offline', snapshot.link.text ?? 'The printer does not answer.')
    }
    demandNow({ kind: 'begin' }, snapshot)
    const isTaken = of(printerId).some(({ print }) => print.state !== 'failed') || redeeming.has(printerId)
    if (isTaken) throw busy('Another file is on its way to this printer.')
    if (entries.size >= mostPending) throw busy('Too many files are on their way already.')
  }
  const refuseWhenOver = () => {
    if (isOver) throw new GantryError('cancelled', 'Gantry stops.')
  }
  const redeem = async (server: StoredServer, order: PrintOrder): Promise<Entry> => {
    const { printerId, secureToken } = order
    redeeming.add(printerId)
    try {
      const told = await calls.redeem(new URL(server.url), secureToken, connecting.introduce(server, order))
      refuseWhenOver()
      const uri = ownAddress(server, told)
      const entry: Entry = {
        print: {
          id: deps.uuid(),
          printerId,
          printerName: printers.get(printerId).name,
          server: server.name,
          uri,
          name: safeFileName(told.name),
          state: 'fetching',
          receivedBytes: 0,
          sizeBytes: told.sizeBytes,
          failure: undefined,
        },
        life: new AbortController(),
        done: Promise.resolve(),
      }
      for (const old of of(printerId)) forget(old)
      entries.set(entry.print.id, entry)
      deps.onChange(printerId)
      return entry
    } finally {
      redeeming.delete(printerId)
    }
  }

  return {
    pending: () => [...entries.values()].map(({ print }) => print),
    async print(order) {
      const { printerId, secureToken } = order
      refuseWhenOver()
      gate(printerId)
      const server = connecting.serverOf(secureToken, order.url, order)
      if (printers.get(printerId).takesTokens) {
        // 3DP-1: it connects to the contents server itself.
        const who = connecting.introduce(server, order)
        await printers.handToken(printerId, { ...who, url: `${server.url}/`, secureToken })
        return
      }
      const entry = await redeem(server, order)
      log.info('a file comes from a contents server', { printerId, sizeBytes: entry.print.sizeBytes })
      entry.done = move(entry, secureToken)
      // A long one is answered as begun: how it goes on, and how it fails, stands in the printer's queue.
      entry.done.catch(() => {})
      await Promise.race([
        entry.done,
        new Promise<void>(resolve => {
          clock.after(answerWithinMs, 'contents print answer', resolve)
        }),
      ])
    },
    cancel(id) {
      const entry = entries.get(id)
      if (entry === undefined) throw new GantryError('job.unknown', 'There is no such job.')
      if (entry.print.state === 'failed') forget(entry)
      else entry.life.abort()
    },
    async stop() {
      isOver = true
      for (const { life } of entries.values()) life.abort()
      await Promise.allSettled([...entries.values()].map(({ done }) => done))
    },
  }
}

/** The token goes to the server it is for and nowhere else. */
function ownAddress(server: StoredServer, { uri }: Redeemed): string {
  const own = new URL(server.url)
  const url = URL.canParse(uri, `${server.url}/`) ? new URL(uri, `${server.url}/`) : undefined
  if (url?.origin === own.origin && url.username === '' && url.password === '') {
    url.hash = ''
    return url.href
  }
  throw serverFault('wire.redirected', `${own.host} points to another server. Gantry does not follow.`)
}

import { z } from 'zod'
import type { Job, Snapshot } from '../contract/printer.ts'
import type { Clock } from '../lib/clock.ts'
import type { Store } from '../store/index.ts'

const WRITE_EVERY_MS = 2_000

/** A print that this machine fed and that did not end well. */
export interface Unfinished {
  readonly job: Job
  readonly fileLine: number
  /** It was being fed when Gantry ended. */
  readonly live: boolean
}

/**
 * What is fed from here, written down while it is: after a crash the printer must not look as if nothing had happened. An
 * unfinished print stays until somebody clears the bed or another one begins.
 */
export interface UnfinishedPrints {
  /** What an earlier life of Gantry left, once: after this it counts as told. */
  take(printerId: string): Unfinished | undefined
  note(printerId: string, snapshot: Pick<Snapshot, 'job' | 'feed'>): void
}

const row = z.object({
  name: z.string(),
  started_at: z.number(),
  at: z.number(),
  progress: z.number(),
  file_line: z.number(),
  live: z.number(),
})

export function createUnfinishedPrints(store: Store, clock: Clock): UnfinishedPrints {
  /** Whose print stands in the table, and while it is fed under which name and since when. */
  const standing = new Map<string, { readonly name: string; readonly writtenAtMs: number } | undefined>()

  const write = (printerId: string, { job, feed }: Pick<Snapshot, 'job' | 'feed'>) => {
    const live = feed?.live === true
    const { name = '' } = job
    standing.set(printerId, live ? { name, writtenAtMs: clock.elapsed() } : undefined)
    store.run('INSERT OR REPLACE INTO unfinished_print VALUES (?, ?, ?, ?, ?, ?, ?, ?)', [
      printerId,
      name,
      // Of older rows where the file lay on this machine; it is not told any more.
      '',
      job.startedAt ?? clock.now(),
      clock.now(),
      job.progress ?? 0,
      feed?.fileLine ?? 0,
      live ? 1 : 0,
    ])
  }
  return {
    take(printerId) {
      const [found] = store.all('SELECT * FROM unfinished_print WHERE printer_id = ?', [printerId], row)
      if (!found) return undefined
      standing.set(printerId, undefined)
      store.run(`UPDATE unfinished_print SET live = 0, path = '' WHERE printer_id = ?`, [printerId])
      const { name, started_at: startedAt, at: endedAt, progress } = found
      return {
        job: { state: 'failed', name, progress, startedAt, endedAt },
        fileLine: found.file_line,
        live: found.live === 1,
      }
    },
    note(printerId, snapshot) {
      const written = standing.get(printerId)
      if (snapshot.feed?.live) {
        // A job may get its name a moment after its first line left.
        const isSame = written?.name === (snapshot.job.name ?? '')
        const fresh = isSame && clock.elapsed() - written.writtenAtMs < WRITE_EVERY_MS
        if (!fresh) write(printerId, snapshot)
      } else if (!standing.has(printerId)) return
      else if (snapshot.job.state !== 'failed' && snapshot.job.state !== 'running') {
        standing.delete(printerId)
        store.run('DELETE FROM unfinished_print WHERE printer_id = ?', [printerId])
      } else if (written) write(printerId, snapshot)
    },
  }
}

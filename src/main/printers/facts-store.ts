import { z } from 'zod'
import { bed, hold, type Job, job, type Snapshot } from '../contract/printer.ts'
import type { Store } from '../store/index.ts'
import type { Facts } from './facts.ts'

/** What outlives Gantry of what is known of a printer: its facts, and the job that is over and whose part they are about. */
export interface KeptFacts extends Facts {
  readonly job: Job | undefined
}

export interface FactsStore {
  of(printerId: string): KeptFacts | undefined
  keep(printerId: string, facts: KeptFacts): void
}

const overStates: readonly Job['state'][] = ['done', 'failed', 'cancelled']

export function factsOf(snapshot: Pick<Snapshot, 'bed' | 'holds' | 'job'>): KeptFacts {
  const { bed, holds, job } = snapshot
  return { bed, holds, job: overStates.includes(job.state) ? job : undefined }
}

/** A job that is over is told again and again; it is another only by these. */
export function isSame(one: KeptFacts, other: KeptFacts): boolean {
  const name = ({ job }: KeptFacts) => job && `${job.run} ${job.state} ${job.endedAt}`
  return one.bed === other.bed && one.holds === other.holds && name(one) === name(other)
}

const json = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .string()
    .transform(text => JSON.parse(text) as unknown)
    .pipe(schema)

const row = z.object({
  bed: json(bed),
  holds: json(z.array(hold)),
  job: json(job).nullable(),
})

export function createFactsStore(store: Store): FactsStore {
  return {
    of(printerId) {
      const [found] = store.all(
        'SELECT bed, holds, job FROM printer_fact WHERE printer_id = ?',
        [printerId],
        row,
      )
      return found && { ...found, job: found.job ?? undefined }
    },
    keep(printerId, { bed, holds, job }) {
      store.run('INSERT OR REPLACE INTO printer_fact (printer_id, bed, holds, job) VALUES (?, ?, ?, ?)', [
        printerId,
        JSON.stringify(bed),
        JSON.stringify(holds),
        job === undefined ? null : JSON.stringify(job),
      ])
    },
  }
}

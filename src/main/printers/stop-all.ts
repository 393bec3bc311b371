import { type GantryError, toGantryError } from '../contract/error.ts'
import type { Snapshot } from '../contract/printer.ts'
import type { LivePrinter } from './printer.ts'
import type { StoredPrinter } from './printer-store.ts'

export interface StopReport {
  readonly stopped: string[]
  readonly failed: { id: string; error: GantryError }[]
  /** Nothing was sent: nobody answers there, nothing is printed there and its make has no emergency stop, or it can be stopped at the printer only. */
  readonly left: { id: string; why: 'offline' | 'idle' | 'unable' }[]
}

/** Ahead of every queue and lock; all at once. */
export async function stopAll(
  printers: readonly { readonly stored: Pick<StoredPrinter, 'id'>; readonly live: LivePrinter }[],
): Promise<StopReport> {
  const report: StopReport = { stopped: [], failed: [], left: [] }
  await Promise.all(
    printers.map(async ({ stored, live }) => {
      const { id } = stored
      const kind = stopOf(live.snapshot())
      if (kind === 'offline' || kind === 'idle' || kind === 'unable') {
        report.left.push({ id, why: kind })
        return
      }
      try {
        await live.perform({ kind })
        report.stopped.push(id)
      } catch (thrown) {
        report.failed.push({ id, error: toGantryError(thrown) })
      }
    }),
  )
  return report
}

/** The hardest stop a printer has just now, or why there is none. */
function stopOf({ link, can, job }: Snapshot): 'emergency-stop' | 'cancel' | 'offline' | 'idle' | 'unable' {
  if (link.state === 'offline') return 'offline'
  if (can.emergencyStop !== 'none') return 'emergency-stop'
  if (job.state !== 'running' && job.state !== 'paused') return 'idle'
  return can.cancel ? 'cancel' : 'unable'
}

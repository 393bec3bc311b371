import { GantryError, isGantryError } from '../contract/error.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/log.ts'
import { type Backups, kept } from './backups.ts'

export interface DailyBackups {
  /** Cuts short one that is being taken; resolves when nothing of it is left. */
  stop(): Promise<void>
}

export interface DailyBackupOptions {
  readonly backups: Backups
  readonly clock: Clock
  readonly log: Logger
  /** Rejects when it could not, and with the signal's reason when it was cut short. */
  readonly take: (takenAt: number, signal: AbortSignal) => Promise<void>
}

const hourMs = 60 * 60 * 1_000
const dayMs = 24 * hourMs
const lookMs = hourMs
/** The start itself comes first; who has Gantry open for a few minutes a day gets a backup all the same. */
const firstLookMs = 60 * 1_000
/** A disk that takes longer hangs. */
const limitMs = 30 * 60 * 1_000

/** One backup a day, one at a time. Without today's everything still works, so a failure is for the log. */
export function keepDailyBackups({ backups, clock, log, take }: DailyBackupOptions): DailyBackups {
  let running: { readonly ending: AbortController; readonly done: Promise<void> } | undefined

  const takeOne = async (ending: AbortController) => {
    const giveUp = clock.after(limitMs, 'store: limit of a backup', () =>
      ending.abort(new Error(`It took longer than ${limitMs / 60_000} minutes.`)),
    )
    try {
      await take(clock.now(), ending.signal)
      log.debug('database backed up')
    } catch (thrown) {
      backups.sweep()
      if (!isGantryError(thrown, 'cancelled')) tellFailure(thrown)
    } finally {
      giveUp()
      running = undefined
    }
  }
  const tellFailure = (cause: unknown) => log.warn('database could not be backed up', { cause })
  const look = () => {
    try {
      if (running || !isDue(backups, clock.now())) return
    } catch (thrown) {
      return tellFailure(thrown)
    }
    const ending = new AbortController()
    running = { ending, done: takeOne(ending) }
  }
  const timers = [
    clock.after(firstLookMs, 'store: first look for a backup', look),
    clock.every(lookMs, 'store: daily backup', look),
  ]

  return {
    async stop() {
      for (const stop of timers) stop()
      running?.ending.abort(new GantryError('cancelled', 'Gantry stops.'))
      await running?.done
    },
  }
}

/**
 * Until there are as many as are kept, one an hour: the first day is when most is set up. A backup from the future was
 * taken by a clock that was wrong, and says nothing about today.
 */
function isDue(backups: Backups, now: number): boolean {
  const dailies = backups.list().filter(({ reason }) => reason === 'daily')
  const [newest] = dailies
  if (!newest) return true
  const ageMs = now - newest.takenAt
  return ageMs < 0 || ageMs >= (dailies.length < kept.daily ? hourMs : dayMs)
}

import type { Clock } from '../../lib/clock.ts'

/** What a host says of the job it names. */
export interface RunSight {
  readonly file: string
  /** Running or paused; otherwise it is over. */
  readonly isOn: boolean
  readonly elapsedS?: number | undefined
}

/**
 * Which run of its file a job is, for hosts that name it beside the state of the printer. It stays the same from the
 * first word of a run to the last, and the same file printed again is another.
 */
export interface RunKeeper {
  /** Undefined while the host is still asked: `onKnown` follows within seconds. */
  of(sight: RunSight): string | undefined
  /** The host named a run of this file that has just begun. */
  named(file: string, run: string): void
  /** There is no job. */
  none(): void
  stop(): void
}

interface RunKeeperDeps {
  readonly clock: Clock
  /** Asks the host; undefined where it does not know, or not yet. */
  readonly ask: (sight: RunSight) => Promise<string | undefined>
  readonly onKnown: () => void
}

/** After this long without a name it is known by its file and its time. */
const askLimitMs = 3_000
/** Counters of seconds jitter; one that falls by more has begun anew. */
const jitterS = 2

interface Present {
  readonly file: string
  isOn: boolean
  elapsedS: number
  run: string | undefined
}

export function createRunKeeper({ clock, ask, onKnown }: RunKeeperDeps): RunKeeper {
  let present: Present | undefined
  let announced: { readonly file: string; readonly run: string } | undefined
  let stopWaiting = () => {}

  const know = (mine: Present, run: string) => {
    if (mine !== present || mine.run !== undefined) return
    stopWaiting()
    mine.run = run
    onKnown()
  }
  const meet = (sight: RunSight): Present => {
    stopWaiting()
    const mine: Present = { ...sight, elapsedS: sight.elapsedS ?? 0, run: undefined }
    if (announced?.file === sight.file && sight.isOn) mine.run = announced.run
    announced = undefined
    if (mine.run !== undefined) return mine
    const byTime = fingerprint(sight, clock.now())
    stopWaiting = clock.after(askLimitMs, 'printers run', () => know(mine, byTime))
    ask(sight).then(
      run => run !== undefined && know(mine, run),
      () => know(mine, byTime),
    )
    return mine
  }
  const isAnother = (before: Present, { file, isOn, elapsedS }: RunSight) =>
    file !== before.file ||
    (isOn && !before.isOn) ||
    (elapsedS !== undefined && elapsedS < before.elapsedS - jitterS)

  return {
    of(sight) {
      if (present === undefined || isAnother(present, sight)) present = meet(sight)
      present.isOn = sight.isOn
      present.elapsedS = sight.elapsedS ?? present.elapsedS
      return present.run
    },
    named(file, run) {
      if (present?.file === file && present.isOn && present.run === undefined) know(present, run)
      else announced = { file, run }
    },
    none() {
      stopWaiting()
      present = undefined
    },
    stop: () => stopWaiting(),
  }
}

/** One that runs began at a time; of one that is over only its length is left. */
function fingerprint({ file, isOn, elapsedS = 0 }: RunSight, now: number): string {
  return isOn ? `${file}@${Math.round(now / 1000 - elapsedS)}` : `${file}#${elapsedS}`
}

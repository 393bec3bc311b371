import { type ErrorCode, GantryError, isGantryError } from '../contract/error.ts'
import { demandNow } from '../contract/may-now.ts'
import type { Clock } from '../lib/clock.ts'
import type { KeptSnapshot } from './kept-snapshot.ts'

/**
 * The moment in which a printer is told to print. Its bed counts as taken before it hears of it: whoever comes a moment
 * later is refused, and an answer that never comes leaves the bed taken.
 */
export interface Beginning {
  /** Told to print, and not yet heard which run that became. */
  readonly isUnderWay: boolean
  /** Throws why nothing may begin now. */
  refuse(): void
  /** `version`: of the bed that was asked about; what has changed since is another bed. */
  run<Value>(version: number, work: () => Promise<Value>): Promise<Value>
  /** It said which run that became. */
  told(): void
}

/** A run is told within seconds of its beginning; a printer that says nothing for so long did not begin one. */
const limitMs = 15_000

/** After these the printer surely did not begin. */
const nothingBegan: readonly ErrorCode[] = [
  'printer.refused',
  'printer.unsupported',
  'printer.busy',
  'printer.credentials',
  'printer.halted',
  'file.unknown',
  'file.unreadable',
  'request.invalid',
]

export const bedChanged = () =>
  new GantryError(
    'printer.bed-changed',
    'The bed is not as it was when it was looked at. Look again, then say so.',
  )

export function createBeginning(state: KeptSnapshot, clock: Clock, onChange: () => void): Beginning {
  let stop: (() => void) | undefined

  const over = () => {
    stop?.()
    stop = undefined
  }
  const refuse = () => {
    if (stop) throw new GantryError('printer.busy', 'The printer was told to print a moment ago.')
    demandNow({ kind: 'begin' }, state.now())
  }
  return {
    get isUnderWay() {
      return stop !== undefined
    },
    refuse,
    async run(version, work) {
      refuse()
      const before = state.now().bed
      if (before.version !== version) throw bedChanged()
      stop = clock.after(limitMs, 'printers begin', () => {
        over()
        onChange()
      })
      state.put({ kind: 'begin' })
      try {
        return await work()
      } catch (thrown) {
        over()
        if (isGantryError(thrown, ...nothingBegan)) state.put({ kind: 'not-begun', before })
        else onChange()
        throw thrown
      }
    },
    told: over,
  }
}

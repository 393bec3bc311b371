import type { Clock } from '../../../lib/clock.ts'
import type { CardWatch } from './card-watch.ts'
import type { Reader } from './reader.ts'

const TURN_MS = 1_000
const HEATING_MS = 2_000
const COLD_MS = 5_000
const CARD_MS = 4_000
/** A firmware that reports by itself and has said nothing for this long is asked, so that a dead line is noticed. */
const SILENCE_MS = 10_000

/** What must be asked because it is not told, and never more often than a firmware likes. */
export interface Polling {
  /** Switches the reports on and asks for the first of everything. */
  begin(): Promise<void>
  stop(): void
}

export function createPolling(options: {
  readonly clock: Clock
  readonly reader: Reader
  readonly card: CardWatch
  readonly autoReport: boolean
  readonly ask: (text: string) => Promise<unknown>
}): Polling {
  const { clock, reader, card, ask } = options
  let asking = false

  const turn = async () => {
    card.review()
    if (asking) return
    asking = true
    try {
      if (clock.elapsed() - reader.heaters.heardAtMs >= temperaturePeriodMs()) await ask('M105')
      await card.turn()
    } catch {
      // The line ended while it was asked: the session is told by the line itself.
    } finally {
      asking = false
    }
  }
  const temperaturePeriodMs = () => {
    if (options.autoReport) return SILENCE_MS
    if (reader.job.cardState !== 'none') return CARD_MS
    return reader.heaters.heating ? HEATING_MS : COLD_MS
  }
  const stop = clock.every(TURN_MS, 'printers.marlin poll', () => void turn())

  return {
    stop,
    async begin() {
      await ask('M105')
      if (options.autoReport) await ask('M155 S2')
      await card.begin()
      // Marlin answers where it is when it stands still: a print from card would stop for it, and leave a blob.
      if (card.prints !== 'yes') await ask('M114')
    },
  }
}

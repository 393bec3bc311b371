import type { Clock } from '../../../lib/clock.ts'
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
  watchCard(): Promise<void>
  stop(): void
}

export function createPolling(options: {
  readonly clock: Clock
  readonly reader: Reader
  readonly autoReport: boolean
  readonly cardReport: boolean
  readonly hasCard: boolean
  readonly ask: (text: string) => Promise<unknown>
}): Polling {
  const { clock, reader, ask } = options
  let asking = false
  let cardAskedAtMs = 0
  let reporting = false

  const turn = async () => {
    if (asking) return
    asking = true
    try {
      const nowMs = clock.elapsed()
      if (nowMs - reader.heaters.heardAtMs >= temperaturePeriodMs()) await ask('M105')
      if (reader.job.cardState === 'none') {
        if (reporting) {
          reporting = false
          await ask('M27 S0')
        }
      } else if (!reporting && nowMs - cardAskedAtMs >= CARD_MS) {
        cardAskedAtMs = nowMs
        await ask('M27')
      }
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
      await ask('M114')
      // A print from card that was running before we came is told by this.
      if (options.hasCard) await ask('M27')
    },
    async watchCard() {
      reporting = options.cardReport
      if (reporting) await ask('M27 S2')
    },
  }
}

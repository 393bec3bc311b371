import type { NoticeBoard } from '../contract/notice.ts'
import type { Clock } from '../lib/clock.ts'
import type { Dispose } from '../lib/dispose.ts'
import type { Logger } from '../lib/log.ts'

const askEveryMs = 300_000
/** A machine that has just started or woken up has not asked anybody for the time yet. */
const alarmAfter = 2
const noticeId = 'clock'

/** HD-HLF-03: tells the owner while this machine's clock, by which measurements are stamped, is not kept to UTC. */
export function warnOfUnsynchronisedClock(deps: {
  readonly clock: Clock
  readonly log: Logger
  readonly notices: NoticeBoard
  /** Undefined where nobody knows, which is no alarm. */
  readonly clockIsSynchronised?: () => Promise<boolean | undefined>
}): Dispose {
  const { clock, log, notices, clockIsSynchronised } = deps
  // What was told in an earlier life of Gantry is asked anew.
  notices.withdraw(noticeId)
  if (!clockIsSynchronised) return () => {}
  let astray = 0
  let over = false

  const hear = (isSynchronised: boolean | undefined) => {
    if (isSynchronised !== false) {
      astray = 0
      notices.withdraw(noticeId)
      return
    }
    astray += 1
    if (astray !== alarmAfter) return
    log.warn('the clock of this machine is not synchronised to UTC')
    notices.raise({ id: noticeId, severity: 'warning', sentence: 'clock-unsynchronised', params: {} })
  }
  const ask = async () => {
    const answer = await clockIsSynchronised().catch((error: unknown) => {
      log.debug('nobody could be asked whether the clock is synchronised', { error })
      return undefined
    })
    if (!over) hear(answer)
  }
  const stop = clock.every(askEveryMs, 'printers.clock', () => void ask())
  void ask()
  return () => {
    over = true
    stop()
    notices.withdraw(noticeId)
  }
}

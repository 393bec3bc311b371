import type { EventEmitter } from 'node:events'
import type { QuitVeto, WayOut } from '../engine/index.ts'
import type { Logger } from '../lib/log.ts'

interface Stoppable {
  preventDefault(): void
}

interface SystemEndOptions {
  /** Electron's `powerMonitor`: Linux and macOS tell of their end there, and wait a few seconds for a program that asks. */
  readonly power: Pick<EventEmitter, 'on'>
  /** A window: Windows tells it first asking, then for good. Absent where there is none. */
  readonly window?: {
    on(
      name: 'query-session-end' | 'session-end',
      listener: (event: Stoppable & { readonly reasons: readonly string[] }) => void,
    ): unknown
  }
  readonly log: Logger
  readonly veto: () => QuitVeto | undefined
  readonly wayOut: Pick<WayOut, 'leave'>
}

/**
 * Log-off and shutdown: nobody is asked, since nobody may be there to answer, and the way out is taken at once, so that
 * what is fed from here is cooled before this machine goes. Where the system itself asks whether it may, a print that is
 * fed is a reason against: the system then names Gantry, and its person decides.
 */
export function leaveWithSystem({ power, window, log, veto, wayOut }: SystemEndOptions): void {
  const leave = (how: string) => {
    log.info('the system goes, stopping', { how })
    wayOut.leave().catch(thrown => log.error('stopping with the system failed', { cause: thrown }))
  }
  power.on('shutdown', (event: Stoppable) => {
    event.preventDefault()
    leave('shutdown')
  })
  window?.on('query-session-end', event => {
    // One that is critical goes whatever anybody says.
    if (!veto() || event.reasons.includes('critical')) return
    log.info('the end of the session was objected to', {})
    event.preventDefault()
  })
  window?.on('session-end', event => leave(event.reasons.join(', ')))
}

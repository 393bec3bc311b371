import type { Dispose } from '../lib/dispose.ts'
import type { Logger } from '../lib/log.ts'

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** What we use of `process`. */
export interface SignalSource {
  on(signal: (typeof stopSignals)[number], listener: () => void): unknown
  off(signal: (typeof stopSignals)[number], listener: () => void): unknown
}

/** The first signal stops cleanly and then leaves; the second, of somebody who will not wait, leaves at once. */
export function stopOnSignals(options: {
  readonly source: SignalSource
  readonly log: Logger
  readonly stop: () => Promise<void>
  readonly exit: (code: number) => void
}): Dispose {
  const { source, log, stop, exit } = options
  let isStopping = false
  const forcedCode = 130

  const listeners = stopSignals.map(signal => {
    const listener = () => {
      if (isStopping) {
        log.warn('second signal, leaving at once', { signal })
        exit(forcedCode)
        return
      }
      isStopping = true
      log.info('signal received, stopping', { signal })
      stop().then(
        () => exit(0),
        thrown => {
          log.error('stopping failed', { cause: thrown })
          exit(1)
        },
      )
    }
    source.on(signal, listener)
    return { signal, listener }
  })
  return () => {
    for (const { signal, listener } of listeners) source.off(signal, listener)
  }
}

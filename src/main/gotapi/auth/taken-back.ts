import type { Clock } from '../../lib/clock.ts'
import type { Dispose } from '../../lib/dispose.ts'
import type { Logger } from '../../lib/log.ts'
import type { AccessStore } from './access-store.ts'
import { limits } from './limits.ts'

/** The end of a permission: of an application's own, or only of its use of one plug-in. */
export interface TakenBack {
  readonly clientId: string
  readonly origin: string
  readonly name: string
  readonly plugin?: { readonly id: string; readonly name: string }
  readonly since: number
}

const keyOf = (clientId: string, pluginId = '') => `${clientId} ${pluginId}`

/**
 * Taking back is a matter of safety: what the disk does not take is dark in memory all the same, stands here until it
 * is written, and is shown to the owner for so long, because a restart would bring it back.
 */
export function createTakenBack(deps: {
  readonly clock: Clock
  readonly log: Logger
  readonly store: Pick<AccessStore, 'remove'>
  readonly changed: () => void
}) {
  const { clock, log, store } = deps
  const unwritten = new Map<string, TakenBack>()
  let stopTrying: Dispose | undefined

  function tryAgain(): void {
    try {
      store.remove([...unwritten.values()])
    } catch (error) {
      log.debug('what was taken back can still not be written', { error })
      return
    }
    log.info('what was taken back is written now', { count: unwritten.size })
    unwritten.clear()
    rest()
    deps.changed()
  }

  function rest(): void {
    stopTrying?.()
    stopTrying = undefined
  }

  return {
    /** False when the disk refused, and it is written later. */
    write(ends: readonly TakenBack[]): boolean {
      if (ends.length === 0) return true
      try {
        store.remove(ends)
        return true
      } catch (error) {
        const origins = ends.map(({ origin }) => origin)
        log.error('a permission was taken back and the disk refused to forget it', { origins, error })
        for (const end of ends) unwritten.set(keyOf(end.clientId, end.plugin?.id), end)
        stopTrying ??= clock.every(limits.writeAgainMs, 'gotapi: write what was taken back', tryAgain)
        return false
      }
    },
    /** The owner gave the same anew, and that is on the disk. */
    isGiven(clientId: string, pluginId: string): void {
      unwritten.delete(keyOf(clientId, pluginId))
    },
    list: (): readonly TakenBack[] => [...unwritten.values()],
    /** The last chance before a restart would bring it back. */
    stop(): void {
      if (unwritten.size > 0) tryAgain()
      for (const { origin, plugin } of unwritten.values()) {
        log.error('a permission that was taken back is still on the disk', { origin, plugin: plugin?.id })
      }
      rest()
    },
  }
}

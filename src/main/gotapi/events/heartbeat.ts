import type { Clock } from '../../lib/clock.ts'
import type { Dispose } from '../../lib/dispose.ts'
import { limits } from './limits.ts'

export interface Beat {
  /** The engine's clock. */
  readonly at: number
  readonly everyMs: number
}

export type Heartbeat = ReturnType<typeof createHeartbeat>

/** A line that carries nothing looks the same whether nothing happens or nobody is there. One beat tells them apart. */
export function createHeartbeat(clock: Clock) {
  const followers = new Set<(beat: Beat) => void>()
  let stopBeating: Dispose | undefined

  const beat = (): Beat => ({ at: clock.now(), everyMs: limits.beatMs })
  const beatForAll = () => {
    const now = beat()
    for (const emit of followers) emit(now)
  }

  return {
    follow(emit: (beat: Beat) => void): Dispose {
      followers.add(emit)
      stopBeating ??= clock.every(limits.beatMs, 'gotapi: heartbeat', beatForAll)
      emit(beat())
      return () => {
        followers.delete(emit)
        if (followers.size > 0) return
        stopBeating?.()
        stopBeating = undefined
      }
    },
  }
}

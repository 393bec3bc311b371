import type { Dispose } from '../../lib/dispose.ts'
import type { Shared } from './handlers.ts'

type Payload = Readonly<Record<string, unknown>>

type Emit = (payload: Payload) => void

interface Feed {
  readonly followers: Set<Emit>
  readonly stop: Dispose
}

/**
 * What many follow and all hear alike is worked out, copied and written once: an event without a token goes to
 * everybody who follows its place (gotapi 8.2). Where one of them wished for a pace of their own, each is told alone.
 */
export function createFeeds() {
  const feeds = new Map<string, Feed>()
  const alone = new Map<string, number>()

  const start = (place: string, shared: Shared<Payload>, tellAll: Emit): Feed => {
    const followers = new Set<Emit>()
    const stop = shared.follow(payload => {
      if (!alone.has(place)) tellAll(payload)
      else for (const emit of followers) emit(payload)
    })
    return { followers, stop }
  }

  return {
    join(place: string, shared: Shared<Payload>, emit: Emit, tellAll: Emit): Dispose {
      const latest = shared.latest()
      if (latest !== undefined) emit(latest)
      const feed = feeds.get(place) ?? start(place, shared, tellAll)
      feeds.set(place, feed)
      feed.followers.add(emit)
      return () => {
        feed.followers.delete(emit)
        if (feed.followers.size > 0 || feeds.get(place) !== feed) return
        feeds.delete(place)
        feed.stop()
      }
    },
    /** Somebody at this place is told apart from the others. */
    apart(place: string): Dispose {
      alone.set(place, (alone.get(place) ?? 0) + 1)
      return () => {
        const left = (alone.get(place) ?? 1) - 1
        if (left > 0) alone.set(place, left)
        else alone.delete(place)
      }
    },
  }
}

import type { Dispose } from '../lib/dispose.ts'
import type { Payload, Shared } from './handler.ts'

type Emit = (payload: Payload) => void

interface Feed {
  readonly followers: Set<Emit>
  readonly stop: Dispose
}

/**
 * What many follow and all hear alike is worked out once. Where one of them wished for a pace of their own, each is
 * told alone.
 */
export function createFeeds() {
  const feeds = new Map<string, Feed>()
  const alone = new Map<string, number>()

  const start = (place: string, shared: Shared<Payload>, tellAll: Emit | undefined): Feed => {
    const followers = new Set<Emit>()
    const stop = shared.follow(payload => {
      if (tellAll && !alone.has(place)) tellAll(payload)
      else for (const emit of followers) emit(payload)
    })
    return { followers, stop }
  }

  const join = (place: string, shared: Shared<Payload>, emit: Emit, tellAll: Emit | undefined): Dispose => {
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
  }

  const leaveAlone = (place: string) => {
    const left = (alone.get(place) ?? 1) - 1
    if (left > 0) alone.set(place, left)
    else alone.delete(place)
  }

  return {
    /**
     * One more follower of this place, by what its handler gave.
     * @param tellAll tells everybody at the place at once, where whoever carries the news can do that.
     */
    add(place: string, way: Dispose | Shared<Payload>, emit: Emit, tellAll?: Emit): Dispose {
      if (typeof way !== 'function') return join(place, way, emit, tellAll)
      alone.set(place, (alone.get(place) ?? 0) + 1)
      return () => {
        leaveAlone(place)
        way()
      }
    },
  }
}

import { callPath } from '../../handlers/call-path.ts'
import { audienceOf } from '../../handlers/caller.ts'
import { createFeeds } from '../../handlers/feeds.ts'
import type { Call, EventHandler, Payload } from '../../handlers/handler.ts'
import type { Dispose } from '../../lib/dispose.ts'
import type { PluginPort, RequestMessage } from '../../plugin-host/plugin.ts'

interface Follower {
  readonly token: string
  /** What came before the answer to its PUT had gone out. */
  early: Payload[] | undefined
  stop: Dispose
}

/**
 * Who follows what: an event goes to one of them by its token, or, without a token, to all at its place (gotapi 7.2),
 * the owner's own programs and applications apart.
 */
export function createFollowers(send: PluginPort['send']) {
  const followers = new Map<string, Follower>()
  const feeds = createFeeds()

  const remove = (key: string) => {
    followers.get(key)?.stop()
    followers.delete(key)
  }

  return {
    /** @returns what is to be called when the PUT has been answered. One that fails leaves an earlier one as it was. */
    async start(message: RequestMessage, handler: EventHandler, call: Call): Promise<() => void> {
      const { accessToken: token = '', params } = message
      const key = keyOf(message)
      const place = placeOf(message)
      const earlier = followers.get(key)
      const follower: Follower = { token, early: [], stop: () => earlier?.stop() }
      const isCurrent = () => followers.get(key) === follower
      const sendTo = (payload: Payload) =>
        send({ action: 'EVENT', ...payload, ...place, ...(token && { accessToken: token }) })
      const tell = (payload: Payload) => {
        if (!isCurrent()) return
        if (follower.early) follower.early.push(payload)
        else sendTo(payload)
      }
      followers.set(key, follower)
      try {
        const way = await handler.follow(params, call, tell)
        const audience = audienceOf(call.caller.isOwner)
        const stop = feeds.add(`${call.serviceId} ${handler.route} ${audience}`, way, tell, payload =>
          send({ action: 'EVENT', ...payload, ...place, _audience: audience }),
        )
        if (isCurrent()) {
          follower.stop = stop
          earlier?.stop()
        } else stop()
      } catch (thrown) {
        if (isCurrent() && earlier) followers.set(key, earlier)
        else if (isCurrent()) followers.delete(key)
        throw thrown
      }
      return () => {
        const { early = [] } = follower
        follower.early = undefined
        if (isCurrent()) for (const payload of early) sendTo(payload)
      }
    },
    end: (message: RequestMessage) => remove(keyOf(message)),
    endAll(token?: string): void {
      for (const [key, follower] of [...followers])
        if (token === undefined || follower.token === token) remove(key)
    },
  }
}

const keyOf = (message: RequestMessage) =>
  `${message.accessToken ?? ''} ${message.serviceId ?? ''} ${callPath(message).key}`

/** gotapi 9: with the names as the PUT had them. */
const placeOf = ({ profile, interface: part, attribute, serviceId }: RequestMessage) => ({
  profile,
  ...(part && { interface: part }),
  ...(attribute && { attribute }),
  ...(serviceId && { serviceId }),
})

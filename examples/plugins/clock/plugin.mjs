// A plug-in with events: it tells the time once (GET) or regularly (PUT, until DELETE), and it lets applications in
// itself, so that each has a token of its own. docs/writing-a-plug-in.md walks through it line by line.

import { randomUUID } from 'node:crypto'

const services = [{ serviceId: 'clock', name: 'Clock', online: true, scopes: ['clock'] }]
const shortestMs = 100
const longestMs = 60_000

export function start(port) {
  // By the token of whoever follows: the timer that ticks for them.
  const followers = new Map()

  port.on('message', message => {
    if (message.requestCode === undefined) return hear(message)
    port.send({ action: 'RESPONSE', requestCode: message.requestCode, ...answer(message) })
  })
  port.on('close', () => unfollowAll())

  function answer(message) {
    switch (`${message.action} ${message.profile}/${message.attribute}`.toLowerCase()) {
      case 'get networkservicediscovery/getnetworkservices':
        return { result: 0, services }
      case 'get authorization/createclient':
        return { result: 0, clientId: randomUUID() }
      case 'get authorization/requestaccesstoken':
        return { result: 0, accessToken: randomUUID() }
      case 'get clock/ticktack':
        return { result: 0, ...time() }
      case 'put clock/ticktack':
        return follow(message)
      case 'delete clock/ticktack':
      case 'delete system/events':
        unfollow(message.accessToken)
        return { result: 0 }
      default:
        if (message.profile.toLowerCase() !== 'clock') return refuse(2, 'Only clock is served here.')
        if (message.attribute?.toLowerCase() !== 'ticktack') return refuse(4, 'The clock only has ticktack.')
        return refuse(3, 'ticktack can be read (GET) or followed (PUT, DELETE).')
    }
  }

  function follow(message) {
    const intervalMs = Number(message.params.interval ?? 1_000)
    if (!Number.isInteger(intervalMs) || intervalMs < shortestMs || intervalMs > longestMs)
      return refuse(10, `interval: a whole number of milliseconds, ${shortestMs} to ${longestMs}.`)
    const { profile, attribute, serviceId, accessToken } = message
    const tick = () => port.send({ action: 'EVENT', profile, attribute, serviceId, accessToken, ...time() })
    // Asked twice, we still tick once.
    unfollow(accessToken)
    followers.set(accessToken, setInterval(tick, intervalMs))
    // There always is a latest result: it goes out at once, after the answer.
    setImmediate(tick)
    return { result: 0 }
  }

  function hear(message) {
    if (message.action === 'EVENT_TRANSMIT_DISCONNECT') unfollow(message.accessToken)
  }

  function unfollow(accessToken) {
    clearInterval(followers.get(accessToken))
    followers.delete(accessToken)
  }

  function unfollowAll() {
    for (const accessToken of [...followers.keys()]) unfollow(accessToken)
  }
}

function time() {
  const now = new Date()
  return { data: now.toLocaleString(), timeStamp: now.getTime() }
}

function refuse(errorCode, errorMessage) {
  return { result: 1, errorCode, errorMessage }
}

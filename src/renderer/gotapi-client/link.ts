import { isPayload, type Payload } from './answer.ts'
import type { World } from './world.ts'

/** `off`: nothing is followed. `waiting`: the line broke and is tried again. */
export type LinkState = 'off' | 'connecting' | 'live' | 'waiting'

export interface LinkStatus {
  readonly state: LinkState
  /** Lines in a row that broke at once or never came to be. */
  readonly failures: number
  /** While it waits: until it tries again. */
  readonly retryInMs?: number
}

const handshakeWithinMs = 10_000
const firstDelayMs = 500
const longestDelayMs = 10_000
/** gotapi 9-4: the token is not one of this origin's. */
const badToken = 3
/** A line on which a heartbeat is followed and nothing was heard for so long is dead, whatever the browser thinks. */
const silentMs = 5_000
const lookEveryMs = 1_000
/** A line that broke sooner was a failure, although its handshake succeeded. */
const soundMs = 5_000
/** Asked to try at once: a handshake that took so long already is begun again. */
const patienceMs = 2_000

interface LinkOptions {
  readonly world: World
  readonly url: string
  readonly token: () => string | undefined
  readonly onFrame: (frame: Payload) => void
  /** The handshake succeeded: everything followed has to be asked for anew. */
  readonly onLive: () => void
  /** It is not live any more. */
  readonly onDown: () => void
  /** The other end fell silent without a word: what else was asked over the same network is as lost as the line. */
  readonly onSilent: () => void
  /** The server refuses the token; the line stays down until `want` is called again. */
  readonly onRefused: () => void
  /** Whether the server promised to be heard steadily. Any frame is a sign of life. */
  readonly expectsBeat: () => boolean
  readonly onStatus: (status: LinkStatus) => void
}

function parse(text: unknown): Payload | undefined {
  try {
    const thing: unknown = JSON.parse(String(text))
    return isPayload(thing) ? thing : undefined
  } catch {
    return undefined
  }
}

/** GotAPI-5 from the page's side: one socket while something is followed, tried again with growing pauses. */
export function createLink(options: LinkOptions) {
  const { world } = options
  let socket: WebSocket | undefined
  let state: LinkState = 'off'
  let wanted = false
  let failures = 0
  let stateAtMs = 0
  let heardAtMs = 0
  let callOff: () => void = () => {}

  const inStateMs = () => world.elapsed() - stateAtMs
  const isSilent = () => options.expectsBeat() && world.elapsed() - heardAtMs > silentMs

  function become(next: LinkState, retryInMs?: number): void {
    const wasLive = state === 'live'
    state = next
    stateAtMs = world.elapsed()
    if (wasLive) options.onDown()
    options.onStatus({ state: next, failures, ...(retryInMs !== undefined && { retryInMs }) })
  }

  function open(): void {
    const token = options.token()
    if (token === undefined) {
      if (state !== 'off') become('off')
      return
    }
    become('connecting')
    const line = world.openSocket(options.url)
    socket = line
    callOff = world.later(handshakeWithinMs, broken)
    line.onopen = () => line.send(JSON.stringify({ accessToken: token }))
    line.onmessage = ({ data }) => heard(parse(data))
    line.onclose = broken
  }

  function heard(frame: Payload | undefined): void {
    heardAtMs = world.elapsed()
    if (!frame) return
    if (state === 'live') {
      options.onFrame(frame)
      return
    }
    callOff()
    if (frame.result === 0 && wanted) {
      become('live')
      watch()
      options.onLive()
    } else if (frame.errorCode === badToken) {
      stop()
      options.onRefused()
    } else {
      broken()
    }
  }

  function watch(): void {
    callOff = world.later(lookEveryMs, () => {
      if (isSilent()) silent()
      else watch()
    })
  }

  function silent(): void {
    broken()
    options.onSilent()
  }

  /** Lets go of a socket, whose own close event may be long in coming. */
  function drop(): void {
    callOff()
    const line = socket
    socket = undefined
    if (!line) return
    line.onopen = null
    line.onmessage = null
    line.onclose = null
    line.close()
  }

  function broken(): void {
    drop()
    if (!wanted) {
      become('off')
      return
    }
    if (state === 'live' && inStateMs() >= soundMs) failures = 0
    const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** failures) * (0.5 + world.random() / 2)
    failures += 1
    become('waiting', delayMs)
    callOff = world.later(delayMs, open)
  }

  function stop(): void {
    wanted = false
    drop()
    if (state !== 'off') become('off')
  }

  function tryNow(): void {
    if (state === 'live' && isSilent()) silent()
    else if (state === 'connecting' && inStateMs() > patienceMs) drop()
    else if (state !== 'waiting') return
    callOff()
    open()
  }

  return {
    get state(): LinkState {
      return state
    },
    /** Something is followed: be connected. */
    want(): void {
      wanted = true
      if (state !== 'off') return
      failures = 0
      open()
    },
    /** Nothing is followed any more. The server closes the line itself after the last DELETE (gotapi 8.2). */
    release(): void {
      wanted = false
      if (state === 'waiting') stop()
    },
    /** The server says it has no line of ours: this one leads nowhere. */
    renew(): void {
      if (state === 'live') broken()
    },
    /** Does not wait for the next try, where one is due. */
    tryNow,
    stop,
  }
}

import { isPayload, type Payload } from './answer.ts'
import type { World } from './world.ts'

/** `off`: nothing is followed. `waiting`: the line broke and is tried again. */
export type LinkState = 'off' | 'connecting' | 'live' | 'waiting'

const handshakeWithinMs = 10_000
const firstDelayMs = 500
const longestDelayMs = 30_000
/** gotapi 9-4: the token is not one of this origin's. */
const badToken = 3

export interface LinkOptions {
  readonly world: World
  readonly url: string
  readonly token: () => string | undefined
  readonly onFrame: (frame: Payload) => void
  /** The handshake succeeded: everything followed has to be asked for anew. */
  readonly onLive: () => void
  /** The server refuses the token; the line stays down until `want` is called again. */
  readonly onRefused: () => void
  readonly onState: (state: LinkState) => void
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
  let callOff: (() => void) | undefined

  function become(next: LinkState): void {
    if (state === next) return
    state = next
    options.onState(next)
  }

  function open(): void {
    const token = options.token()
    if (token === undefined) {
      become('off')
      return
    }
    become('connecting')
    const line = world.openSocket(options.url)
    socket = line
    callOff = world.later(handshakeWithinMs, () => drop(line))
    line.onopen = () => line.send(JSON.stringify({ accessToken: token }))
    line.onmessage = ({ data }) => {
      if (socket === line) heard(line, parse(data))
    }
    line.onclose = () => {
      if (socket === line) broken()
    }
  }

  function heard(line: WebSocket, frame: Payload | undefined): void {
    if (!frame) return
    if (state === 'live') {
      options.onFrame(frame)
      return
    }
    callOff?.()
    if (frame.result === 0) {
      failures = 0
      become('live')
      options.onLive()
    } else if (frame.errorCode === badToken) {
      stop()
      options.onRefused()
    } else {
      drop(line)
    }
  }

  /** Ends a socket whose own close event may be long in coming. */
  function drop(line: WebSocket): void {
    if (socket !== line) return
    line.onclose = null
    line.close()
    broken()
  }

  function broken(): void {
    callOff?.()
    callOff = undefined
    socket = undefined
    if (!wanted) {
      become('off')
      return
    }
    const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** failures) * (0.5 + world.random() / 2)
    failures += 1
    become('waiting')
    callOff = world.later(delayMs, open)
  }

  function stop(): void {
    wanted = false
    callOff?.()
    callOff = undefined
    const line = socket
    socket = undefined
    if (line) {
      line.onclose = null
      line.close()
    }
    become('off')
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
    stop,
  }
}

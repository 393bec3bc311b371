import type { Payload } from './payload.ts'
import {
  dueCall,
  isOver,
  newRegistration,
  next,
  type RegistrationInput,
  type RegistrationState,
} from './registration-machine.ts'
import { verdictOf } from './verdict.ts'

/** gotapi 3.3: every value travels as text. */
export type Params = Readonly<Record<string, string | number | boolean | undefined>>

export interface Follower {
  readonly onEvent: (frame: Payload) => void
  /** Nothing will come: the server said no. */
  readonly onRefused?: ((answer: Payload) => void) | undefined
}

/** What the registrations need of whoever has calls and a line. */
interface Transport {
  /** Asks the server. Never rejects: a call that failed is an answer with a number. */
  call(method: 'PUT' | 'DELETE', path: string, params: Params, signal: AbortSignal): Promise<Payload>
  /** Something is followed. Told with each wish: a line that is there already stays. */
  wantLine(): void
  /** Nothing is followed any more. The server closes the line itself after the last DELETE (gotapi 8.2). */
  releaseLine(): void
  /** The server says that it has no line of ours, whatever we think. */
  renewLine(): void
  /** Calls back once; the answer calls it off. */
  later(delayMs: number, act: () => void): () => void
}

interface Place {
  readonly params: Params
  /** A PUT was answered since it came. */
  isServed: boolean
}

interface Registration {
  readonly key: string
  readonly path: string
  readonly service: Params
  /** In the order they came: the newest wish decides the parameters, since the server keeps one for all. */
  readonly followers: Map<Follower, Place>
  state: RegistrationState
  /** The call on its way; aborted when its line breaks. */
  call: AbortController | undefined
  callOffRest: () => void
}

const firstRestMs = 500
const longestRestMs = 30_000
const restMs = (failures: number) => Math.min(longestRestMs, firstRestMs * 2 ** (failures - 1))

const pathKey = (path: string) => path.toLowerCase()
const keyOf = (path: string, serviceId: unknown) => `${pathKey(path)} ${serviceId ?? ''}`

/** gotapi 9: a frame carries the names of the path it was asked for by. Who named no service hears of all of them. */
function keysOf({ profile, interface: part, attribute, serviceId }: Payload): ReadonlySet<string> {
  const path = [profile, part, attribute].filter(name => typeof name === 'string' && name !== '').join('/')
  return new Set([keyOf(path, undefined), keyOf(path, serviceId)])
}

/** All that one client follows over its one line: many followers, one registration for each path and service. */
export function createRegistrations(transport: Transport) {
  const all = new Map<string, Registration>()
  let isLineUp = false

  const wanted = () => [...all.values()].filter(({ state }) => state.isWanted)

  function feed(registration: Registration, input: RegistrationInput): void {
    registration.state = next(registration.state, input)
    if (isOver(registration.state)) forget(registration)
    else if (dueCall(registration.state) !== undefined) void ask(registration)
  }

  function letGo(registration: Registration): void {
    registration.callOffRest()
    registration.call?.abort()
    registration.call = undefined
  }

  function forget(registration: Registration): void {
    letGo(registration)
    all.delete(registration.key)
  }

  async function ask(registration: Registration): Promise<void> {
    registration.state = next(registration.state, { kind: 'asked' })
    const { asking } = registration.state
    if (asking === undefined) return
    const { followers, path, service } = registration
    const present = [...followers.keys()]
    const newest = [...followers.values()].at(-1)?.params
    const call = new AbortController()
    registration.call = call
    const answer = await transport.call(asking, path, newest ?? service, call.signal)
    if (registration.call !== call) return
    registration.call = undefined
    const verdict = verdictOf(answer, registration.state.hasStood)
    if (asking === 'PUT' && verdict === 'done') serve(registration, present)
    if (asking === 'PUT' && verdict === 'refused') refuse(registration, present, answer)
    feed(registration, { kind: 'answered', verdict })
    if (verdict === 'later') rest(registration)
    if (verdict === 'no-line') {
      lineDown()
      transport.renewLine()
    }
  }

  function serve({ followers }: Registration, present: readonly Follower[]): void {
    for (const follower of present) {
      const place = followers.get(follower)
      if (place) place.isServed = true
    }
  }

  /** Those it was asked for; who had been served before keeps what stands. */
  function refuse(registration: Registration, present: readonly Follower[], answer: Payload): void {
    const { followers, state } = registration
    for (const follower of present) {
      const isKept = state.standing === 'started' && followers.get(follower)?.isServed === true
      if (!isKept && followers.delete(follower)) follower.onRefused?.(answer)
    }
    if (followers.size === 0) left(registration)
  }

  function rest(registration: Registration): void {
    registration.callOffRest = transport.later(restMs(registration.state.failures), () =>
      feed(registration, { kind: 'rested' }),
    )
  }

  function left(registration: Registration): void {
    feed(registration, { kind: 'left' })
    if (wanted().length > 0) return
    transport.releaseLine()
    if (!isLineUp) forgetAll()
  }

  /** Without a line the server drops them by itself. */
  function forgetAll(): void {
    for (const registration of [...all.values()]) forget(registration)
  }

  function lineDown(): void {
    isLineUp = false
    for (const registration of [...all.values()]) {
      letGo(registration)
      feed(registration, { kind: 'line', isUp: false })
    }
    if (wanted().length === 0) forgetAll()
  }

  return {
    /** How much of it somebody still wants. */
    get size(): number {
      return wanted().length
    },
    follows: (path: string): boolean => wanted().some(each => pathKey(each.path) === pathKey(path)),

    follow(path: string, params: Params, follower: Follower): () => void {
      const { serviceId } = params
      const key = keyOf(path, serviceId)
      const registration = all.get(key) ?? {
        key,
        path,
        service: serviceId === undefined ? {} : { serviceId },
        followers: new Map<Follower, Place>(),
        state: newRegistration(isLineUp),
        call: undefined,
        callOffRest: () => {},
      }
      all.set(key, registration)
      registration.followers.set(follower, { params, isServed: false })
      feed(registration, { kind: 'followed' })
      transport.wantLine()
      return () => {
        if (registration.followers.delete(follower) && registration.followers.size === 0) left(registration)
      }
    },

    deliver(frame: Payload): void {
      for (const key of keysOf(frame)) {
        for (const follower of [...(all.get(key)?.followers.keys() ?? [])]) follower.onEvent(frame)
      }
    },

    /** The line carries: everything followed is asked for anew. */
    lineUp(): void {
      isLineUp = true
      for (const registration of [...all.values()]) feed(registration, { kind: 'line', isUp: true })
    },
    /** The line broke. Calls on their way belonged to it, and no answer of theirs counts any more. */
    lineDown,
    /** For good: nobody is told anything any more, and nothing is asked. */
    close(): void {
      isLineUp = false
      for (const { followers } of all.values()) followers.clear()
      forgetAll()
    },
  }
}

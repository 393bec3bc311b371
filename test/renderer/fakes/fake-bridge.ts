import type { Answer, GotapiBridge, Refusal } from '../../../src/main/contract/client.ts'
import type { CallRoute, EventRoute, RouteParams, RouteResult } from '../../../src/main/contract/routes.ts'
import type { SendBytes } from '../../../src/renderer/api/bytes.ts'
import type { Wire } from '../../../src/renderer/api/index.ts'
import type { LinkStatus } from '../../../src/renderer/gotapi-client/index.ts'

interface Call {
  readonly route: string
  readonly params: unknown
}

interface Sent {
  readonly method: string
  readonly path: string
  readonly offset: number
  readonly text: string
}
const heartbeat = 'EVENT system/heartbeat'
const beatEveryMs = 2_000

const refusal = (errorCode: number): Refusal => ({ result: 1, errorCode, errorMessage: `code ${errorCode}` })

/**
 * An engine as a page sees it: it answers what it was told to know, refuses the rest, and tells events when the
 * test says so. Its heart beats by itself until it is frozen. `hold` leaves calls unanswered, as a slow engine does.
 */
export function createFakeBridge() {
  const known = new Map<string, unknown>()
  const refused = new Map<string, number>()
  const listeners = new Map<string, Set<(event: unknown) => void>>()
  const calls: Call[] = []
  const kept = new Map<string, string>()
  let gate: Promise<void> | undefined
  let open = () => {}
  let beating: ReturnType<typeof setInterval> | undefined
  let isFrozen = false
  /** Its clock is the one its lists carry. */
  let aheadMs = 0
  const wireListeners = new Set<(status: LinkStatus) => void>()
  let tries = 0

  const learn = (result: unknown) => {
    if (typeof result === 'object' && result !== null && 'at' in result && typeof result.at === 'number') {
      aheadMs = result.at - Date.now()
    }
  }
  const tellAll = (route: string, event: unknown) => {
    for (const hear of [...(listeners.get(route) ?? [])]) hear(event)
  }
  const beat = () => {
    if (!isFrozen) tellAll(heartbeat, { at: Date.now() + aheadMs, everyMs: beatEveryMs })
  }

  const bridge: GotapiBridge = {
    async call<Name extends CallRoute>(route: Name, params: RouteParams<Name>): Promise<Answer<Name>> {
      calls.push({ route, params })
      await gate
      const code = refused.get(route)
      if (code !== undefined) return refusal(code)
      if (!known.has(route)) return refusal(2)
      return { result: 0, ...(known.get(route) as RouteResult<Name>) }
    },
    subscribe(route, _params, listener, onRefused) {
      const code = refused.get(route)
      if (code !== undefined) {
        onRefused?.(refusal(code))
        return () => {}
      }
      const set = listeners.get(route) ?? new Set()
      listeners.set(route, set)
      const hear = (event: unknown) => listener(event as Parameters<typeof listener>[0])
      set.add(hear)
      if (route === heartbeat) {
        beat()
        beating ??= setInterval(beat, beatEveryMs)
      }
      return () => {
        set.delete(hear)
        if (route !== heartbeat || set.size > 0) return
        clearInterval(beating)
        beating = undefined
      }
    },
  }

  const wire: Wire = {
    onStatus(listener) {
      wireListeners.add(listener)
      return () => wireListeners.delete(listener)
    },
    tryNow: () => {
      tries += 1
    },
  }

  const sent: Sent[] = []
  /** The byte channel: takes what comes, or gives what it was told to have. */
  const bytes: SendBytes = async (path, init) => {
    await gate
    const offset = Number(init.headers?.['upload-offset'] ?? 0)
    const text = (await init.body?.text()) ?? ''
    sent.push({ method: init.method, path, offset, text })
    if (init.method === 'GET')
      return new Response(kept.get(path) ?? '', { status: kept.has(path) ? 200 : 404 })
    return new Response(JSON.stringify({ result: 0 }), {
      headers: { 'upload-offset': String(offset + text.length) },
    })
  }

  return {
    bridge,
    bytes,
    /** What went over the byte channel. */
    sent,
    keeps: (path: string, content: string) => void kept.set(path, content),
    /** The bridge as a browser has it: with a line that breaks and is mended. */
    browserBridge: { ...bridge, wire },
    status(next: LinkStatus): void {
      for (const tell of wireListeners) tell(next)
    },
    get tries(): number {
      return tries
    },
    /** It stands still: no beat, no answer. */
    freeze(): void {
      isFrozen = true
      this.hold()
    },
    thaw(): void {
      isFrozen = false
      this.release()
      beat()
    },
    calls,
    callsOf: (route: CallRoute) => calls.filter(call => call.route === route).map(({ params }) => params),
    knows<Name extends CallRoute>(route: Name, result: RouteResult<Name>): void {
      refused.delete(route)
      known.set(route, result)
      learn(result)
    },
    refuses(route: CallRoute | EventRoute, code: number): void {
      refused.set(route, code)
    },
    tell<Name extends EventRoute>(route: Name, event: RouteResult<Name>): void {
      learn(event)
      tellAll(route, event)
    },
    followers: (route: EventRoute): number => listeners.get(route)?.size ?? 0,
    hold(): void {
      gate = new Promise(resolve => {
        open = resolve
      })
    },
    release(): void {
      gate = undefined
      open()
    },
  }
}

export type FakeBridge = ReturnType<typeof createFakeBridge>

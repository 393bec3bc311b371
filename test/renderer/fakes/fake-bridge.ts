import type { Answer, GotapiBridge, Refusal } from '../../../src/main/contract/client.ts'
import type { CallRoute, EventRoute, RouteParams, RouteResult } from '../../../src/main/contract/routes.ts'
import type { SendBytes } from '../../../src/renderer/api/bytes.ts'

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

const refusal = (errorCode: number): Refusal => ({ result: 1, errorCode, errorMessage: `code ${errorCode}` })

/**
 * An engine as a page sees it: it answers what it was told to know, refuses the rest, and tells events when the
 * test says so. `hold` leaves calls unanswered, as a slow engine does.
 */
export function createFakeBridge() {
  const known = new Map<string, unknown>()
  const refused = new Map<string, number>()
  const listeners = new Map<string, Set<(event: unknown) => void>>()
  const calls: Call[] = []
  const kept = new Map<string, string>()
  let gate: Promise<void> | undefined
  let open = () => {}

  const bridge: GotapiBridge = {
    async call<Name extends CallRoute>(route: Name, params: RouteParams<Name>): Promise<Answer<Name>> {
      calls.push({ route, params })
      await gate
      const code = refused.get(route)
      if (code !== undefined) return refusal(code)
      if (!known.has(route)) return refusal(2)
      return { result: 0, ...(known.get(route) as RouteResult<Name>) }
    },
    subscribe(route, _params, listener) {
      const set = listeners.get(route) ?? new Set()
      listeners.set(route, set)
      const hear = (event: unknown) => listener(event as Parameters<typeof listener>[0])
      set.add(hear)
      return () => set.delete(hear)
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
    calls,
    callsOf: (route: CallRoute) => calls.filter(call => call.route === route).map(({ params }) => params),
    knows<Name extends CallRoute>(route: Name, result: RouteResult<Name>): void {
      refused.delete(route)
      known.set(route, result)
    },
    refuses(route: CallRoute, code: number): void {
      refused.set(route, code)
    },
    tell<Name extends EventRoute>(route: Name, event: RouteResult<Name>): void {
      for (const hear of listeners.get(route) ?? []) hear(event)
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

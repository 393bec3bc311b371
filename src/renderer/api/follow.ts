import type { Refusal } from '@contract/client.ts'
import type { CallRoute, EventRoute, RouteParams, RouteResult } from '@contract/routes.ts'
import { onScopeDispose, type ShallowRef, shallowRef } from 'vue'
import { useBridge } from './index.ts'

/** Reads of things that can be followed: no parameters, and the event tells the whole thing again. */
type ReadRoute = {
  [Name in CallRoute]: Record<string, never> extends RouteParams<Name> ? Name : never
}[CallRoute]
type TellingRoute<Read extends ReadRoute> = {
  [Name in EventRoute]: RouteResult<Name> extends RouteResult<Read> ? Name : never
}[EventRoute]

interface Followed<Value> {
  /** As the engine told it last; undefined until it did. */
  readonly value: Readonly<ShallowRef<Value | undefined>>
  /** Why there is no value. */
  readonly refusal: Readonly<ShallowRef<Refusal | undefined>>
  /** Asks again, after a refusal or when nothing may be followed. */
  readonly read: () => Promise<void>
}

/** Mirrors something of the engine as long as the calling component or store lives. */
export function useFollowed<Read extends ReadRoute>(
  readRoute: Read,
  eventRoute: TellingRoute<Read>,
): Followed<RouteResult<Read>> {
  const bridge = useBridge()
  const value = shallowRef<RouteResult<Read>>()
  const refusal = shallowRef<Refusal>()
  let told = 0

  function take(next: RouteResult<Read>): void {
    told += 1
    value.value = next
    refusal.value = undefined
  }

  async function read(): Promise<void> {
    const before = told
    const answer = await bridge.call(readRoute, {} as RouteParams<Read>)
    // An event that overtook the answer is newer than it.
    if (told !== before) return
    if (answer.result === 0) take(answer)
    else refusal.value = answer
  }

  onScopeDispose(
    bridge.subscribe(eventRoute, {} as RouteParams<typeof eventRoute>, event =>
      take(event as RouteResult<Read>),
    ),
  )
  void read()
  return { value, refusal, read }
}

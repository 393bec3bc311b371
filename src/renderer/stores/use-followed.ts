import type { Refusal } from '@contract/client.ts'
import type { CallRoute, EventRoute, RouteParams, RouteResult } from '@contract/routes.ts'
import type { ShallowRef } from 'vue'
import { type Collection, useCollection } from './use-collection.ts'

/** Reads that need no parameters. */
type ReadRoute = {
  [Name in CallRoute]: Record<string, never> extends RouteParams<Name> ? Name : never
}[CallRoute]
/** Events that tell the whole of what is read again. */
type TellingRoute<Read extends CallRoute> = {
  [Name in EventRoute]: RouteResult<Name> extends RouteResult<Read> ? Name : never
}[EventRoute]

interface ListSource<Read extends CallRoute, Item> {
  readonly read: Read
  readonly event?: TellingRoute<Read>
  /** Undefined while there is nobody to ask. */
  readonly params: () => RouteParams<Read> | undefined
  readonly itemsOf: (told: RouteResult<Read>) => readonly Item[]
  readonly idOf: (item: Item) => string
}

/**
 * A list of which every event tells all again. Without an event it is asked for now, and whenever the line is back.
 * Beside the items it keeps what was told as it was.
 */
export function useFollowedList<Read extends CallRoute, Item>(
  source: ListSource<Read, Item>,
): Collection<Item, RouteResult<Read>> {
  const { read, event, params, itemsOf, idOf } = source
  const newsOf = (told: RouteResult<Read>) => ({ full: true, items: itemsOf(told), removed: [], rest: told })
  return useCollection({
    read,
    ...(event && { event }),
    // What such an event is followed with is what the list is read with.
    params: params as () => (RouteParams<Read> & RouteParams<TellingRoute<Read>>) | undefined,
    ofAnswer: newsOf,
    ofEvent: told => newsOf(told as object as RouteResult<Read>),
    idOf,
  })
}

interface Followed<Value> {
  /** As the engine told it last; undefined until it did. */
  readonly value: Readonly<ShallowRef<Value | undefined>>
  /** Why there is no value. */
  readonly refusal: Readonly<ShallowRef<Refusal | undefined>>
  /** Asks again, after a refusal or when nothing may be followed. */
  readonly read: () => Promise<void>
}

/** Mirrors what is one thing and no list. */
export function useFollowed<Read extends ReadRoute>(
  read: Read,
  event?: TellingRoute<Read>,
): Followed<RouteResult<Read>> {
  const whole = useFollowedList({
    read,
    ...(event && { event }),
    params: () => ({}) as RouteParams<Read>,
    itemsOf: (): readonly never[] => [],
    idOf: () => '',
  })
  return { value: whole.rest, refusal: whole.refusal, read: whole.read }
}

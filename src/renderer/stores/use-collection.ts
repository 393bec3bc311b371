import type { Refusal } from '@contract/client.ts'
import type { CallRoute, EventRoute, RouteParams, RouteResult } from '@contract/routes.ts'
import {
  type ComputedRef,
  computed,
  onScopeDispose,
  type Ref,
  ref,
  type ShallowRef,
  shallowReactive,
  shallowRef,
  watch,
} from 'vue'
import { useBridge } from '../api/index.ts'
import { type CollectionInput, type News, newCollection, nextCollection } from './collection-machine.ts'
import { useLine } from './line.ts'

interface Source<Read extends CallRoute, Event extends EventRoute, Item, Rest> {
  /** The call that tells all of it. */
  readonly read: Read
  /** What tells it anew or what changed in it; absent where nothing does. */
  readonly event?: Event
  /** Undefined while there is nobody to ask: what was known stays. */
  readonly params: () => (RouteParams<Read> & RouteParams<Event>) | undefined
  readonly ofAnswer: (answer: RouteResult<Read>) => News<Item, Rest>
  readonly ofEvent?: (event: RouteResult<Event>) => News<Item, Rest>
  readonly idOf: (item: Item) => string
}

export interface Collection<Item, Rest> {
  /** In the engine's order. */
  readonly items: ComputedRef<readonly Item[]>
  /** One of them. Whoever looks at one is told of that one only. */
  readonly one: (id: string) => Item | undefined
  /** What was told beside the items. */
  readonly rest: Readonly<ShallowRef<Rest | undefined>>
  readonly isKnown: Readonly<Ref<boolean>>
  /** Why nothing is known. */
  readonly refusal: Readonly<ShallowRef<Refusal | undefined>>
  /** Asks anew. */
  readonly read: () => Promise<void>
}

/** The page is not let, or what it asks for does not exist: asked again, it would be the same (gotapi 3.5). */
const hopeless: readonly number[] = [2, 3, 4, 5, 8, 10, 11, 12, 13, 14, 15, 18, 19, 20]
const firstRestMs = 2_000
const longestRestMs = 30_000

/** A list of the engine's, mirrored as long as the calling component or store lives. */
export function useCollection<Read extends CallRoute, Event extends EventRoute, Item, Rest>(
  source: Source<Read, Event, Item, Rest>,
): Collection<Item, Rest> {
  const bridge = useBridge()
  const line = useLine()
  const byId = shallowReactive(new Map<string, Item>())
  const order = shallowRef<readonly string[]>([])
  const rest = shallowRef<Rest>()
  const isKnown = ref(false)
  const refusal = shallowRef<Refusal>()
  let state = newCollection<Item, Rest>()
  let lastAbout: string | undefined
  let following: { readonly about: string; readonly leave: () => void } | undefined
  let asked = 0
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  function feed(input: CollectionInput<Item, Rest>): Promise<void> {
    const before = state
    state = nextCollection(state, input, source.idOf)
    if (state.items !== before.items || state.isKnown !== before.isKnown) show()
    return state.reading && state.reading.id !== asked ? ask(state.reading.id) : Promise.resolve()
  }

  function show(): void {
    for (const id of byId.keys()) if (!state.items.has(id)) byId.delete(id)
    for (const [id, item] of state.items) if (byId.get(id) !== item) byId.set(id, item)
    const ids = [...state.items.keys()]
    if (ids.join('\n') !== order.value.join('\n')) order.value = ids
    rest.value = state.rest
    isKnown.value = state.isKnown
    if (state.isKnown) refusal.value = undefined
  }

  async function ask(id: number): Promise<void> {
    asked = id
    clearTimeout(timer)
    const params = source.params()
    if (params === undefined) return
    const answer = await bridge.call(source.read, params)
    if (state.reading?.id !== id) return
    if (answer.result === 0) {
      failures = 0
      await feed({ kind: 'answer', id, news: source.ofAnswer(answer) })
      return
    }
    if (!state.isKnown) refusal.value = answer
    await feed({ kind: 'failed', id })
    if (!hopeless.includes(answer.errorCode)) askAgain()
  }

  function askAgain(): void {
    const restMs = Math.min(longestRestMs, firstRestMs * 2 ** failures)
    failures += 1
    // While the line is down nobody is there to ask; when it is back all is asked for anew.
    timer = setTimeout(() => {
      if (line.down === undefined) void feed({ kind: 'again' })
    }, restMs)
  }

  function leave(): void {
    following?.leave()
    following = undefined
    clearTimeout(timer)
  }

  function follow(params: RouteParams<Event> & RouteParams<Read>): void {
    const { event, ofEvent } = source
    const about = JSON.stringify(params)
    if (following?.about === about) return
    leave()
    const isAnother = lastAbout !== undefined && lastAbout !== about
    if (isAnother) {
      state = newCollection(state.reads)
      show()
    }
    lastAbout = about
    const end =
      event && ofEvent
        ? bridge.subscribe(event, params, told => void feed({ kind: 'event', news: ofEvent(told) }))
        : () => {}
    following = { about, leave: end }
    void feed({ kind: 'anew' })
  }

  watch(
    source.params,
    params => {
      if (params) follow(params)
      else leave()
    },
    { immediate: true },
  )
  watch(
    () => line.returns,
    () => {
      if (following) void feed({ kind: 'anew' })
    },
  )
  onScopeDispose(leave)

  return {
    items: computed(() => order.value.flatMap(id => byId.get(id) ?? [])),
    one: id => byId.get(id),
    rest,
    isKnown,
    refusal,
    read: () => feed({ kind: 'anew' }),
  }
}

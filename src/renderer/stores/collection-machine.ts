/**
 * What the page knows of one list of the engine's: a snapshot that was asked for, changes that were told, and which of
 * the two is newer. Pure: whoever owns the state makes the calls. Answers and events travel separate ways and arrive
 * in any order; a list is right again as soon as nothing is on its way any more.
 */
export interface CollectionState<Item, Rest> {
  /** By id, in the engine's order. What is told again as it was stays the same object. */
  readonly items: ReadonlyMap<string, Item>
  /** What was told beside the items. */
  readonly rest: Rest | undefined
  readonly isKnown: boolean
  readonly sequence: number | undefined
  /** The snapshot that is being asked for. Its owner makes the call whenever the id is a new one. */
  readonly reading: Reading<Item, Rest> | undefined
  /** A snapshot could not be had: what is known may be old. */
  readonly isDue: boolean
  readonly reads: number
}

interface Reading<Item, Rest> {
  readonly id: number
  /** Told since it was asked for: maybe newer than the answer. */
  readonly heard: readonly News<Item, Rest>[]
}

/** A snapshot, an event that tells all of it again, or one that tells what changed. */
export interface News<Item, Rest> {
  /** Counts up by one with each change. Absent: every event tells all of it, and none can be missed for long. */
  readonly sequence?: number | undefined
  readonly full: boolean
  readonly items: readonly Item[]
  readonly removed: readonly string[]
  readonly rest: Rest
}

export type CollectionInput<Item, Rest> =
  | { readonly kind: 'event'; readonly news: News<Item, Rest> }
  | { readonly kind: 'answer'; readonly id: number; readonly news: News<Item, Rest> }
  | { readonly kind: 'failed'; readonly id: number }
  /** From the beginning, or after a line that may have lost something: whatever is being asked counts no more. */
  | { readonly kind: 'anew' }
  /** The pause after a failure is over. */
  | { readonly kind: 'again' }

type IdOf<Item> = (item: Item) => string

export const newCollection = <Item, Rest>(reads = 0): CollectionState<Item, Rest> => ({
  items: new Map(),
  rest: undefined,
  isKnown: false,
  sequence: undefined,
  reading: undefined,
  isDue: false,
  reads,
})

export function nextCollection<Item, Rest>(
  state: CollectionState<Item, Rest>,
  input: CollectionInput<Item, Rest>,
  idOf: IdOf<Item>,
): CollectionState<Item, Rest> {
  switch (input.kind) {
    case 'event':
      return onEvent(state, input.news, idOf)
    case 'answer':
      return state.reading?.id === input.id ? onAnswer(state, state.reading, input.news, idOf) : state
    case 'failed':
      return state.reading?.id === input.id ? { ...state, reading: undefined, isDue: true } : state
    case 'anew':
      return read(state)
    case 'again':
      return state.isDue ? read(state) : state
  }
}

function read<Item, Rest>(state: CollectionState<Item, Rest>): CollectionState<Item, Rest> {
  const reads = state.reads + 1
  return { ...state, reads, isDue: false, reading: { id: reads, heard: [] } }
}

function onEvent<Item, Rest>(
  state: CollectionState<Item, Rest>,
  news: News<Item, Rest>,
  idOf: IdOf<Item>,
): CollectionState<Item, Rest> {
  const isGap = !follows(news, state.sequence)
  const told = fold(state, news, idOf)
  if (state.reading) {
    return { ...told, reading: { ...state.reading, heard: [...state.reading.heard, news] } }
  }
  if (isGap) return read(told)
  // All of it again: nothing is missing any more.
  return news.full ? { ...told, isDue: false } : told
}

function onAnswer<Item, Rest>(
  state: CollectionState<Item, Rest>,
  { heard }: Reading<Item, Rest>,
  answer: News<Item, Rest>,
  idOf: IdOf<Item>,
): CollectionState<Item, Rest> {
  const newer = heard.filter(news => !isOlder(news, answer.sequence))
  let told = fold({ ...state, reading: undefined }, answer, idOf)
  let isGap = false
  for (const news of newer) {
    isGap ||= !follows(news, told.sequence)
    told = fold(told, news, idOf)
  }
  return isGap ? read(told) : told
}

/**
 * Whether an event is in the answer already. One without a number may be, and tells all of it in any case: what it does
 * not tell, one that is on its way does. One that tells all of it is not, with the same number: while nobody
 * follows a list its changes are not counted, and who follows anew is told all of it after they happened.
 */
function isOlder({ full, sequence = 0 }: News<unknown, unknown>, answered: number | undefined): boolean {
  return answered !== undefined && (full ? sequence < answered : sequence <= answered)
}

/** Whether nothing was missed before this was told. */
function follows({ full, sequence }: News<unknown, unknown>, before: number | undefined): boolean {
  return full || sequence === undefined || (before !== undefined && sequence === before + 1)
}

function fold<Item, Rest>(
  state: CollectionState<Item, Rest>,
  news: News<Item, Rest>,
  idOf: IdOf<Item>,
): CollectionState<Item, Rest> {
  const items = new Map(news.full ? [] : state.items)
  for (const item of news.items) {
    const id = idOf(item)
    items.set(id, sameOr(state.items.get(id), item))
  }
  for (const id of news.removed) items.delete(id)
  return { ...state, items, rest: news.rest, sequence: news.sequence, isKnown: state.isKnown || news.full }
}

/** Whoever shows an item that did not change need not be drawn again. */
function sameOr<Item>(known: Item | undefined, told: Item): Item {
  return known !== undefined && JSON.stringify(known) === JSON.stringify(told) ? known : told
}

// @vitest-environment node
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type CollectionInput,
  type CollectionState,
  type News,
  newCollection,
  nextCollection,
} from '../../../src/renderer/stores/collection-machine.ts'

interface Thing {
  readonly id: string
  readonly value: number
}
type Input = CollectionInput<Thing, string>
type State = CollectionState<Thing, string>

const idOf = ({ id }: Thing) => id
const thing = (id: string, value: number): Thing => ({ id, value })
const next = (state: State, input: Input) => nextCollection(state, input, idOf)
const run = (...inputs: Input[]) => inputs.reduce(next, newCollection<Thing, string>())
const shown = (state: State) => [...state.items.values()].map(({ id, value }) => `${id}${value}`).join(' ')

const anew: Input = { kind: 'anew' }
const again: Input = { kind: 'again' }
const failed = (id: number): Input => ({ kind: 'failed', id })
const all = (sequence: number | undefined, ...items: Thing[]): News<Thing, string> => ({
  sequence,
  full: true,
  items,
  removed: [],
  rest: 'rest',
})
const part = (sequence: number, items: Thing[], removed: string[] = []): News<Thing, string> => ({
  sequence,
  full: false,
  items,
  removed,
  rest: 'rest',
})
const event = (news: News<Thing, string>): Input => ({ kind: 'event', news })
const answer = (id: number, news: News<Thing, string>): Input => ({ kind: 'answer', id, news })

describe('a list of which each event tells all', () => {
  it('is not known before something was told, and then is, also when it is empty', () => {
    expect(run(anew).isKnown).toBe(false)
    expect(run(anew, answer(1, all(undefined))).isKnown).toBe(true)
    expect(run(anew, event(all(undefined, thing('a', 1)))).isKnown).toBe(true)
  })

  it('is what was told last, in the order it was told in', () => {
    const state = run(
      anew,
      answer(1, all(undefined, thing('a', 1), thing('b', 1))),
      event(all(undefined, thing('c', 1), thing('b', 2))),
    )
    expect(shown(state)).toBe('c1 b2')
    expect(state.rest).toBe('rest')
  })

  it('is never undone by an answer that was overtaken', () => {
    const state = run(anew, event(all(undefined, thing('a', 2))), answer(1, all(undefined, thing('a', 1))))
    expect(shown(state)).toBe('a2')
    expect(state.reading).toBeUndefined()
  })

  it('takes no answer to a question of before it was told anew', () => {
    const late = run(anew, anew, answer(1, all(undefined, thing('a', 1))))
    expect(late.isKnown).toBe(false)
    expect(late.reading?.id).toBe(2)
    expect(shown(next(late, answer(2, all(undefined, thing('a', 2)))))).toBe('a2')
    expect(next(late, failed(1)).isDue).toBe(false)
  })

  it('keeps what it knew while it is asked for anew', () => {
    const state = run(anew, answer(1, all(undefined, thing('a', 1))), anew)
    expect(shown(state)).toBe('a1')
    expect(state.isKnown).toBe(true)
  })

  it('is asked for again after a failure, once the pause is over, and not without one', () => {
    const state = run(anew, failed(1))
    expect(state).toMatchObject({ reading: undefined, isDue: true })
    expect(next(state, again).reading?.id).toBe(2)
    expect(next(run(anew, answer(1, all(undefined))), again).reading).toBeUndefined()
    expect(next(next(state, event(all(undefined))), again).reading).toBeUndefined()
  })

  it('keeps the object of what did not change', () => {
    const [a, b] = [thing('a', 1), thing('b', 1)]
    const state = run(
      anew,
      answer(1, all(undefined, a, b)),
      event(all(undefined, thing('a', 1), thing('b', 2))),
    )
    expect(state.items.get('a')).toBe(a)
    expect(state.items.get('b')).not.toBe(b)
  })
})

describe('a list of which events tell the changes', () => {
  const known = [anew, answer(1, all(4, thing('a', 4), thing('b', 4)))]

  it('takes each change, keeps places, and asks for nothing', () => {
    const state = run(...known, event(part(5, [thing('a', 5)])), event(part(6, [thing('c', 6)], ['b'])))
    expect(shown(state)).toBe('a5 c6')
    expect(state.reading).toBeUndefined()
  })

  it.each([
    ['one that was missed', 6],
    ['an engine that began anew', 1],
    ['the same number again', 4],
  ])('is asked for again after %s', (_what, sequence) => {
    const state = run(...known, event(part(sequence, [thing('a', 9)])))
    expect(shown(state)).toBe('a9 b4')
    expect(state.reading?.id).toBe(2)
  })

  it('is asked for when changes come before anything is known', () => {
    expect(run(event(part(5, [thing('a', 5)]))).reading?.id).toBe(1)
  })

  it('is not known by its changes alone', () => {
    expect(run(event(part(5, [thing('a', 5)]))).isKnown).toBe(false)
  })

  it('begins anew with an event that tells all', () => {
    const state = run(...known, event(all(1, thing('b', 1))), event(part(2, [thing('b', 2)])))
    expect(shown(state)).toBe('b2')
    expect(state.reading).toBeUndefined()
  })

  it('puts what was told meanwhile over the answer, and nothing that is older than it', () => {
    const state = run(
      ...known,
      event(part(7, [thing('a', 7)])),
      event(part(8, [thing('b', 8)])),
      event(part(9, [thing('a', 9)])),
      answer(2, all(8, thing('a', 70), thing('b', 80))),
    )
    expect(shown(state)).toBe('a9 b80')
    expect(state).toMatchObject({ sequence: 9, reading: undefined })
  })

  it('heals a gap that opened while it was being asked for', () => {
    const state = run(
      ...known,
      event(part(7, [thing('a', 7)])),
      event(part(9, [thing('a', 9)])),
      event(part(10, [thing('a', 10)])),
      answer(2, all(7, thing('a', 7), thing('b', 7))),
    )
    expect(state.reading?.id).toBe(3)
    expect(shown(next(state, answer(3, all(10, thing('a', 10), thing('b', 8)))))).toBe('a10 b8')
  })

  it('is due when a gap could not be healed', () => {
    const state = run(...known, event(part(7, [thing('a', 7)])), failed(2))
    expect(state.isDue).toBe(true)
    expect(shown(state)).toBe('a7 b4')
  })
})

/** An engine, two ways from it, and everything that can go wrong on them. */
describe.each([
  ['numbered changes', true],
  ['whole lists', false],
] as const)('any order of %s', (_what, isNumbered) => {
  type Step =
    | { readonly kind: 'change'; readonly id: string; readonly value: number }
    | { readonly kind: 'remove'; readonly id: string }
    | { readonly kind: 'read' | 'hear' | 'again' | 'break' | 'restart' | 'register' | 'lose' }
    | { readonly kind: 'answer' | 'fail'; readonly place: number }
  const id = fc.constantFrom('a', 'b', 'c')
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('change' as const), id, value: fc.nat(99) }) },
    fc.record({ kind: fc.constant('remove' as const), id }),
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('hear' as const) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('read' as const) }) },
    fc.record({
      kind: fc.constantFrom(
        'again' as const,
        'break' as const,
        'restart' as const,
        'register' as const,
        'lose' as const,
      ),
    }),
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('answer' as const), place: fc.nat(5) }) },
    fc.record({ kind: fc.constant('fail' as const), place: fc.nat(5) }),
  )

  function simulate(steps: readonly Step[]) {
    const truth = new Map<string, Thing>()
    let sequence = 10
    let state = newCollection<Thing, string>()
    let started = 0
    let isFollowed = false
    /** Asked and not yet seen by the engine; seen, with the answer on its way; told, on its way. */
    let asked: number[] = []
    const answers: { readonly id: number; readonly news: News<Thing, string> }[] = []
    let events: News<Thing, string>[] = []

    const whole = () => all(isNumbered ? sequence : undefined, ...truth.values())
    const feed = (input: Input) => {
      state = next(state, input)
      if (state.reading && state.reading.id !== started) {
        started = state.reading.id
        asked.push(started)
      }
    }
    const tell = (items: Thing[], removed: string[]) => {
      // Where nobody follows nothing is counted.
      if (!isFollowed) return
      sequence += 1
      events.push(isNumbered ? part(sequence, items, removed) : whole())
    }
    const engineReads = () => {
      const [first] = asked
      if (first === undefined) return
      asked = asked.slice(1)
      answers.push({ id: first, news: whole() })
    }
    const hear = () => {
      const [first] = events
      events = events.slice(1)
      if (first) feed({ kind: 'event', news: first })
    }
    const takeAnswer = (place: number) => {
      const [taken] = answers.splice(place % Math.max(1, answers.length), 1)
      return taken
    }
    /** Who follows anew is told all of it first. */
    const register = () => {
      if (isFollowed) return
      isFollowed = true
      events.push(whole())
    }
    /** A new line: what was told on the old one and not heard is lost. */
    const comeBack = () => {
      events = []
      isFollowed = false
      feed(anew)
    }

    comeBack()
    for (const each of steps) {
      if (each.kind === 'change') {
        truth.set(each.id, thing(each.id, each.value))
        tell([thing(each.id, each.value)], [])
      } else if (each.kind === 'remove') {
        if (truth.delete(each.id)) tell([], [each.id])
      } else if (each.kind === 'read') engineReads()
      else if (each.kind === 'hear') hear()
      else if (each.kind === 'again') feed(again)
      else if (each.kind === 'register') register()
      // A line that is too slow keeps the newest of each thing.
      else if (each.kind === 'lose') events = events.length > 1 ? events.slice(1) : events
      else if (each.kind === 'answer') {
        const taken = takeAnswer(each.place)
        if (taken) feed({ kind: 'answer', ...taken })
      } else if (each.kind === 'fail') {
        const taken = takeAnswer(each.place)
        if (taken) feed(failed(taken.id))
      } else {
        if (each.kind === 'restart') sequence = 0
        comeBack()
      }
    }
    register()
    for (let turn = 0; turn < 200 && asked.length + answers.length + events.length > 0; turn += 1) {
      hear()
      engineReads()
      const taken = takeAnswer(turn)
      if (taken) feed({ kind: 'answer', ...taken })
      feed(again)
    }
    return { state, truth, isQuiet: asked.length + answers.length + events.length === 0 }
  }

  it('ends in what the engine has', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), steps => {
        const { state, truth, isQuiet } = simulate(steps)
        expect(isQuiet).toBe(true)
        expect(state.reading).toBeUndefined()
        expect(Object.fromEntries(state.items)).toEqual(Object.fromEntries(truth))
      }),
      { numRuns: 3_000 },
    )
  })
})

import { expect, it } from 'vitest'
import { GantryError } from '../../../src/main/contract/error.ts'
import { createLiveBench } from './live-bench.ts'

/** A printer that writes down whether somebody looks at it. */
function bench() {
  const looks: boolean[] = []
  return { ...createLiveBench({ session: { focus: focused => looks.push(focused) } }), looks }
}

it('a printer two people look at is looked at until the second one leaves, however often the first does', async () => {
  const { live, looks, online } = bench()
  await online()
  const first = live.focus()
  expect(looks).toEqual([true])
  const second = live.focus()
  expect(looks).toEqual([true])
  first()
  first()
  expect(looks).toEqual([true])
  second()
  expect(looks).toEqual([true, false])
})

it('a printer that comes back is told that somebody still looks, and nothing when nobody does', async () => {
  const { clock, live, looks, voices, online } = bench()
  const leave = live.focus()
  await online()
  expect(looks).toEqual([true])
  voices[0]?.end(new GantryError('wire.closed', 'gone'))
  await clock.advance(2_000)
  expect(looks).toEqual([true, true])
  leave()
  voices[1]?.end(new GantryError('wire.closed', 'gone'))
  await clock.advance(5_000)
  expect([voices.length, looks]).toEqual([3, [true, true, false]])
})

it('a printer that is away, or whose driver asks no more often for it, can be looked at like any other', async () => {
  const { clock, live, voices, online } = createLiveBench()
  live.focus()()
  const leave = live.focus()
  await online()
  expect(live.snapshot().link.state).toBe('online')
  const second = live.focus()
  second()
  leave()
  live.focus()()
  voices[0]?.end(new GantryError('wire.closed', 'gone'))
  live.focus()()
  await clock.advance(2_000)
  expect(live.snapshot().link.state).toBe('online')
})

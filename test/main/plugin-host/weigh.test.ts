import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { weigh } from '../../../src/main/plugin-host/weigh.ts'

describe('the weight of a message', () => {
  it('is known for everything that is JSON, and near its length as text', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 20 }), value => {
        const copy: unknown = JSON.parse(JSON.stringify(value))
        const length = JSON.stringify(copy).length
        const bytes = weigh(copy, Number.MAX_SAFE_INTEGER)
        expect(bytes).toBeDefined()
        expect(bytes ?? 0).toBeGreaterThanOrEqual(length / 12)
        expect(bytes ?? 0).toBeLessThanOrEqual(length * 8 + 8)
      }),
    )
  })

  it.each<[string, unknown]>([
    ['a long text', 'x'.repeat(2_000)],
    ['a long name', { ['x'.repeat(2_000)]: 1 }],
    ['many small things', Array.from({ length: 500 }, () => 0)],
    ['a buffer', new Uint8Array(4)],
    ['a map', new Map([['a', 1]])],
    ['a date', new Date(0)],
    ['a big integer', { n: 1n }],
    ['a hole of a list', new Array(1e9)],
  ])('is refused for %s', (_what, value) => {
    expect(weigh(value, 1_000)).toBeUndefined()
  })

  it.each<[string, unknown, number]>([
    ['a text', 'x'.repeat(8), 16],
    ['an empty list', [], 8],
    ['an empty object', {}, 8],
    ['a list', [1, 'ab'], 26],
    ['an object', { abc: true }, 19],
    ['nothing', null, 8],
    ['an object without a prototype', Object.assign(Object.create(null), { abc: null }), 19],
  ])('of %s is let through up to the limit, to the byte', (_what, value, bytes) => {
    expect(weigh(value, bytes)).toBe(bytes)
    expect(weigh(value, bytes - 1)).toBeUndefined()
  })

  it.each<[string, (inner: unknown) => unknown]>([
    ['lists', inner => [inner]],
    ['objects', inner => ({ inner })],
  ])('is that of 64 %s in one another, and of no more', (_what, wrap) => {
    let value: unknown = 1
    for (let depth = 0; depth < 64; depth += 1) value = wrap(value)
    expect(weigh(value, 100_000)).toBeDefined()
    expect(weigh(wrap(value), 100_000)).toBeUndefined()
  })
})

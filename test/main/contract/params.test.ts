import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { paramsToText } from '../../../src/main/contract/params.ts'

describe('the text of a call’s values', () => {
  it('leaves text alone and writes numbers and booleans as JavaScript does', () => {
    expect(paramsToText({ name: 'Bench 1', bedC: 60.5, isOn: false, empty: '' })).toEqual({
      name: 'Bench 1',
      bedC: '60.5',
      isOn: 'false',
      empty: '',
    })
  })

  it('writes lists, objects and null as JSON', () => {
    expect(paramsToText({ scopes: ['a', 'b'], at: { x: 1 }, none: null })).toEqual({
      scopes: '["a","b"]',
      at: '{"x":1}',
      none: 'null',
    })
  })

  it('leaves out what is undefined', () => {
    expect(paramsToText({ a: undefined })).toEqual({})
  })

  it('refuses what no text can carry, and names it', () => {
    const ring: Record<string, unknown> = {}
    ring.self = ring
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1n, Symbol('s'), () => 1, ring]) {
      expect(() => paramsToText({ odd: value })).toThrow(/odd cannot be sent/)
    }
  })

  it('gives JSON back unchanged for every list and object', () => {
    const structured = fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()))
    fc.assert(
      fc.property(structured, value => {
        expect(JSON.parse(paramsToText({ value }).value ?? '')).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })
})

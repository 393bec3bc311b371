import { describe, expect, it } from 'vitest'
import { spanOf } from '../../../../src/main/gotapi/bytes/ranges.ts'

describe('A Range header, for ten bytes', () => {
  it.each([
    [undefined, undefined],
    ['', undefined],
    ['bytes=', undefined],
    ['bytes=-', undefined],
    ['lines=0-1', undefined],
    ['bytes=0-1,3-4', undefined],
    ['bytes=a-b', undefined],
    ['bytes=5-4', undefined],
    ['bytes=0-9', { start: 0, end: 10 }],
    ['bytes=0-', { start: 0, end: 10 }],
    ['bytes = 2 - 3', { start: 2, end: 4 }],
    ['bytes=9-9', { start: 9, end: 10 }],
    ['bytes=9-', { start: 9, end: 10 }],
    ['bytes=3-1000', { start: 3, end: 10 }],
    ['bytes=-3', { start: 7, end: 10 }],
    ['bytes=-10', { start: 0, end: 10 }],
    ['bytes=-11', { start: 0, end: 10 }],
    ['bytes=10-', 'none'],
    ['bytes=10-11', 'none'],
    ['bytes=-0', 'none'],
    ['bytes=99999999999999999999-', 'none'],
  ] as const)('%s is %o', (header, span) => {
    expect(spanOf(header, 10)).toEqual(span)
  })

  it('of nothing there is no part', () => {
    expect(spanOf('bytes=0-', 0)).toBe('none')
    expect(spanOf('bytes=-1', 0)).toBe('none')
  })
})

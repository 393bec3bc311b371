/** A part of something of known size: from `start` up to, not including, `end`. */
export interface Span {
  readonly start: number
  readonly end: number
}

const oneRange = /^bytes=(\d*)-(\d*)$/
const digitsKept = 15

/**
 * RFC 9110 14.1.2, one range. Undefined: the whole, as nothing was asked for or nothing that can be read.
 * `none`: the part lies outside.
 */
export function spanOf(header: string | undefined, sizeBytes: number): Span | 'none' | undefined {
  const [, first = '', last = ''] = oneRange.exec(header?.replaceAll(' ', '') ?? '') ?? []
  if (first === '' && last === '') return undefined
  if (first.length > digitsKept || last.length > digitsKept) return 'none'
  if (first === '') {
    const count = Number(last)
    return count === 0 ? 'none' : nonEmpty(Math.max(0, sizeBytes - count), sizeBytes)
  }
  const start = Number(first)
  const end = last === '' ? sizeBytes : Math.min(Number(last) + 1, sizeBytes)
  // The end before the start is no range at all, and an unreadable header is ignored.
  if (last !== '' && Number(last) < start) return undefined
  return nonEmpty(start, end)
}

const nonEmpty = (start: number, end: number): Span | 'none' => (start < end ? { start, end } : 'none')

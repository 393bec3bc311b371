import { describe, expect, it } from 'vitest'
import { clockTime, dateAndTime, relativeTime } from '../../../src/renderer/format/time.ts'

const at = new Date(2026, 10, 21, 9, 5).getTime()
const minute = 60_000

describe('times', () => {
  it.each(['en', 'de', 'ja'])('are on a 24-hour clock in %s', language => {
    expect(clockTime(at, language)).toBe('09:05')
    expect(clockTime(new Date(2026, 10, 21, 0, 7).getTime(), language)).toBe('00:07')
  })

  it('carry the day where it matters', () => {
    expect(dateAndTime(at, 'en')).toBe('Nov 21, 2026, 09:05')
    expect(dateAndTime(at, 'de')).toBe('21.11.2026, 09:05')
  })

  it.each([
    [0, 'now'],
    [-59_000, 'now'],
    [-5 * minute, '5 minutes ago'],
    [-90 * minute, '1 hour ago'],
    [-26 * 60 * minute, 'yesterday'],
    [3 * 24 * 60 * minute, 'in 3 days'],
  ])('%d ms away reads "%s"', (awayMs, words) => {
    expect(relativeTime(at + awayMs, at, 'en')).toBe(words)
  })
})

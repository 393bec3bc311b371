import { expect, it } from 'vitest'
import { degrees, percent } from '../../../src/renderer/format/quantity.ts'
import { duration } from '../../../src/renderer/format/time.ts'

it.each([
  [245.06, 'en', '245.1'],
  [60, 'de', '60,0'],
  [-0.5, 'en', '\u22120.5'],
  [1234.5, 'en', '1234.5'],
  [undefined, 'en', '–'],
])('%s °C in %s reads "%s"', (celsius, language, text) => {
  expect(degrees(celsius, language)).toBe(text)
})

it.each([
  [0, '0\u2009%'],
  [0.429, '42\u2009%'],
  [0.999, '99\u2009%'],
  [1, '100\u2009%'],
  [undefined, '–'],
])('a share of %s reads "%s"', (share, text) => {
  expect(percent(share)).toBe(text)
})

it.each([
  [0, '1\u00a0min'],
  [29, '1\u00a0min'],
  [240, '4\u00a0min'],
  [3600, '1\u00a0h'],
  [4320, '1\u00a0h 12\u00a0min'],
  [3599, '1\u00a0h'],
])('%d s reads "%s"', (seconds, text) => {
  expect(duration(seconds, 'en')).toBe(text)
})

import { expect, it } from 'vitest'
import { unanswered } from '../../../src/main/plugin-host/answer.ts'
import type { NoAnswer } from '../../../src/main/plugin-host/exchange.ts'

it.each<[NoAnswer['kind'], string]>([
  ['late', 'plugin.late'],
  ['malformed', 'plugin.malformed'],
  ['closed', 'plugin.crashed'],
  ['cancelled', 'cancelled'],
  ['full', 'plugin.busy'],
])('a question that ends as %s is refused as %s', (kind, code) => {
  expect(unanswered({ kind })).toMatchObject({ result: 1, code })
})

import { expect, it } from 'vitest'
import { GantryError } from '../../../src/main/contract/error.ts'
import { sentenceOf } from '../../../src/main/engine/trouble.ts'

it('what keeps Gantry from starting is told in the words of whoever found it', () => {
  const taken = new GantryError('port.taken', 'Port 4035 is held by another program.')
  expect(sentenceOf('start', taken)).toBe(taken.message)
})

it.each<[string, unknown, string]>([
  ['a mistake of ours', new GantryError('internal.bug', 'asked too early'), 'asked too early'],
  ['a stack', new TypeError('x is not a function\n    at y'), 'x is not a function'],
  ['what is no error', 'just words', 'just words'],
  ['a secret', new Error('refused, token=abc123'), 'refused, token=[redacted]'],
  ['a long story', new Error('x'.repeat(500)), `${'x'.repeat(200)}…`],
])('%s is one sentence, with what to do', (_what, thrown, inside) => {
  expect(sentenceOf('start', thrown)).toBe(
    `Something inside Gantry went wrong (${inside}). Start it again; if it stays so, report it.`,
  )
})

it('whatever nobody caught is a mistake, even with words of its own', () => {
  expect(sentenceOf('mistake', new GantryError('wire.closed', 'The line broke.'))).toBe(
    'Something inside Gantry went wrong (The line broke.). It ends what it feeds to printers and stops. Start it again; if it happens again, report it with the log.',
  )
})

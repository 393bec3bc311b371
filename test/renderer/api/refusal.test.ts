import { expect, it } from 'vitest'
import { toRefusal } from '../../../src/renderer/api/refusal.ts'

const failure = { result: 1, errorCode: 16, errorMessage: 'no' } as const
const reasonParams = { said: 'x' }

it.each([
  [
    { reason: 'printer.busy', reasonParams },
    { reason: 'printer.busy', reasonParams },
  ],
  [{ reason: 'printer.busy' }, { reason: 'printer.busy' }],
  [{ reason: 'printer.on-fire', reasonParams }, {}],
  [{ reason: 'toString' }, {}],
  [{ reasonParams }, {}],
])('a refusal takes over %j as %j: it knows no reason but ours', (said, taken) => {
  expect(toRefusal({ ...failure, product: 'Gantry', ...said })).toEqual({ ...failure, ...taken })
})

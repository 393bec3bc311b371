import { describe, expect, it } from 'vitest'
import {
  dueCall,
  isOver,
  newRegistration,
  next,
  type RegistrationInput,
  type Verdict,
} from '../../src/follow/registration-machine.ts'
import { verdictOf } from '../../src/follow/verdict.ts'

const followed: RegistrationInput = { kind: 'followed' }
const left: RegistrationInput = { kind: 'left' }
const up: RegistrationInput = { kind: 'line', isUp: true }
const down: RegistrationInput = { kind: 'line', isUp: false }
const asked: RegistrationInput = { kind: 'asked' }
const rested: RegistrationInput = { kind: 'rested' }
const answered = (verdict: Verdict): RegistrationInput => ({ kind: 'answered', verdict })
const done = answered('done')
const stateAfter = (...inputs: RegistrationInput[]) => inputs.reduce(next, newRegistration(false))

describe('one registration', () => {
  const table: [string, RegistrationInput[], 'PUT' | 'DELETE' | undefined][] = [
    ['is not asked for without a line', [followed], undefined],
    ['is asked for over a line', [up, followed], 'PUT'],
    ['is asked for when the line comes', [followed, up], 'PUT'],
    ['is asked for once at a time', [up, followed, asked], undefined],
    ['stands when it was answered', [up, followed, asked, done], undefined],
    ['is asked for again for who joins', [up, followed, asked, done, followed], 'PUT'],
    [
      'is asked for again for who joined while it was asked for',
      [up, followed, asked, followed, done],
      'PUT',
    ],
    ['ends with the last follower', [up, followed, asked, done, left], 'DELETE'],
    ['does not end before its PUT was answered', [up, followed, asked, left], undefined],
    ['ends once its PUT was answered', [up, followed, asked, left, done], 'DELETE'],
    [
      'is not asked for before its DELETE was answered',
      [up, followed, asked, done, left, asked, followed],
      undefined,
    ],
    [
      'is asked for once its DELETE was answered',
      [up, followed, asked, done, left, asked, followed, done],
      'PUT',
    ],
    ['is asked for anew on a new line', [up, followed, asked, done, down, up], 'PUT'],
    ['waits for no answer of the old line', [up, followed, asked, down, up], 'PUT'],
    [
      'that was left while the line was down ends on the new one',
      [up, followed, asked, done, down, left, up],
      'DELETE',
    ],
    ['whose PUT may have arrived ends on the new line', [up, followed, asked, down, left, up], 'DELETE'],
    ['rests after an answer that led nowhere', [up, followed, asked, answered('later')], undefined],
    ['is asked for after the rest', [up, followed, asked, answered('later'), rested], 'PUT'],
    ['does not rest on a new line', [up, followed, asked, answered('later'), down, up], 'PUT'],
    [
      'whose DELETE led nowhere ends after the rest',
      [up, followed, asked, done, left, asked, answered('later'), rested],
      'DELETE',
    ],
    [
      'whose PUT may have arrived ends after the rest',
      [up, followed, asked, answered('later'), left, rested],
      'DELETE',
    ],
    ['waits for a line when the server has none', [up, followed, asked, answered('no-line')], undefined],
    [
      'is asked for anew when the server has a line again',
      [up, followed, asked, answered('no-line'), up],
      'PUT',
    ],
  ]
  it.each(table)('%s', (_what, inputs, due) => {
    expect(dueCall(stateAfter(...inputs))).toBe(due)
  })

  it('tries again for who joined, when their PUT led nowhere', () => {
    const stands = [up, followed, asked, done, followed, asked, answered('later'), rested]
    expect(dueCall(stateAfter(...stands))).toBe('PUT')
  })

  it('stands on when a repeated PUT was refused', () => {
    const state = stateAfter(up, followed, asked, done, followed, asked, answered('refused'))
    expect(state.standing).toBe('started')
    expect(dueCall(next(state, left))).toBe('DELETE')
  })

  it.each([
    ['was never asked for', [followed, down, left]],
    ['was refused and is left', [up, followed, asked, answered('refused'), left]],
    ['was ended', [up, followed, asked, done, left, asked, done]],
    [
      'could not be ended because the server knows nothing of it',
      [up, followed, asked, done, left, asked, answered('refused')],
    ],
  ] as const)('is over when it %s', (_what, inputs) => {
    expect(isOver(stateAfter(...inputs))).toBe(true)
  })

  it.each([
    ['is on its way', [up, followed, asked, left]],
    ['may stand', [up, followed, asked, done, down, left]],
    ['is wanted', [up, followed, asked, answered('refused')]],
  ] as const)('is not over while it %s', (_what, inputs) => {
    expect(isOver(stateAfter(...inputs))).toBe(false)
  })

  it('counts failures in a row', () => {
    const failed = [asked, answered('later'), rested]
    expect(stateAfter(up, followed, ...failed, ...failed).failures).toBe(2)
    expect(stateAfter(up, followed, ...failed, asked, done).failures).toBe(0)
    expect(stateAfter(up, followed, asked, done, left, ...failed, asked, followed, done).failures).toBe(0)
  })
})

describe('what an answer means for a registration', () => {
  const no = (errorCode: unknown) => ({ result: 1, errorCode })

  it('that succeeded: it stands, unless the server has no line for it', () => {
    expect(verdictOf({ result: 0 }, false)).toBe('done')
    expect(verdictOf({ result: 0, line: true }, false)).toBe('done')
    expect(verdictOf({ result: 0, line: false }, false)).toBe('no-line')
  })

  it.each([-2, -1, 0, 7, 17, undefined, 'x'])('%s: ask again later', code => {
    expect(verdictOf(no(code), false)).toBe('later')
    expect(verdictOf(no(code), true)).toBe('later')
  })

  it.each([1, 6, 16, 21, 22])('%i: what never stood is refused, what stood may come back', code => {
    expect(verdictOf(no(code), false)).toBe('refused')
    expect(verdictOf(no(code), true)).toBe('later')
  })

  it.each([2, 3, 4, 8, 10, 11, 12, 13, 14, 15, 18, 19, 20, 100])('%i: no, for good', code => {
    expect(verdictOf(no(code), true)).toBe('refused')
  })
})

import { expect, it } from 'vitest'
import { invitationIn, takeInvitation } from '../../../src/renderer/api/invitation.ts'

it.each([
  ['#invitation=abc_-9', 'abc_-9'],
  ['#/invitation=abc', 'abc'],
  ['#/', undefined],
  ['#/queue', undefined],
  ['#invitation=', undefined],
  ['#invitation=a b', undefined],
  ['', undefined],
])('reads the code of "%s" as %s', (hash, code) => {
  expect(invitationIn(hash)).toBe(code)
})

it('takes the code out of the address bar and leaves no entry in the history', () => {
  const length = history.length
  location.hash = '#invitation=secret'
  const before = history.length
  expect(takeInvitation(window)).toBe('secret')
  expect(location.hash).toBe('#/')
  expect(history.length).toBe(before)
  expect(before).toBeGreaterThanOrEqual(length)
})

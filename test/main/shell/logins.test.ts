import { expect, it } from 'vitest'
import type { Follower } from '../../../src/main/shell/gateway-events.ts'
import { followLogins } from '../../../src/main/shell/logins.ts'

function followed() {
  const shown: [number, boolean | undefined][] = []
  const calls: unknown[] = []
  let follower: Follower | undefined
  let dismiss = () => {}
  followLogins(
    {
      async call(...call) {
        calls.push(call)
        return { result: 0 }
      },
      bytes: async () => ({ status: 404, headers: {} }),
      follow(_path, _params, own) {
        follower = own
        return () => {}
      },
      close() {},
    },
    onDismiss => {
      dismiss = onDismiss
      return { show: (pending, wanted) => shown.push([pending, wanted]) }
    },
  )
  return {
    shown,
    calls,
    tell: (logins: unknown) => follower?.onEvent({ result: 0, logins }),
    refuse: () => follower?.onRefused({ result: 1 }),
    dismiss: () => dismiss(),
  }
}

it('the login window comes for an application without taking the keyboard, and with it for the owner', () => {
  const { shown, tell } = followed()
  tell([{ id: 'a', origin: 'http://board.test' }])
  tell([{ id: 'b' }])
  tell([])
  expect(shown).toEqual([
    [1, false],
    [1, true],
    [0, undefined],
  ])
})

it('closing the login window is a no to everything that waits', () => {
  const { calls, tell, dismiss } = followed()
  tell([
    { id: 'a', origin: 'http://board.test' },
    { id: 'b', origin: 'http://board.test' },
  ])
  dismiss()
  expect(calls).toEqual([
    ['DELETE', 'contentslogin/answer', { id: 'a' }],
    ['DELETE', 'contentslogin/answer', { id: 'b' }],
  ])
})

it('what makes no sense opens no window', () => {
  const { shown, tell, refuse } = followed()
  tell('many')
  tell([null, {}, { id: 5 }])
  refuse()
  expect(shown.map(([pending]) => pending)).toEqual([0, 0, 0])
})

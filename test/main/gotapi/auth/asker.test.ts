import { expect, it } from 'vitest'
import { isSameAsker, rateNameOf } from '../../../../src/main/gotapi/auth/asker.ts'

const here = { origin: 'http://a.test', via: 'loopback', address: '127.0.0.1' } as const
const far = { origin: 'http://a.test', via: 'lan', address: '192.0.2.1' } as const

it('on this computer each application is counted, on the network each device', () => {
  const other = { origin: 'http://b.test' }
  expect(rateNameOf(here)).not.toBe(rateNameOf({ ...here, ...other }))
  expect(rateNameOf(far)).toBe(rateNameOf({ ...far, ...other }))
  expect(rateNameOf(far)).not.toBe(rateNameOf({ ...far, address: '192.0.2.2' }))
  expect(rateNameOf(far)).not.toBe(rateNameOf(here))
  const unknown = { ...far, address: undefined }
  expect(rateNameOf(unknown)).not.toBe(rateNameOf({ ...unknown, ...other }))
})

it.each<[boolean, object]>([
  [true, {}],
  [true, { address: undefined }],
  [false, { address: '192.0.2.2' }],
  [false, { origin: 'http://b.test' }],
  [false, { via: 'loopback' }],
])('the same one asks: %s, where %o differs', (isSame, change) => {
  expect(isSameAsker(far, { ...far, ...change })).toBe(isSame)
  expect(isSameAsker({ ...far, ...change }, far)).toBe(isSame)
})

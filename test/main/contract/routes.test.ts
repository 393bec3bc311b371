import { expect, it } from 'vitest'
import type { RouteSpec } from '../../../src/main/contract/route.ts'
import { routes } from '../../../src/main/contract/routes.ts'

/** gotapi 3.4 and 9: the envelope and the frame own these; a result under one of them would never arrive. */
const owned = 'result product version hmac nonce errorCode errorMessage serviceId'.split(' ')
const ownedByFrames = 'profile interface attribute accessToken sessionKey requestCode package origin'.split(
  ' ',
)

it.each(Object.entries<RouteSpec>(routes))(
  'no name of the envelope stands in what %s tells',
  (name, spec) => {
    const taken = name.startsWith('EVENT ') ? [...owned, ...ownedByFrames] : owned
    expect(Object.keys(spec.result.shape).filter(each => taken.includes(each))).toEqual([])
  },
)

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { routes } from '../../../src/main/contract/routes.ts'
import { readBridgeRequest } from '../../../src/main/shell/bridge-request.ts'

const reasons: Readonly<Record<number, string>> = {
  2: 'request.unknown-profile',
  10: 'request.invalid',
  11: 'auth.denied',
}
const refusedWith = (errorCode: number) => ({
  refused: { result: 1, errorCode, errorMessage: expect.any(String), reason: reasons[errorCode] },
})

describe('what a page asks of the bridge', () => {
  it('is a method, a path and text once it proved to be a request', () => {
    expect(readBridgeRequest({ route: 'PUT settings', params: { theme: 'dark', odd: 1 } }, 'call')).toEqual({
      method: 'PUT',
      path: 'settings',
      params: { theme: 'dark', odd: '1' },
    })
  })

  it.each([
    'GET nothing',
    'get system',
    'GET  system',
    'DELETE settings',
    'GET ../system',
    'constructor',
    '__proto__',
    '',
    'GET '.repeat(10_000),
  ])('is refused for a route that is not in the map: %.30s', route => {
    expect(readBridgeRequest({ route, params: {} }, 'call')).toEqual(refusedWith(2))
  })

  it('cannot call what is to be followed, nor follow what is to be called', () => {
    expect(readBridgeRequest({ route: 'EVENT settings/changes', params: {} }, 'call')).toEqual(refusedWith(2))
    expect(readBridgeRequest({ route: 'GET settings', params: {} }, 'follow')).toEqual(refusedWith(2))
    expect(readBridgeRequest({ route: 'EVENT settings/changes', params: {} }, 'follow')).toMatchObject({
      path: 'settings/changes',
    })
  })

  it.each(Object.keys(routes).filter(route => route.includes(' authorization/')))(
    'never gets a token for itself: %s',
    route => {
      expect(readBridgeRequest({ route, params: {} }, 'call')).toEqual(refusedWith(11))
    },
  )

  it('cannot bring a token of its own', () => {
    expect(readBridgeRequest({ route: 'GET system', params: { accessToken: 'x' } }, 'call')).toEqual(
      refusedWith(10),
    )
  })

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['text', 'GET system'],
    ['no params', { route: 'GET system' }],
    ['a list of params', { route: 'GET system', params: [] }],
    ['something beside', { route: 'GET system', params: {}, channel: 'x' }],
    ['a route that is no text', { route: ['GET system'], params: {} }],
    ['an odd name', { route: 'GET system', params: { 'a b': 1 } }],
    ['an endless name', { route: 'GET system', params: { ['a'.repeat(65)]: 1 } }],
    ['a date', { route: 'GET system', params: { at: new Date() } }],
    ['a map', { route: 'GET system', params: { map: new Map() } }],
    ['bytes', { route: 'GET system', params: { bytes: new Uint8Array(4) } }],
    ['a big integer', { route: 'GET system', params: { big: 1n } }],
    ['no number', { route: 'GET system', params: { nan: Number.NaN } }],
    ['a date inside', { route: 'GET system', params: { list: [{ at: new Date() }] } }],
    ['too much text', { route: 'GET system', params: { text: 'x'.repeat(4 * 1024 * 1024 + 1) } }],
  ])('is refused when it is malformed: %s', (_what, request) => {
    expect(readBridgeRequest(request, 'call')).toEqual(refusedWith(10))
  })

  it('is refused when it is a ring, a tower or a crowd', () => {
    const ring: Record<string, unknown> = {}
    ring.self = ring
    let tower: unknown = 0
    for (let floor = 0; floor < 20; floor++) tower = [tower]
    const crowd = Object.fromEntries(Array.from({ length: 65 }, (_, at) => [`p${at}`, at]))
    for (const params of [{ ring }, { tower }, crowd]) {
      expect(readBridgeRequest({ route: 'GET system', params }, 'call')).toEqual(refusedWith(10))
    }
  })

  it('never throws, whatever a page sends', () => {
    const route = fc.oneof(fc.constantFrom(...Object.keys(routes)), fc.string())
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.record({ route, params: fc.anything() })), request => {
        expect(readBridgeRequest(request, 'call')).toBeTypeOf('object')
      }),
      { numRuns: 2_000 },
    )
  })
})

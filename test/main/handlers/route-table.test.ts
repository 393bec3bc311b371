import { describe, expect, it } from 'vitest'
import type { RouteName } from '../../../src/main/contract/routes.ts'
import { callPath } from '../../../src/main/handlers/call-path.ts'
import { createRouteTable } from '../../../src/main/handlers/route-table.ts'

const table = createRouteTable<RouteName>()
const here: readonly RouteName[] = [
  'GET 3dprinter/status',
  'EVENT 3dprinter/status',
  'PUT 3dprinter/print',
  'GET system',
  'PUT system/device/wakeup',
  'EVENT servicediscovery/onservicechange',
]
for (const route of here) table.add(route, route)

function find(method: string, path: string) {
  const [profile = '', second, third] = path.split('/')
  const found = table.resolve(
    method,
    callPath({ profile, ...(third ? { interface: second, attribute: third } : { attribute: second }) }),
  )
  return 'result' in found ? found.code : [found.item, found.follows, found.path.key]
}

describe('the table of routes', () => {
  it.each([
    ['GET', '3dprinter/status', ['GET 3dprinter/status', false, '3dprinter/status']],
    ['GET', '3DPrinter/STATUS', ['GET 3dprinter/status', false, '3dprinter/status']],
    ['GET', 'system', ['GET system', false, 'system']],
    ['PUT', 'system/device/wakeUp', ['PUT system/device/wakeup', false, 'system/device/wakeup']],
    ['PUT', '3dprinter/print', ['PUT 3dprinter/print', false, '3dprinter/print']],
    ['PUT', '3dprinter/status', ['EVENT 3dprinter/status', true, '3dprinter/status']],
    ['DELETE', '3dprinter/status', ['EVENT 3dprinter/status', true, '3dprinter/status']],
    ['PUT', '3dprinter/onStatus', ['EVENT 3dprinter/status', true, '3dprinter/status']],
    [
      'DELETE',
      'servicediscovery/onservicechange',
      ['EVENT servicediscovery/onservicechange', true, 'servicediscovery/onservicechange'],
    ],
  ])('finds %s %s', (method, path, found) => {
    expect(find(method, path)).toEqual(found)
  })

  it.each([
    ['POST', '3dprinter/status', 'request.wrong-method'],
    ['DELETE', '3dprinter/print', 'request.wrong-method'],
    ['GET', 'system/device/wakeup', 'request.wrong-method'],
    ['EVENT', '3dprinter/print', 'request.wrong-method'],
    // The alias is for what is followed.
    ['GET', '3dprinter/onstatus', 'request.unknown-route'],
    ['PUT', '3dprinter/on', 'request.unknown-route'],
    ['PUT', '3dprinter/onprint', 'request.unknown-route'],
    ['GET', '3dprinter', 'request.unknown-route'],
    ['GET', 'system/device', 'request.unknown-route'],
    ['GET', 'scale/weight', 'request.unknown-profile'],
    ['PUT', 'constructor', 'request.unknown-profile'],
  ])('refuses %s %s as %s', (method, path, code) => {
    expect(find(method, path)).toBe(code)
  })

  it('gotapi 11.1: whoever answers is given the plain name, and the names as they were written stay for the frame', () => {
    const found = table.resolve('PUT', callPath({ profile: '3dPrinter', attribute: 'onStatus' }))
    expect(found).toMatchObject({
      path: { profile: '3dPrinter', attribute: 'Status', key: '3dprinter/status' },
    })
  })

  it('takes an empty name for none, as clients of the field send them', () => {
    expect(callPath({ profile: 'system', interface: '', attribute: '' })).toEqual({
      profile: 'system',
      key: 'system',
    })
  })
})

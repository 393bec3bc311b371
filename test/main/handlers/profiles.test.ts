import { describe, expect, it } from 'vitest'
import type { RouteSpec } from '../../../src/main/contract/route.ts'
import { routes } from '../../../src/main/contract/routes.ts'
import { namesOf, profileOf, profiles } from '../../../src/main/handlers/profiles.ts'

describe('the list of profiles', () => {
  it('says what each kind of service has', () => {
    expect(namesOf(({ services }) => services.has('printer'))).toEqual([
      '3dprinter',
      'printers',
      'printerhistory',
      'printercontrol',
      'printerfiles',
    ])
    expect(namesOf(({ services }) => services.has('room'))).toEqual([
      'printers',
      'printercontrol',
      'printergroups',
      'printersetup',
      'printerdoctor',
    ])
  })

  it('says what Gantry answers itself, the information about services too', () => {
    const own = namesOf(({ isOwn }) => isOwn)
    for (const name of ['authorization', 'servicediscovery', 'serviceinformation', 'system', 'settings'])
      expect(own).toContain(name)
    for (const name of ['3dprinter', 'printers', 'printersetup']) expect(own).not.toContain(name)
  })

  it('says which need no token: those that lead to one', () => {
    expect(namesOf(({ needsToken }) => !needsToken)).toEqual(['availability', 'authorization'])
  })

  it('holds each profile to one rule for all its routes, in a name that is compared in lower case', () => {
    for (const [route, { owner = false, scope }] of Object.entries<RouteSpec>(routes)) {
      const profile = profiles.find(({ name }) => name === profileOf(route))
      expect([route, profile?.isOwner, profile?.needsToken]).toEqual([route, owner, scope !== null])
      expect(profileOf(route)).toBe(profileOf(route).toLowerCase())
    }
  })
})

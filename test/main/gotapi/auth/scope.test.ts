import { describe, expect, it } from 'vitest'
import {
  applicationScopes,
  everyScope,
  invitedScopes,
  type Profiles,
  parseScopes,
} from '../../../../src/main/gotapi/auth/scope.ts'

const profiles: Profiles = {
  own: new Set(['servicediscovery', 'serviceinformation', 'system', 'apps', 'approvals']),
  owner: new Set(['apps', 'approvals']),
  services: () => ['3dprinter', 'Echo'],
}

describe('scopes as an application writes them', () => {
  it.each([
    ['system', ['system']],
    [' System ,\tECHO ', ['system', 'echo']],
    ['system,system', ['system']],
    ['a.b_c-1', ['a.b_c-1']],
    ['a'.repeat(100), ['a'.repeat(100)]],
  ])('are names: "%s"', (text, scopes) => {
    expect(parseScopes(text)).toEqual(scopes)
  })

  it.each(['', ' ', 'a,', ',a', 'a,,b', 'a b', '*', 'a*', 'a/b', 'ä', 'a'.repeat(101)])(
    'are not: "%s"',
    text => {
      expect(() => parseScopes(text)).toThrow(expect.objectContaining({ code: 'request.invalid' }))
    },
  )
})

describe('what an application may be given', () => {
  it('is what it asks for, and a service brings what finds it', () => {
    expect(applicationScopes(['system'], profiles)).toEqual(['system'])
    expect(applicationScopes(['echo'], profiles)).toEqual(['echo', 'servicediscovery', 'serviceinformation'])
    expect(applicationScopes(['system', 'echo'], profiles)).toEqual([
      'system',
      'echo',
      'servicediscovery',
      'serviceinformation',
    ])
  })

  it('is with all every profile there is, in lower case, but none of the owner’s', () => {
    expect(applicationScopes(['all'], profiles)).toEqual([
      'servicediscovery',
      'serviceinformation',
      'system',
      '3dprinter',
      'echo',
    ])
    expect(applicationScopes(['later', 'all'], profiles)).toContain('later')
    expect(applicationScopes(['all'], profiles)).not.toContain(everyScope)
  })

  it('is nothing when it asks for an owner’s profile by name, even beside all', () => {
    for (const asked of [['apps'], ['system', 'apps'], ['all', 'approvals']]) {
      expect(() => applicationScopes(asked, profiles)).toThrow(
        expect.objectContaining({ code: 'auth.denied' }),
      )
    }
    expect(() => applicationScopes(['apps', 'system', 'approvals'], profiles)).toThrow(
      'Only the owner’s own programs may use apps, approvals.',
    )
  })
})

describe('what an invitation gives', () => {
  it.each([
    [['all'], ['all'], [everyScope]],
    [['all'], ['System', 'apps'], ['system', 'apps']],
    [['apps'], ['all'], ['apps']],
    [['system'], ['system', 'apps'], ['system']],
  ])('asked for %j of %j: %j', (asked, given, scopes) => {
    expect(invitedScopes(asked, given)).toEqual(scopes)
  })

  it('is nothing when more is asked for than it covers', () => {
    expect(() => invitedScopes(['system', 'apps', 'lan'], ['system'])).toThrow(
      expect.objectContaining({
        code: 'auth.denied',
        message: 'The invitation does not cover apps, lan.',
      }),
    )
  })
})

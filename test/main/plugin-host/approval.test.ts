import { describe, expect, it } from 'vitest'
import {
  type Approval,
  afterCreateClient,
  afterDelivery,
  afterRequestAccessToken,
  covers,
  nextStep,
} from '../../../src/main/plugin-host/approval.ts'

const answer = (more: object) => ({ action: 'RESPONSE' as const, requestCode: 'r', result: 0, ...more })
const approved: Approval = { kind: 'approved', clientId: 'c', token: 't' }

describe('plug-in approval', () => {
  it.each<[Approval, string]>([
    [{ kind: 'none' }, 'createClient'],
    [{ kind: 'client', clientId: 'c' }, 'requestAccessToken'],
    [approved, 'deliver'],
    [{ ...approved, expireAt: 1_001 }, 'deliver'],
    [{ ...approved, expireAt: 1_000 }, 'requestAccessToken'],
    [{ kind: 'unguarded' }, 'deliver'],
    [{ kind: 'refused', reason: '' }, 'refuse'],
  ])('%o goes on with %s', (approval, step) => {
    expect(nextStep(approval, 1_000)).toBe(step)
  })

  it.each([
    [{ clientId: 'c' }, 'client'],
    [{ clientId: '' }, 'refused'],
    [{ clientId: 7 }, 'refused'],
    [{}, 'refused'],
    [{ result: 1, errorCode: 2 }, 'unguarded'],
    [{ result: 1, errorCode: 11 }, 'refused'],
    [{ result: 1 }, 'refused'],
  ])('createClient answered %o leads to %s', (said, kind) => {
    expect(afterCreateClient(answer(said)).kind).toBe(kind)
  })

  it.each([
    [{ accessToken: 't' }, 'approved'],
    [{ accessToken: '' }, 'refused'],
    [{}, 'refused'],
    [{ result: 1, errorCode: 15 }, 'none'],
    [{ result: 1, errorCode: 11 }, 'refused'],
  ])('requestAccessToken answered %o leads to %s', (said, kind) => {
    expect(afterRequestAccessToken('c', answer(said)).kind).toBe(kind)
  })

  it('knows how long and for what a token is good', () => {
    const scopes = [{ scope: 'Clock', expirePeriod: 60 }, 'lamp', 7, null, { other: 1 }]
    const given = afterRequestAccessToken('c', answer({ accessToken: 't', expire: 2_000, scopes }))
    expect(given).toMatchObject({ expireAt: 2_000, scopes: ['clock', 'lamp'] })
    expect(covers(given, 'CLOCK')).toBe(true)
    expect(covers(given, 'sound')).toBe(false)
    expect(covers(approved, 'sound')).toBe(true)
  })

  it.each<[object, Approval | undefined]>([
    [{}, undefined],
    [{ result: 1, errorCode: 16 }, undefined],
    [{ result: 1, errorCode: 15 }, { kind: 'none' }],
    [
      { result: 1, errorCode: 12 },
      { kind: 'client', clientId: 'c' },
    ],
  ])('gotapi 43: an answer %o leaves the approval as %o', (said, after) => {
    expect(afterDelivery(approved, answer(said))).toEqual(after)
  })

  it('does not ask a plug-in without approval for approval', () => {
    expect(afterDelivery({ kind: 'unguarded' }, answer({ result: 1, errorCode: 15 }))).toBeUndefined()
  })

  it.each([
    [{}],
    [{ expire: 0 }],
    [{ expire: -1 }],
    [{ expire: '2000' }],
    [{ expire: null }],
    [{ scopes: 'clock' }],
  ])('takes a token with %j as one without an end, for every profile', said => {
    expect(afterRequestAccessToken('c', answer({ accessToken: 't', ...said }))).toStrictEqual(approved)
  })

  it('takes a token with no scope in its list as one for no profile', () => {
    const given = afterRequestAccessToken('c', answer({ accessToken: 't', scopes: [] }))
    expect(covers(given, 'clock')).toBe(false)
  })

  it.each<Approval>([{ kind: 'none' }, { kind: 'client', clientId: 'c' }, { kind: 'unguarded' }])(
    'has no scope to keep where there is no token: %o',
    approval => {
      expect(covers(approval, 'clock')).toBe(true)
    },
  )

  it('leaves the approval where a success carries a code, and where a refusal is about the parameters', () => {
    expect(afterDelivery(approved, answer({ errorCode: 12 }))).toBeUndefined()
    for (const errorCode of [12, 15]) {
      const said = { result: 1, errorCode, about: 'parameters' }
      expect(afterDelivery(approved, answer(said))).toBeUndefined()
    }
  })

  it('hands on why a plug-in says no', () => {
    const no = (said: object) => [
      afterCreateClient(answer({ result: 1, ...said })),
      afterRequestAccessToken('c', answer({ result: 1, ...said })),
    ]
    expect(no({ errorMessage: 'Not you.' })).toEqual(Array(2).fill({ kind: 'refused', reason: 'Not you.' }))
    expect(no({})).toEqual(Array(2).fill({ kind: 'refused', reason: 'The plug-in gave no reason.' }))
  })
})

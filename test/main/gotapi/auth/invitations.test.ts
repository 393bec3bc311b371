import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createInvitations } from '../../../../src/main/gotapi/auth/invitations.ts'
import { createFakeClock } from '../../../fakes/clock.ts'

function setUp() {
  const clock = createFakeClock()
  const asked: number[] = []
  const invitations = createInvitations(clock, sizeBytes => {
    asked.push(sizeBytes)
    return randomBytes(sizeBytes)
  })
  const invite = (about = 'Phone') => invitations.invite({ about, scopes: ['system'], lifeMs: 1_000 })
  return { clock, invitations, invite, asked }
}

describe('an invitation', () => {
  it('is a code of 24 random bytes that can stand in an address', () => {
    const { invite, asked } = setUp()
    expect(invite()).toMatch(/^[\w-]{32}$/)
    expect(asked).toEqual([24])
  })

  it('is good once', () => {
    const { invitations, invite } = setUp()
    const code = invite()
    expect(invitations.take('another')).toBeUndefined()
    expect(invitations.take(code)).toMatchObject({ about: 'Phone', scopes: ['system'] })
    expect(invitations.take(code)).toBeUndefined()
  })

  it('is good within its time, to the millisecond', async () => {
    const { clock, invitations, invite } = setUp()
    const [inTime, tooLate] = [invite(), invite()]
    await clock.advance(999)
    expect(invitations.take(inTime)).toBeDefined()
    await clock.advance(1)
    expect(invitations.take(tooLate)).toBeUndefined()
  })

  it('gives way, the oldest first, when there are more than 200', () => {
    const { invitations, invite } = setUp()
    const codes = Array.from({ length: 201 }, () => invite())
    expect(invitations.take(codes[0] ?? '')).toBeUndefined()
    expect(invitations.take(codes[1] ?? '')).toBeDefined()
    expect(invitations.take(codes[200] ?? '')).toBeDefined()
  })

  it('that is kept is good as often as it is brought, and crowded out by none', async () => {
    const { clock, invitations, invite } = setUp()
    invitations.keep('secret', { about: 'Command line', scopes: ['all'] })
    for (let count = 0; count < 250; count++) invite()
    await clock.advance(1_000_000)
    for (let times = 0; times < 2; times++) {
      expect(invitations.take('secret')).toEqual({ about: 'Command line', scopes: ['all'] })
    }
  })
})

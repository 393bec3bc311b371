import { describe, expect, it } from 'vitest'
import { limits } from '../../../../src/main/gotapi/auth/limits.ts'
import { createNonces } from '../../../../src/main/gotapi/auth/nonces.ts'
import { createFakeClock } from '../../../fakes/clock.ts'
import { createTestApp, createTestDoor } from '../../../fakes/gotapi.ts'

const asker = { origin: 'http://a.test', via: 'loopback' } as const

describe('a nonce that came before', () => {
  it('is known again for ten minutes, to the millisecond', async () => {
    const clock = createFakeClock()
    const { isRepeated } = createNonces(clock)
    expect(isRepeated(asker, '01')).toBe(false)
    await clock.advance(10 * 60_000 - 1)
    expect(isRepeated(asker, '01')).toBe(true)
    await clock.advance(1)
    expect(isRepeated(asker, '01')).toBe(false)
    expect(isRepeated(asker, '01')).toBe(true)
  })

  it('is one of its application: another may send the same, and so may who says the same from elsewhere', () => {
    const { isRepeated } = createNonces(createFakeClock())
    const askers = [asker, { ...asker, via: 'lan' } as const, { ...asker, origin: 'http://b.test' }]
    expect(askers.map(each => isRepeated(each, '01'))).toEqual([false, false, false])
    expect(askers.map(each => isRepeated(each, '01'))).toEqual([true, true, true])
    expect(isRepeated(asker, '02')).toBe(false)
  })

  it('is never the empty one, which a client of the field sends with each call', () => {
    const { isRepeated } = createNonces(createFakeClock())
    expect([isRepeated(asker, ''), isRepeated(asker, '')]).toEqual([false, false])
  })

  it('is forgotten when more come than are kept, the oldest first', () => {
    const { isRepeated } = createNonces(createFakeClock())
    for (let count = 0; count <= limits.noncesKept; count += 1) isRepeated(asker, `n${count}`)
    expect(isRepeated(asker, 'n1')).toBe(true)
    isRepeated(asker, 'one more')
    expect(isRepeated(asker, 'n0')).toBe(false)
  })

  it('of an application here cannot be used up from the network under its name', async () => {
    const door = await createTestDoor()
    door.policy = { ...door.policy, refuseRepeatedNonce: true }
    const app = createTestApp(door)
    await app.call('GET availability', { key: 'ab'.repeat(32) })
    await app.beAllowed('system')
    const thief = createTestApp(door, 'http://app.example.test', 'lan')
    await thief.call('GET system', { nonce: '01' })
    expect(await app.call('GET system', { nonce: '01' })).toMatchObject({ result: 0 })
    expect(await app.call('GET system', { nonce: '01' })).toMatchObject({ errorCode: 10 })
  })
})

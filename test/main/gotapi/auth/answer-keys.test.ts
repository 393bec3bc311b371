import { describe, expect, it } from 'vitest'
import { GantryError } from '../../../../src/main/contract/error.ts'
import { createAccessStore } from '../../../../src/main/gotapi/auth/access-store.ts'
import { createAnswerKeys } from '../../../../src/main/gotapi/auth/answer-keys.ts'
import type { Member } from '../../../../src/main/gotapi/auth/client.ts'
import { signNonce } from '../../../../src/main/gotapi/protocol/hmac.ts'
import { createFakeClock } from '../../../fakes/clock.ts'
import { createTestApp, createTestDoor } from '../../../fakes/gotapi.ts'
import { openTestStore } from '../../../fakes/store.ts'

const asker = { origin: 'http://a.test', via: 'loopback' } as const
const text = (key: string) => ({ mode: 'text', key })

async function setUp() {
  const clock = createFakeClock()
  const secrets = { protect: (plain: string) => plain, reveal: (kept: string) => kept }
  const store = createAccessStore(await openTestStore(clock), secrets)
  return { clock, keys: createAnswerKeys({ clock, store }), again: () => createAnswerKeys({ clock, store }) }
}
const memberWith = (answerKey: string | undefined) => ({ answerKey }) as Member

describe('the key that signs', () => {
  it('is while a grant goes on the one just offered, and otherwise the client’s own', async () => {
    const { keys } = await setUp()
    expect(keys.keyFor(asker, undefined, true)).toBeUndefined()
    keys.offer(asker, 'new')
    expect(keys.keyFor(asker, memberWith('own'), true)).toEqual(text('new'))
    expect(keys.keyFor(asker, memberWith('own'), false)).toEqual(text('own'))
    expect(keys.keyFor(asker, memberWith(undefined), false)).toEqual(text('new'))
    keys.claimed(asker)
    expect(keys.keyFor(asker, memberWith('own'), true)).toEqual(text('own'))
    expect(keys.keyFor(asker, undefined, false)).toBeUndefined()
  })

  it('is a paired one where there is no other, in hex mode', async () => {
    const { keys } = await setUp()
    keys.pair('http://a.test', 'paired')
    expect(keys.keyFor(asker, undefined, false)).toEqual({ mode: 'hex', key: 'paired' })
    keys.offer(asker, 'offered')
    expect(keys.keyFor(asker, undefined, false)).toEqual(text('offered'))
    expect(keys.unpair('http://a.test')).toBe(true)
    expect(keys.unpair('http://a.test')).toBe(false)
    expect(keys.list()).toEqual([])
  })

  it('that was paired stays over a restart, until it is taken away', async () => {
    const { clock, keys, again } = await setUp()
    keys.pair('http://a.test', 'paired')
    keys.pair('http://b.test', 'other')
    keys.unpair('http://b.test')
    const later = again()
    expect(later.keyFor(asker, undefined, false)).toBeUndefined()
    later.load()
    expect(later.keyFor(asker, undefined, false)).toEqual({ mode: 'hex', key: 'paired' })
    expect(later.list()).toEqual([{ origin: 'http://a.test', key: 'paired', since: clock.now() }])
  })

  it('that was offered is forgotten after five minutes, to the millisecond', async () => {
    const { clock, keys } = await setUp()
    keys.offer(asker, 'offered')
    await clock.advance(5 * 60_000 - 1)
    expect(keys.offered(asker)).toBe('offered')
    await clock.advance(1)
    expect(keys.offered(asker)).toBeUndefined()
  })

  it('that was offered belongs to its origin and its way, and gives way when more than 500 come that way', async () => {
    const { keys } = await setUp()
    const far = { ...asker, via: 'lan' } as const
    keys.offer(asker, 'first')
    keys.offer(far, 'far')
    expect(keys.offered(asker)).toBe('first')
    const crowd = (size: number, like: typeof asker | typeof far) => {
      for (let index = 0; index < size; index++)
        keys.offer({ ...like, origin: `http://b${index}.test` }, 'other')
    }
    crowd(499, asker)
    expect(keys.offered(asker)).toBe('first')
    // Offered anew it is the newest again.
    keys.offer(asker, 'second')
    keys.offer({ ...asker, origin: 'http://late.test' }, 'late')
    expect(keys.offered({ ...asker, origin: 'http://b0.test' })).toBeUndefined()
    expect([keys.offered(asker), keys.offered(far)]).toEqual(['second', 'far'])
    crowd(500, far)
    expect(keys.offered(far)).toBeUndefined()
    expect(keys.offered(asker), 'nobody far away crowds out an application of this computer').toBe('second')
  })

  it('that was offered is still there when the disk did not take the permission, for the next try', async () => {
    const door = await createTestDoor()
    const app = createTestApp(door)
    const key = 'ab'.repeat(32)
    await app.call('GET availability', { key })
    door.disk.fault = new GantryError('data.full', 'The disk is full.')
    expect(await app.beAllowed('system')).toMatchObject({ errorCode: 17 })
    door.disk.fault = undefined
    await app.beAllowed('system')
    expect(await app.call('GET system', { nonce: '01' })).toMatchObject({
      hmac: signNonce({ mode: 'text', key }, '01'),
    })
  })

  it('of the client stays over a restart', async () => {
    const door = await createTestDoor()
    const app = createTestApp(door)
    const key = 'ab'.repeat(32)
    await app.call('GET availability', { key })
    await app.beAllowed('system')
    const later = createTestApp(await door.again())
    expect(await later.call('GET system', { accessToken: app.token, nonce: '01' })).toMatchObject({
      hmac: signNonce({ mode: 'text', key }, '01'),
    })
  })
})

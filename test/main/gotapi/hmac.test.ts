import { describe, expect, it } from 'vitest'
import { printer3dRoutes } from '../../../src/main/contract/routes/printer-3d.ts'
import { signNonce } from '../../../src/main/gotapi/protocol/hmac.ts'
import { systemClock } from '../../../src/main/lib/clock.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { answerEverything, type Body, createTestApp, createTestDoor } from '../../fakes/gotapi.ts'

const key = '00112233445566778899aabbccddeeff'
const nonce = '0102030405060708090a0b0c0d0e0f10'
const vectors = [
  { nonce, mode: 'hex', hmac: 'c72e29f5b5cc5dd6f130a29e2754a84397583f5669d49537700e156b4a56a62a' },
  { nonce, mode: 'text', hmac: 'b389cd5d5630e20c1ce2f188f6cf7f51d0de489eb2d2759abaa87d3e1bf8a1f0' },
  { nonce: '', mode: 'hex', hmac: 'e8a06537f096ccf1a3c425a56cea054072c4a8db67bd28cfb02fbeaf84b35f6c' },
  { nonce: '', mode: 'text', hmac: '49b8bfbda4ad9a46f3e2ad6edb8f75b356a3724a109ed6d7d6670d20978d5113' },
] as const

const origin = 'http://app.example.test'

async function withPairedKey() {
  const door = await createTestDoor()
  const app = createTestApp(door)
  door.gotapi.gateway.deliverKey(`gotapi://start/x?origin=${encodeURIComponent(origin)}&key=${key}`)
  await expect.poll(() => door.gotapi.desk.pending()).toHaveLength(1)
  const [question] = door.gotapi.desk.pending()
  door.gotapi.desk.decide(question?.id ?? '', 'allow')
  await expect.poll(() => door.lines.filter(line => line.sentence.includes('by link'))).toHaveLength(1)
  return { door, app, question }
}

describe('HMAC server authentication', () => {
  it.each(vectors)('gotapi 68: nonce "$nonce" in $mode mode gives its vector', vector => {
    expect(signNonce({ mode: vector.mode, key }, vector.nonce)).toBe(vector.hmac)
  })

  it('gotapi 68: a key that came by link signs in hex mode, one that came by availability in text mode', async () => {
    const { door, app } = await withPairedKey()
    const byLink = await app.call('GET availability', { nonce })
    expect(byLink).toMatchObject({ nonce, hmac: vectors[0].hmac })
    const other = createTestApp(door, 'http://b.test')
    await other.call('GET availability', { key })
    expect(await other.call('GET authorization/grant', { nonce })).toMatchObject({ hmac: vectors[1].hmac })
  })

  it('a key given with availability signs every answer of the client it was granted for', async () => {
    const door = await createTestDoor()
    const app = createTestApp(door)
    await app.call('GET availability', { key })
    await app.beAllowed('system')
    expect(await app.call('GET system', { nonce })).toMatchObject({ result: 0, hmac: vectors[1].hmac })
    const later = await door.again()
    const again = createTestApp(later)
    again.token = app.token
    expect(await again.call('GET system', { nonce })).toMatchObject({ result: 0, hmac: vectors[1].hmac })
  })

  it.each(vectors)(
    'gotapi 68: a call with nonce "$nonce" in $mode mode is signed with its vector',
    async vector => {
      const door = await createTestDoor({ clock: systemClock, listens: true })
      const get = async (path: string) =>
        (await (await fetch(`${door.url}/gotapi/${path}`, { headers: { origin } })).json()) as Body
      if (vector.mode === 'text') await get(`availability?key=${key}`)
      else {
        const stop = answerEverything(door, 'allow')
        await door.gotapi.gateway.deliverKey(
          `gotapi://start/?origin=${encodeURIComponent(origin)}&key=${key}`,
        )
        stop()
      }
      expect(await get(`authorization/grant?nonce=${vector.nonce}`)).toMatchObject({
        result: 0,
        nonce: vector.nonce,
        hmac: vector.hmac,
      })
      // gotapi 69, 71: as much as could be read is enough to sign a refusal.
      for (const path of ['system?', 'get?', 'availability?key=xyz&', 'availability?a=%zz&']) {
        expect(await get(`${path}nonce=${vector.nonce}`)).toMatchObject({ result: 1, hmac: vector.hmac })
      }
    },
  )

  it('gotapi 69: errors are signed as well', async () => {
    const { app } = await withPairedKey()
    for (const route of ['GET system', 'GET authorization/accesstoken', 'PATCH system', 'GET get']) {
      expect(await app.call(route, { nonce })).toMatchObject({ result: 1, hmac: vectors[0].hmac })
    }
  })

  it('gotapi 70: without a key there is no hmac and the call succeeds', async () => {
    const app = createTestApp(await createTestDoor())
    const body = await app.call('GET availability', { nonce })
    expect(body).toMatchObject({ result: 0, nonce })
    expect(body).not.toHaveProperty('hmac')
  })

  it('gotapi 71: an empty nonce is signed as the empty message', async () => {
    const { app } = await withPairedKey()
    expect(await app.call('GET availability', { nonce: '' })).toMatchObject({ hmac: vectors[2].hmac })
  })

  it('gotapi 72: a link pairs, replaces and removes a key, each time only after the owner agreed', async () => {
    const { door, app, question } = await withPairedKey()
    expect(question).toMatchObject({ kind: 'key', origin })
    const deliver = async (value: string, decision: 'allow' | 'deny') => {
      door.gotapi.gateway.deliverKey(`gotapi://start/?origin=${encodeURIComponent(origin)}&key=${value}`)
      await expect.poll(() => door.gotapi.desk.pending()).toHaveLength(1)
      door.gotapi.desk.decide(door.gotapi.desk.pending()[0]?.id ?? '', decision)
      await new Promise(resolve => setImmediate(resolve))
      return (await app.call('GET availability', { nonce })).hmac
    }
    const other = 'ab'.repeat(32)
    expect(await deliver(other, 'deny')).toBe(vectors[0].hmac)
    expect(await deliver(other, 'allow')).toBe(signNonce({ mode: 'hex', key: other }, nonce))
    expect(await deliver('', 'allow')).toBeUndefined()
  })

  it.each([
    'gotapi://stop/?origin=http%3A%2F%2Fa.test&key=00112233445566778899aabbccddeeff',
    'http://start/?origin=http%3A%2F%2Fa.test&key=00112233445566778899aabbccddeeff',
    'gotapi://start/?key=00112233445566778899aabbccddeeff',
    'gotapi://start/?origin=http%3A%2F%2Fa.test&key=xyz',
    'gotapi://start/?origin=http%3A%2F%2Fa.test&key=0011',
    'gotapi://start/?origin=http%3A%2F%2Fa.test',
    'nonsense',
    `gotapi://start/?origin=${'a'.repeat(3_000)}&key=`,
  ])('a link that is none asks nobody: %s', async link => {
    const door = await createTestDoor()
    door.gotapi.gateway.deliverKey(link)
    await new Promise(resolve => setImmediate(resolve))
    expect(door.gotapi.desk.pending()).toEqual([])
  })

  it.each(Object.keys(printer3dRoutes).filter(name => !name.startsWith('EVENT ')))(
    'gotapi 73: %s echoes serviceId and nonce, and the nonce when it fails',
    async route => {
      const door = await createTestDoor()
      const app = createTestApp(door)
      await app.beAllowed('all')
      door.services.answer = () => ({ result: 0, payload: { nonce: 'forged', serviceId: 'forged' } })
      const asked = { serviceId: 'p1.sim', nonce: '01ab', uri: 'printer:/cube.gcode' }
      expect(await app.call(route, asked)).toMatchObject({ result: 0, serviceId: 'p1.sim', nonce: '01ab' })
      expect(await app.call(route, { ...asked, serviceId: 'nobody' })).toMatchObject({
        result: 1,
        nonce: '01ab',
      })
    },
  )

  it('gotapi 73: the nonce is echoed in the answer of a service', async () => {
    const door = await createTestDoor()
    const app = createTestApp(door)
    await app.beAllowed('all')
    expect(await app.call('GET echo/echo', { serviceId: 'e1.echo', nonce: '01ab' })).toMatchObject({
      serviceId: 'e1.echo',
      nonce: '01ab',
    })
  })

  it('in hex mode a nonce of other characters is 10, and an odd last digit is dropped', async () => {
    const { app } = await withPairedKey()
    expect(await app.call('GET availability', { nonce: 'xyz' })).toMatchObject({ errorCode: 10 })
    expect(await app.call('GET availability', { nonce: `${nonce}f` })).toMatchObject({
      hmac: vectors[0].hmac,
    })
  })

  it('a repeated nonce is 10 where the owner wants it, but never the empty one', async () => {
    const { door, app } = await withPairedKey()
    door.policy = { ...door.policy, refuseRepeatedNonce: true }
    expect(await app.call('GET availability', { nonce })).toMatchObject({ result: 0 })
    expect(await app.call('GET availability', { nonce })).toMatchObject({ errorCode: 10 })
    expect(await app.call('GET availability', { nonce: '' })).toMatchObject({ result: 0 })
    expect(await app.call('GET availability', { nonce: '' })).toMatchObject({ result: 0 })
  })

  it('a repeated nonce is accepted where the owner did not ask otherwise, and after ten minutes', async () => {
    const clock = createFakeClock()
    const door = await createTestDoor({ clock })
    const app = createTestApp(door)
    for (let i = 0; i < 2; i++) {
      expect(await app.call('GET availability', { nonce })).toMatchObject({ result: 0 })
    }
    door.policy = { ...door.policy, refuseRepeatedNonce: true }
    expect(await app.call('GET availability', { nonce })).toMatchObject({ result: 0 })
    await clock.advance(10 * 60_000 - 1)
    expect(await app.call('GET availability', { nonce })).toMatchObject({ errorCode: 10 })
    expect(await createTestApp(door, 'http://b.test').call('GET availability', { nonce })).toMatchObject({
      result: 0,
    })
    await clock.advance(1)
    expect(await app.call('GET availability', { nonce })).toMatchObject({ result: 0 })
  })

  it('a key given with availability is forgotten when no grant came within five minutes', async () => {
    const clock = createFakeClock()
    const app = createTestApp(await createTestDoor({ clock }))
    await app.call('GET availability', { key })
    await clock.advance(5 * 60_000 - 1)
    expect(await app.call('GET availability', { nonce })).toMatchObject({ hmac: vectors[1].hmac })
    await clock.advance(1)
    const late = await app.call('GET authorization/grant', { nonce })
    expect(late).toMatchObject({ result: 0, nonce })
    expect(late).not.toHaveProperty('hmac')
  })

  it.each(['a'.repeat(30), 'a'.repeat(33), 'a'.repeat(130), `${'a'.repeat(31)}g`, ''])(
    'a key of the wrong size or of other letters is 10, and signs nothing: "%s"',
    async wrong => {
      const app = createTestApp(await createTestDoor())
      expect(await app.call('GET availability', { key: wrong })).toMatchObject({ errorCode: 10 })
      expect(await app.call('GET availability', { nonce })).not.toHaveProperty('hmac')
    },
  )

  it.each(['A'.repeat(32), 'a1'.repeat(64)])('a key of 32 to 128 digits is taken: %s', async good => {
    const app = createTestApp(await createTestDoor())
    expect(await app.call('GET availability', { key: good })).toMatchObject({ result: 0 })
    expect(await app.call('GET availability', { nonce })).toMatchObject({
      hmac: signNonce({ mode: 'text', key: good }, nonce),
    })
  })
})

describe('Secrets', () => {
  it('gotapi 80: no token, code or key stands in the log or in the database', async () => {
    const { readFileSync, readdirSync } = await import('node:fs')
    const { door, app } = await withPairedKey()
    await app.beAllowed('all')
    await app.call('GET echo/echo', { serviceId: 'e1.echo' })
    const later = await door.again()
    const log = JSON.stringify([...door.lines, ...later.lines])
    const files = readdirSync(door.dir).filter(name => name.startsWith('test.sqlite'))
    const stored = files.map(name => readFileSync(`${door.dir}/${name}`, 'latin1')).join('')
    for (const secret of [app.token, key]) {
      expect(log).not.toContain(secret)
      expect(stored).not.toContain(secret)
    }
  })
})

import { describe, expect, it } from 'vitest'
import { routes } from '../../../../src/main/contract/routes.ts'
import { signNonce } from '../../../../src/main/gotapi/protocol/hmac.ts'
import { createFakeClock } from '../../../fakes/clock.ts'
import { answerEverything, createTestApp, createTestDoor, type TestDoor } from '../../../fakes/gotapi.ts'
import { echoId } from '../../../fakes/services.ts'

const origin = 'http://app.example.test'

/** An application of this machine that was let in, and a device of the network that says it is that one. */
async function setUp() {
  const clock = createFakeClock()
  const door = await createTestDoor({ clock })
  const app = createTestApp(door, origin, 'loopback')
  await app.beAllowed('system,echo')
  const forger = createTestApp(door, origin, 'lan', '192.168.0.66')
  return { clock, door, app, forger }
}

const waiting = (door: TestDoor, count: number) =>
  expect.poll(() => door.gotapi.desk.pending()).toHaveLength(count)

describe('an origin that is said from the network', () => {
  it('is not the application of this machine: asking for a grant ends nothing of that one', async () => {
    const { app, forger } = await setUp()
    const closed: string[] = []
    app.connect(
      () => {},
      reason => closed.push(reason),
    )
    expect(await forger.call('GET authorization/grant')).toMatchObject({ result: 0 })
    expect(await app.call('GET system')).toMatchObject({ result: 0 })
    expect(closed).toEqual([])
  })

  it('gets a permission of its own beside that one’s, when the owner is asked and says yes', async () => {
    const { door, app, forger } = await setUp()
    const owner = createTestApp(door, 'app://gantry', 'inside')
    await owner.enter('all')
    expect(await forger.beAllowed('system')).toMatchObject({ result: 0 })
    expect(await app.call('GET system')).toMatchObject({ result: 0 })
    expect(await forger.call('GET system')).toMatchObject({ result: 0 })
    const { apps } = routes['GET apps'].result.parse(await owner.call('GET apps'))
    expect(apps.filter(each => each.origin === origin).map(({ via }) => via)).toEqual(['loopback', 'lan'])
  })

  it('gotapi 26: cannot use a token of this machine, nor open a line with it, nor the other way round', async () => {
    const { door, app, forger } = await setUp()
    const early = app.token
    await forger.beAllowed('system')
    for (const [via, token] of [
      ['lan', early],
      ['inside', early],
      ['loopback', forger.token],
    ] as const) {
      const thief = createTestApp(door, origin, via)
      thief.token = token
      expect(await thief.call('GET system')).toMatchObject({ errorCode: 15, httpStatus: 401 })
      expect(thief.connect(() => {}).answer).toMatchObject({ result: 1, errorCode: 3 })
    }
    expect(app.connect(() => {}).answer).toEqual({ result: 0 })
  })

  it('gotapi 22: cannot finish what an application of this machine began', async () => {
    const { app, forger } = await setUp()
    const { clientId } = await app.call('GET authorization/grant')
    expect(
      await forger.call('GET authorization/accesstoken', { clientId: String(clientId), scope: 'system' }),
    ).toMatchObject({ errorCode: 15 })
  })

  it('does not take the place of that one’s key', async () => {
    const { door, forger } = await setUp()
    const other = createTestApp(door, 'http://other.test', 'loopback')
    const forgerOfOther = createTestApp(door, 'http://other.test', 'lan')
    const [key, forged] = ['aa'.repeat(32), 'bb'.repeat(32)]
    await other.call('GET availability', { key })
    await forgerOfOther.call('GET availability', { key: forged })
    const signed = { hmac: signNonce({ mode: 'text', key }, '01') }
    expect(await other.call('GET authorization/grant', { nonce: '01' })).toMatchObject(signed)
    await other.beAllowed('system')
    expect(await other.call('GET system', { nonce: '01' })).toMatchObject(signed)
    expect(await other.call('GET availability', { nonce: '01' })).toMatchObject(signed)
    expect(await forgerOfOther.call('GET availability', { nonce: '01' })).not.toMatchObject(signed)
    expect(await forger.call('GET availability', { nonce: '01' })).not.toHaveProperty('hmac')
  })

  it('does not keep that one from asking while its own question is open', async () => {
    const { door, forger } = await setUp()
    void forger.ask('system')
    await waiting(door, 1)
    void createTestApp(door, origin, 'loopback').ask('system')
    await waiting(door, 2)
    expect(door.gotapi.desk.pending()).toMatchObject([
      { origin, via: 'lan', address: '192.168.0.66' },
      { origin, via: 'loopback' },
    ])
  })

  it('does not use up how often that one may ask, for grants, for the owner, or for anything', async () => {
    const { door, app, forger } = await setUp()
    for (let asked = 0; asked < 40; asked++) await forger.call('GET authorization/grant')
    expect(await forger.call('GET authorization/grant')).toMatchObject({ errorCode: 17, httpStatus: 429 })
    expect(await app.call('GET authorization/grant')).toMatchObject({ result: 0 })

    const second = createTestApp(door, origin, 'lan', '192.168.0.67')
    for (let asked = 0; asked < 10; asked++) await second.beAllowed('system', 'deny')
    expect(await second.beAllowed('system', 'deny')).toMatchObject({ errorCode: 17, httpStatus: 429 })
    expect(await app.beAllowed('system')).toMatchObject({ result: 0 })

    door.policy = { ...door.policy, requestsPerSecond: 20 }
    const third = createTestApp(door, origin, 'lan', '192.168.0.68')
    for (let asked = 0; asked < 100; asked++) await third.call('GET availability')
    expect(await third.call('GET availability')).toMatchObject({ errorCode: 17, httpStatus: 429 })
    expect(await app.call('GET system')).toMatchObject({ result: 0 })
    const neighbour = createTestApp(door, origin, 'lan', '192.168.0.69')
    expect(await neighbour.call('GET availability')).toMatchObject({ result: 0 })
  })

  it('may not be more than one device, whatever origins that says: it is counted by its address', async () => {
    const { door, clock } = await setUp()
    const as = (name: number) => createTestApp(door, `http://a${name}.test`, 'lan', '192.168.0.66')
    for (let name = 0; name < 30; name++) await as(name).call('GET authorization/grant')
    expect(await as(31).call('GET authorization/grant')).toMatchObject({ errorCode: 17, httpStatus: 429 })
    await clock.advance(60_000)
    expect(await as(31).call('GET authorization/grant')).toMatchObject({ result: 0 })
  })

  it.each(['loopback', 'lan'] as const)('is never the window’s own, on %s', async via => {
    const { door } = await setUp()
    const window = createTestApp(door, 'app://gantry', 'inside')
    await window.enter('all')
    const liar = createTestApp(door, 'app://gantry', via)
    liar.token = window.token
    expect(await liar.call('GET apps')).toMatchObject({ errorCode: 18 })
    expect(await liar.call('GET authorization/grant')).toMatchObject({ errorCode: 18 })
    expect(liar.connect(() => {}).answer).toMatchObject({ errorCode: 2 })
    expect(await window.call('GET apps')).toMatchObject({ result: 0 })
  })
})

describe('a second grant', () => {
  it('gotapi 18: ends the earlier client and its line when its token comes, not when it is asked for', async () => {
    const { door, app } = await setUp()
    const early = app.token
    const closed: string[] = []
    app.connect(
      () => {},
      reason => closed.push(reason),
    )
    const again = createTestApp(door, origin)
    const answer = again.ask('system')
    await waiting(door, 1)
    expect(await app.call('GET system')).toMatchObject({ result: 0 })
    door.gotapi.desk.decide(door.gotapi.desk.pending()[0]?.id ?? '', 'deny')
    await answer
    expect(await app.call('GET system')).toMatchObject({ result: 0 })
    expect(closed).toEqual([])
    await again.beAllowed('system')
    expect(closed).toEqual(['ended'])
    expect(await app.call('GET system', { accessToken: early })).toMatchObject({ errorCode: 15 })
    const later = createTestApp(await door.again())
    expect(await later.call('GET system', { accessToken: early })).toMatchObject({ errorCode: 15 })
    expect(await later.call('GET system', { accessToken: again.token })).toMatchObject({ result: 0 })
  })

  it('gotapi 18: ends it when the new one is allowed only once, on the disk as well', async () => {
    const { door, app } = await setUp()
    const early = app.token
    await createTestApp(door, origin).beAllowed('system', 'once')
    expect(await app.call('GET system', { accessToken: early })).toMatchObject({ errorCode: 15 })
    const later = createTestApp(await door.again())
    expect(await later.call('GET system', { accessToken: early })).toMatchObject({ errorCode: 15 })
  })

  it('leaves the one whose question the owner is reading, and that one’s answer counts', async () => {
    const { door } = await setUp()
    const app = createTestApp(door, 'http://new.test')
    const answer = app.ask('system')
    await waiting(door, 1)
    const second = await app.call('GET authorization/grant')
    const third = await app.call('GET authorization/grant')
    door.gotapi.desk.decide(door.gotapi.desk.pending()[0]?.id ?? '', 'allow')
    expect(await answer).toMatchObject({ result: 0 })
    const tokenFor = ({ clientId }: typeof second) =>
      app.call('GET authorization/accesstoken', { clientId: String(clientId), scope: 'system' })
    expect(await tokenFor(second)).toMatchObject({ errorCode: 15 })
    const stop = answerEverything(door, 'allow')
    expect(await tokenFor(third)).toMatchObject({ result: 0 })
    stop()
  })

  it('is another application’s on another way: what it may use of plug-ins is asked about anew', async () => {
    const { door, app } = await setUp()
    door.services.foreign = [
      { id: 'echo', name: 'Echo', manufacturer: '', profiles: ['echo'], identity: 'echo 1' },
    ]
    const stop = answerEverything(door, 'allow')
    expect(await app.call('GET echo/say', { serviceId: echoId })).toMatchObject({ result: 0 })
    stop()
    const other = createTestApp(door, origin, 'lan', '192.168.0.66')
    await other.beAllowed('echo')
    void other.call('GET echo/say', { serviceId: echoId })
    await expect.poll(() => door.gotapi.desk.pending()).toMatchObject([{ kind: 'plugin', via: 'lan' }])
  })
})

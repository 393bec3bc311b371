import { describe, expect, it } from 'vitest'
import { routes } from '../../../src/main/contract/routes.ts'
import { signNonce } from '../../../src/main/gotapi/protocol/hmac.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { answerEverything, createTestApp, createTestDoor } from '../../fakes/gotapi.ts'

const hourMs = 60 * 60 * 1_000
const dayMs = 24 * hourMs

describe('GotAPI-2', () => {
  it('gotapi 16: a call to a service without a token is refused with 13 and reaches no plug-in', async () => {
    const door = await createTestDoor()
    const app = createTestApp(door)
    expect(await app.call('GET 3dprinter/status', { serviceId: 'p1.sim' })).toMatchObject({
      result: 1,
      errorCode: 13,
    })
    expect(door.services.calls).toEqual([])
  })

  it('gotapi 17: each grant gives a clientId of its own', async () => {
    const door = await createTestDoor()
    const first = await createTestApp(door, 'http://a.test').call('GET authorization/grant')
    const second = await createTestApp(door, 'http://b.test').call('GET authorization/grant')
    expect(first).toMatchObject({ result: 0, clientId: expect.stringMatching(/^[0-9a-f]{32}$/) })
    const third = await createTestApp(door, 'http://a.test').call('GET authorization/grant')
    expect(new Set([first.clientId, second.clientId, third.clientId]).size).toBe(3)
  })

  it('gotapi 18: a second grant of the same origin ends the earlier client and its token once it has its own', async () => {
    const door = await createTestDoor()
    const app = createTestApp(door)
    const first = await app.call('GET authorization/grant')
    const stop = answerEverything(door, 'allow')
    const tokenFor = (clientId: unknown, scope: string) =>
      app.call('GET authorization/accesstoken', { clientId: String(clientId), scope })
    const { accessToken: early } = await tokenFor(first.clientId, 'system')
    const { accessToken: late } = await tokenFor(first.clientId, 'system,servicediscovery')
    expect(await app.call('GET system', { accessToken: String(late) })).toMatchObject({ result: 0 })
    const second = await app.call('GET authorization/grant')
    expect(await app.call('GET system', { accessToken: String(late) })).toMatchObject({ result: 0 })
    expect(await tokenFor(second.clientId, 'system')).toMatchObject({ result: 0 })
    for (const accessToken of [early, late].map(String)) {
      expect(await app.call('GET system', { accessToken })).toMatchObject({ errorCode: 15, httpStatus: 401 })
    }
    expect(await tokenFor(first.clientId, 'system')).toMatchObject({ errorCode: 15, accessToken: '' })
    stop()
  })

  it('gotapi 19: the access token waits for the owner, who is told who asks for what', async () => {
    const door = await createTestDoor()
    const app = createTestApp(door, 'http://board.workshop.lan')
    const granted = await app.call('GET authorization/grant')
    let isAnswered = false
    const answer = app
      .call('GET authorization/accesstoken', {
        clientId: String(granted.clientId),
        scope: '3dprinter',
        applicationName: 'Shift board',
      })
      .finally(() => {
        isAnswered = true
      })
    await expect.poll(() => door.gotapi.desk.pending()).toHaveLength(1)
    const [question] = door.gotapi.desk.pending()
    expect(question).toMatchObject({
      kind: 'access',
      origin: 'http://board.workshop.lan',
      name: 'Shift board',
      scopes: ['3dprinter', 'servicediscovery', 'serviceinformation'],
    })
    expect(isAnswered).toBe(false)
    door.gotapi.desk.decide(question?.id ?? '', 'allow')
    expect(await answer).toMatchObject({ result: 0, accessToken: expect.stringMatching(/^[0-9a-f]{64}$/) })
  })

  it('gotapi 20: a no is 11 with an empty token', async () => {
    const app = createTestApp(await createTestDoor())
    expect(await app.beAllowed('system', 'deny')).toMatchObject({
      result: 1,
      errorCode: 11,
      accessToken: '',
      httpStatus: 403,
    })
  })

  it('gotapi 20: silence of a minute is a no', async () => {
    const clock = createFakeClock()
    const door = await createTestDoor({ clock })
    const answer = createTestApp(door).ask('system')
    await expect.poll(() => door.gotapi.desk.pending()).toHaveLength(1)
    await clock.advance(60_000)
    expect(await answer).toMatchObject({ errorCode: 11, accessToken: '' })
    expect(door.gotapi.desk.pending()).toEqual([])
  })

  it.each([
    { clientId: 'x' },
    { clientId: 'x', scope: '' },
    { clientId: '', scope: '' },
    {},
    { scope: 'system' },
    { clientId: '', scope: 'system' },
    { clientId: 'x', scope: 'system,,apps' },
  ])('gotapi 21: %j is 10', async params => {
    const app = createTestApp(await createTestDoor())
    expect(await app.call('GET authorization/accesstoken', params as Record<string, string>)).toMatchObject({
      errorCode: 10,
      accessToken: '',
      httpStatus: 400,
    })
  })

  it('gotapi 22: an unknown clientId, or one of another origin, is 15', async () => {
    const door = await createTestDoor()
    const other = await createTestApp(door, 'http://b.test').call('GET authorization/grant')
    for (const clientId of ['nobody', String(other.clientId)]) {
      const answer = await createTestApp(door).call('GET authorization/accesstoken', {
        clientId,
        scope: 'system',
      })
      expect(answer).toMatchObject({ errorCode: 15, accessToken: '' })
    }
  })

  it('gotapi 23: scopes lists each granted scope with its seconds, expire is in milliseconds', async () => {
    const clock = createFakeClock()
    const app = createTestApp(await createTestDoor({ clock }))
    expect(await app.beAllowed('system, ServiceDiscovery')).toMatchObject({
      scopes: [
        { scope: 'system', expirePeriod: 30 * 86_400 },
        { scope: 'servicediscovery', expirePeriod: 30 * 86_400 },
      ],
      expire: clock.now() + 30 * dayMs,
    })
  })

  it('gotapi 24: a call outside the scope is 14', async () => {
    const app = createTestApp(await createTestDoor())
    await app.beAllowed('system')
    expect(await app.call('GET 3dprinter/status', { serviceId: 'p1.sim' })).toMatchObject({
      errorCode: 14,
      httpStatus: 403,
    })
  })

  it('gotapi 25: a token past its time is 12', async () => {
    const clock = createFakeClock()
    const door = await createTestDoor({ clock })
    door.policy = { ...door.policy, grantedDays: 1 / 24 }
    const app = createTestApp(door)
    await app.beAllowed('system')
    await clock.advance(hourMs - 1)
    expect(await app.call('GET system')).toMatchObject({ result: 0 })
    await clock.advance(1)
    expect(await app.call('GET system')).toMatchObject({ errorCode: 12, httpStatus: 403 })
  })

  it('gotapi 26: an unknown token is 15', async () => {
    const app = createTestApp(await createTestDoor())
    expect(await app.call('GET system', { accessToken: 'f'.repeat(64) })).toMatchObject({
      errorCode: 15,
      httpStatus: 401,
    })
  })

  it('gotapi 27: a token of one origin is unknown from another', async () => {
    const door = await createTestDoor()
    const app = createTestApp(door, 'http://a.test')
    await app.beAllowed('system')
    const thief = createTestApp(door, 'http://b.test')
    expect(await thief.call('GET system', { accessToken: app.token })).toMatchObject({
      errorCode: 15,
      httpStatus: 401,
    })
    expect(await app.call('GET system')).toMatchObject({ result: 0 })
  })

  it('gotapi 28: what the owner takes back is gone at once, its line too', async () => {
    const door = await createTestDoor()
    const owner = createTestApp(door, 'app://gantry', 'inside')
    await owner.enter('all')
    const app = createTestApp(door)
    await app.beAllowed('system')
    const closed: string[] = []
    app.connect(
      () => {},
      reason => closed.push(reason),
    )
    const { apps } = routes['GET apps'].result.parse(await owner.call('GET apps'))
    const clientId = apps.find(({ origin }) => origin === 'http://app.example.test')?.clientId ?? ''
    expect(await owner.call('DELETE apps/client', { clientId })).toMatchObject({ result: 0 })
    expect(closed).toEqual(['ended'])
    expect(await app.call('GET system')).toMatchObject({ errorCode: 15 })
    expect(door.services.forgotten).toContain('http://app.example.test')
  })

  it('gotapi 29: two origins ask at the same time and neither disturbs the other', async () => {
    const door = await createTestDoor()
    const a = createTestApp(door, 'http://a.test')
    const b = createTestApp(door, 'http://b.test')
    const [keyA, keyB] = ['aa'.repeat(32), 'bb'.repeat(32)]
    const signed = (key: string) => ({ hmac: signNonce({ mode: 'text', key }, '01') })
    await a.call('GET availability', { key: keyA })
    await b.call('GET availability', { key: keyB })
    const grantA = await a.call('GET authorization/grant', { nonce: '01' })
    const grantB = await b.call('GET authorization/grant', { nonce: '01' })
    expect([grantA, grantB]).toMatchObject([signed(keyA), signed(keyB)])
    const answerA = a.call('GET authorization/accesstoken', {
      clientId: String(grantA.clientId),
      scope: 'system',
      nonce: '01',
    })
    const answerB = b.call('GET authorization/accesstoken', {
      clientId: String(grantB.clientId),
      scope: 'system',
    })
    await expect.poll(() => door.gotapi.desk.pending()).toHaveLength(2)
    for (const { id, origin } of door.gotapi.desk.pending()) {
      door.gotapi.desk.decide(id, origin === 'http://b.test' ? 'deny' : 'allow')
    }
    expect(await answerA).toMatchObject({ result: 0, ...signed(keyA) })
    expect(await answerB).toMatchObject({ errorCode: 11 })
  })

  it('a second question of the same origin is refused while the first is open', async () => {
    const door = await createTestDoor()
    const app = createTestApp(door)
    const { clientId } = await app.call('GET authorization/grant')
    const ask = () =>
      app.call('GET authorization/accesstoken', { clientId: String(clientId), scope: 'system' })
    void ask()
    await expect.poll(() => door.gotapi.desk.pending()).toHaveLength(1)
    expect(await ask()).toMatchObject({ errorCode: 11 })
  })

  it('asking the owner without end is told to wait with 429, and its minute over it may ask again', async () => {
    const clock = createFakeClock()
    const door = await createTestDoor({ clock })
    const app = createTestApp(door)
    for (let asked = 0; asked < 10; asked++) {
      expect(await app.beAllowed('system', 'deny')).toMatchObject({ errorCode: 11 })
    }
    expect(await app.beAllowed('system')).toMatchObject({ errorCode: 17, httpStatus: 429, accessToken: '' })
    expect(await createTestApp(door, 'http://b.test').beAllowed('system')).toMatchObject({ result: 0 })
    await clock.advance(60_000)
    expect(await app.beAllowed('system')).toMatchObject({ result: 0 })
  })

  it('nobody gets an owner’s profile by asking, by name or by all', async () => {
    const door = await createTestDoor()
    const app = createTestApp(door)
    expect(await app.beAllowed('apps')).toMatchObject({ errorCode: 11 })
    const answer = await app.beAllowed('all')
    const scopes = (answer.scopes as { scope: string }[]).map(({ scope }) => scope)
    expect(scopes).toEqual(expect.arrayContaining(['system', 'servicediscovery', '3dprinter', 'echo']))
    expect(scopes.filter(scope => ['apps', 'approvals', 'lan', 'settings'].includes(scope))).toEqual([])
    expect(await app.call('GET apps')).toMatchObject({ errorCode: 14 })
  })

  it('an invitation lets in without a question, once, and only for what it covers', async () => {
    const door = await createTestDoor()
    const invitation = door.gotapi.gateway.invite({ about: 'Phone', scopes: ['system'], lifeMs: 1_000 })
    const app = createTestApp(door)
    expect(await app.ask('apps', { invitation })).toMatchObject({ errorCode: 11 })
    expect(await app.ask('system', { invitation })).toMatchObject({ errorCode: 11 })
    const second = door.gotapi.gateway.invite({ about: 'Phone', scopes: ['system'], lifeMs: 1_000 })
    expect(await app.ask('system', { invitation: second })).toMatchObject({ result: 0 })
    expect(await app.ask('system', { invitation: second })).toMatchObject({ errorCode: 11 })
  })

  it('viewers of Gantry’s own page are told apart by their device', async () => {
    const door = await createTestDoor()
    const enter = async (device: string) => {
      const app = createTestApp(door, 'app://gantry', 'inside')
      const { clientId } = await app.call('GET authorization/grant', { device })
      const invitation = door.gotapi.gateway.invite({ about: 'Window', scopes: ['all'], lifeMs: 1_000 })
      const answer = await app.call('GET authorization/accesstoken', {
        clientId: String(clientId),
        scope: 'all',
        invitation,
      })
      app.token = String(answer.accessToken)
      return app
    }
    const first = await enter('device-one')
    const second = await enter('device-two')
    expect(await first.call('GET apps')).toMatchObject({ result: 0 })
    expect(await second.call('GET apps')).toMatchObject({ result: 0 })
    const again = await enter('device-one')
    expect(await first.call('GET apps')).toMatchObject({ errorCode: 15 })
    for (const each of [second, again]) expect(await each.call('GET apps')).toMatchObject({ result: 0 })
  })

  it('a page of somebody else’s is one application, whatever devices it says it has', async () => {
    const door = await createTestDoor()
    const enter = async (device: string) => {
      const app = createTestApp(door, 'http://board.test')
      const { clientId } = await app.call('GET authorization/grant', { device })
      const invitation = door.gotapi.gateway.invite({ about: 'Board', scopes: ['system'], lifeMs: 1_000 })
      const asked = { clientId: String(clientId), scope: 'system', invitation }
      app.token = String((await app.call('GET authorization/accesstoken', asked)).accessToken)
      return app
    }
    const first = await enter('device-one')
    expect(await first.call('GET system')).toMatchObject({ result: 0 })
    const second = await enter('device-two')
    expect(await first.call('GET system')).toMatchObject({ errorCode: 15 })
    expect(await second.call('GET system')).toMatchObject({ result: 0 })
  })

  it('what was granted survives a restart, what was allowed once does not', async () => {
    const door = await createTestDoor()
    const kept = createTestApp(door, 'http://kept.test')
    const once = createTestApp(door, 'http://once.test')
    await kept.beAllowed('system')
    await once.beAllowed('system', 'once')
    expect(await once.call('GET system')).toMatchObject({ result: 0 })
    const later = await door.again()
    const keptLater = createTestApp(later, 'http://kept.test')
    expect(await keptLater.call('GET system', { accessToken: kept.token })).toMatchObject({ result: 0 })
    const onceLater = createTestApp(later, 'http://once.test')
    expect(await onceLater.call('GET system', { accessToken: once.token })).toMatchObject({ errorCode: 15 })
  })
})

import { describe, expect, it } from 'vitest'
import { routes } from '../../../../src/main/contract/routes.ts'
import { checkToken, grantEnd, scopeEnd } from '../../../../src/main/gotapi/auth/authorization.ts'
import { isKept, isOwner, type Member } from '../../../../src/main/gotapi/auth/client.ts'
import { createFakeClock } from '../../../fakes/clock.ts'
import { createTestApp, createTestDoor } from '../../../fakes/gotapi.ts'

describe('asking for a grant', () => {
  it('without end is told to wait, each application for itself, and its minute over it may ask again', async () => {
    const clock = createFakeClock()
    const door = await createTestDoor({ clock })
    const app = createTestApp(door)
    const ask = () => app.call('GET authorization/grant')
    for (let asked = 0; asked < 30; asked += 1) expect(await ask()).toMatchObject({ result: 0 })
    expect(await ask()).toMatchObject({ errorCode: 17, httpStatus: 429 })
    const other = createTestApp(door, 'http://b.test')
    expect(await other.call('GET authorization/grant')).toMatchObject({ result: 0 })
    await clock.advance(60_000)
    expect(await ask()).toMatchObject({ result: 0 })
  })

  it('is as often as it likes for the window itself', async () => {
    const door = await createTestDoor()
    const page = createTestApp(door, 'app://gantry', 'inside')
    for (let asked = 0; asked < 35; asked += 1)
      expect(await page.call('GET authorization/grant')).toMatchObject({ result: 0 })
  })
})

describe('the name the owner reads', () => {
  it.each([
    ['Shift board', 'Shift board'],
    ['  Shift board ', 'Shift board'],
    ['   ', 'http://app.example.test'],
    [undefined, 'http://app.example.test'],
  ])('of one that calls itself %j is %j', async (applicationName, shown) => {
    const door = await createTestDoor()
    const app = createTestApp(door)
    void app.ask('system', applicationName === undefined ? {} : { applicationName })
    await expect.poll(() => door.gotapi.desk.pending()).toMatchObject([{ name: shown, scopes: ['system'] }])
  })

  it('of one that asks for everything stands beside “all”, not beside a list of profiles', async () => {
    const door = await createTestDoor()
    void createTestApp(door).ask('all')
    await expect.poll(() => door.gotapi.desk.pending()).toMatchObject([{ kind: 'access', scopes: ['all'] }])
  })
})

it('a token for everything is said to be for “all”, and one that lacks a profile says which', async () => {
  const clock = createFakeClock()
  const door = await createTestDoor({ clock })
  const ask = (origin: string, scope: string, invited: string) => {
    const invitation = door.gotapi.gateway.invite({ about: '', scopes: [invited], lifeMs: 1_000 })
    return createTestApp(door, origin).ask(scope, { invitation })
  }
  const halfAYear = { expirePeriod: 180 * 86_400 }
  expect(await ask('http://a.test', 'all', 'all')).toMatchObject({
    scopes: [{ scope: 'all', ...halfAYear }],
    expire: clock.now() + 180 * 86_400_000,
  })
  const { accessToken } = await ask('http://b.test', 'system', 'system')
  const refused = await createTestApp(door, 'http://b.test').call('GET settings', {
    accessToken: String(accessToken),
  })
  expect(refused).toMatchObject({
    errorCode: 14,
    reason: 'auth.scope-missing',
    reasonParams: { profile: 'settings' },
  })
})

it('one that was invited is called as its invitation says, and else as it calls itself', async () => {
  const door = await createTestDoor()
  const owner = createTestApp(door, 'app://gantry', 'inside')
  await owner.enter('all')
  for (const [origin, about] of [
    ['http://a.test', 'Phone'],
    ['http://b.test', ''],
  ] as const) {
    const invitation = door.gotapi.gateway.invite({ about, scopes: ['system'], lifeMs: 1_000 })
    await createTestApp(door, origin).ask('system', { invitation, applicationName: 'Board' })
  }
  const { apps } = routes['GET apps'].result.parse(await owner.call('GET apps'))
  expect(apps.map(({ name }) => name)).toEqual(expect.arrayContaining(['Phone', 'Board']))
})

describe('the owner’s yes', () => {
  it('lets nobody in whom the owner ended while they read the question', async () => {
    const door = await createTestDoor()
    const owner = createTestApp(door, 'app://gantry', 'inside')
    await owner.enter('all')
    const app = createTestApp(door)
    const { clientId } = await app.call('GET authorization/grant')
    const params = { clientId: String(clientId), scope: 'system' }
    const tokenFor = () => app.call('GET authorization/accesstoken', params)
    const decide = async () => {
      await expect.poll(() => door.gotapi.desk.pending()).toHaveLength(1)
      door.gotapi.desk.decide(door.gotapi.desk.pending()[0]?.id ?? '', 'allow')
    }
    const first = tokenFor()
    await decide()
    expect(await first).toMatchObject({ result: 0 })
    const second = tokenFor()
    await expect.poll(() => door.gotapi.desk.pending()).toHaveLength(1)
    expect(await owner.call('DELETE apps/client', { clientId: String(clientId) })).toMatchObject({
      result: 0,
    })
    await decide()
    expect(await second).toMatchObject({ errorCode: 15, accessToken: '' })
    const { apps } = routes['GET apps'].result.parse(await owner.call('GET apps'))
    expect(apps.map(({ origin }) => origin)).not.toContain('http://app.example.test')
  })
})

describe('a token', () => {
  const scopes = new Map([
    ['a', 5],
    ['b', 9],
  ])
  const member = (given?: ReadonlyMap<string, number>) =>
    ({ grant: given && { scopes: given } }) as unknown as Member
  const check = (of: Member | undefined, token: string | undefined, profile: string, nowAt: number) =>
    checkToken(of, { token, profile }, nowAt)?.code

  it('lets in for a profile until its instant, and says first what is wrong with it', () => {
    const app = member(scopes)
    expect(check(app, 't', 'a', 4)).toBeUndefined()
    expect(check(app, 't', 'a', 5)).toBe('auth.token-expired')
    expect(check(app, 't', 'b', 5)).toBeUndefined()
    expect(check(app, 't', 'c', 4)).toBe('auth.scope-missing')
    expect(check(undefined, 't', 'a', 4)).toBe('auth.token-unknown')
    expect(check(member(), 't', 'a', 4)).toBe('auth.token-unknown')
    for (const none of ['', undefined]) expect(check(app, none, 'a', 4)).toBe('auth.token-missing')
  })

  it('for everything is one for each profile, but a profile of its own has its own end', () => {
    const owner = member(
      new Map([
        ['*', 9],
        ['a', 5],
      ]),
    )
    expect([scopeEnd(owner, 'a'), scopeEnd(owner, 'b')]).toEqual([5, 9])
    expect(check(owner, 't', 'b', 8)).toBeUndefined()
  })

  it('ends with the last of its parts, and one that was never given has ended', () => {
    expect(grantEnd(member(scopes))).toBe(9)
    expect(grantEnd(member())).toBe(0)
    expect(scopeEnd(member(), 'a')).toBeUndefined()
    expect([isOwner(member()), isKept(member())]).toEqual([false, false])
  })
})

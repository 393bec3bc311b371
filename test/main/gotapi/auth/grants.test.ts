import { describe, expect, it } from 'vitest'
import { routes } from '../../../../src/main/contract/routes.ts'
import { grantEnd } from '../../../../src/main/gotapi/auth/authorization.ts'
import type { Member } from '../../../../src/main/gotapi/auth/client.ts'
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

it('a permission ends with the last of its parts, and one that was never given has ended', () => {
  const grant = {
    scopes: new Map([
      ['a', 5],
      ['b', 9],
    ]),
  }
  expect(grantEnd({ grant } as unknown as Member)).toBe(9)
  expect(grantEnd({ grant: undefined } as Member)).toBe(0)
})

import { describe, expect, it } from 'vitest'
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

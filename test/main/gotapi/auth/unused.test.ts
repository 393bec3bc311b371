import { describe, expect, it } from 'vitest'
import { GantryError } from '../../../../src/main/contract/error.ts'
import { routes } from '../../../../src/main/contract/routes.ts'
import { createFakeClock, type FakeClock } from '../../../fakes/clock.ts'
import { createTestApp, createTestDoor, type TestDoor } from '../../../fakes/gotapi.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

/** Time passes while Gantry does not run, so that a month takes no thousand ticks. */
async function later(door: TestDoor, clock: FakeClock, ms: number): Promise<TestDoor> {
  await door.close()
  await clock.advance(ms)
  return door.again()
}

async function setUp(grantedDays = 90) {
  const clock = createFakeClock()
  const door = await createTestDoor({ clock })
  door.policy = { ...door.policy, grantedDays }
  const app = createTestApp(door)
  await app.beAllowed('system')
  const works = async (at: TestDoor) =>
    (await createTestApp(at).call('GET system', { accessToken: app.token })).result === 0
  return { clock, door, app, works }
}

describe('applications that nobody uses', () => {
  it('gotapi 4.2: go after 30 days, from memory and from the disk', async () => {
    const { clock, door, app, works } = await setUp()
    const after30 = await later(door, clock, 30 * dayMs - 2 * minuteMs)
    expect(await works(after30)).toBe(true)
    const unused = await later(after30, clock, 30 * dayMs + 1)
    await clock.advance(minuteMs)
    expect(await works(unused)).toBe(false)
    const restarted = await unused.again()
    expect(await createTestApp(restarted).call('GET system', { accessToken: app.token })).toMatchObject({
      errorCode: 15,
    })
  })

  it('gotapi 4.2: go ten days after their last use when their time is over, and not before the sweep', async () => {
    const { clock, door, app } = await setUp(1)
    const over = await later(door, clock, 10 * dayMs)
    const call = (at: TestDoor) => createTestApp(at).call('GET system', { accessToken: app.token })
    expect(await call(over)).toMatchObject({ errorCode: 12 })
    await clock.advance(2 * minuteMs)
    expect(await call(over)).toMatchObject({ errorCode: 15 })
  })

  it('that were only asked about go ten minutes later', async () => {
    const { clock, door } = await setUp()
    const app = createTestApp(door, 'http://asking.test')
    const { clientId } = await app.call('GET authorization/grant')
    const ask = () => app.call('GET authorization/accesstoken', { clientId: String(clientId), scope: 'apps' })
    await clock.advance(10 * minuteMs)
    expect(await ask()).toMatchObject({ errorCode: 11 })
    await clock.advance(minuteMs)
    expect(await ask()).toMatchObject({ errorCode: 15 })
  })

  it('go though the disk refuses, and are written off later', async () => {
    const { clock, door, app, works } = await setUp()
    const unused = await later(door, clock, 30 * dayMs + 1)
    unused.disk.fault = new GantryError('data.full', 'The disk is full.')
    await clock.advance(minuteMs)
    expect(await works(unused)).toBe(false)
    unused.disk.fault = undefined
    await clock.advance(15_000)
    const restarted = await unused.again()
    expect(await createTestApp(restarted).call('GET system', { accessToken: app.token })).toMatchObject({
      errorCode: 15,
    })
  })

  it('allowed once, go with their hour', async () => {
    const { clock, door } = await setUp()
    const visitor = createTestApp(door, 'http://visitor.test')
    await visitor.beAllowed('system', 'once')
    await clock.advance(60 * minuteMs - 1)
    expect(await visitor.call('GET system')).toMatchObject({ result: 0 })
    await clock.advance(1)
    expect(await visitor.call('GET system')).toMatchObject({ errorCode: 12 })
    await clock.advance(2 * minuteMs)
    expect(await visitor.call('GET system')).toMatchObject({ errorCode: 15 })
  })
})

describe('the use that is counted', () => {
  const appOf = async (at: TestDoor) => {
    const owner = createTestApp(at, 'app://gantry', 'inside')
    await owner.enter('all')
    const { apps } = routes['GET apps'].result.parse(await owner.call('GET apps'))
    return apps.find(({ origin }) => origin === 'http://app.example.test')
  }

  it('is on the disk ten seconds later, with the time of it', async () => {
    const { clock, door, app } = await setUp()
    await clock.advance(minuteMs)
    const usedAt = clock.now()
    for (let times = 0; times < 3; times++) await app.call('GET system')
    await clock.advance(10_000)
    // As if it had been killed: what stop would write is not written.
    door.disk.fault = new GantryError('data.full', 'The disk is full.')
    expect(await appOf(await door.again())).toMatchObject({ usedAt, requestsToday: 3 })
  })

  it('that the disk did not take is written with the next one, and stops nobody', async () => {
    const { clock, door, app } = await setUp()
    door.disk.fault = new GantryError('data.full', 'The disk is full.')
    expect(await app.call('GET system')).toMatchObject({ result: 0 })
    const usedAt = clock.now()
    await clock.advance(10_000)
    expect(door.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', sentence: 'use of applications could not be written' }),
    )
    door.disk.fault = undefined
    await clock.advance(10_000)
    door.disk.fault = new GantryError('data.full', 'The disk is full.')
    expect(await appOf(await door.again())).toMatchObject({ usedAt, requestsToday: 1 })
  })

  it('is not written while there was none', async () => {
    const { clock, door, app } = await setUp()
    await app.call('GET system')
    await clock.advance(10_000)
    door.disk.fault = new GantryError('data.full', 'The disk is full.')
    await clock.advance(minuteMs)
    expect(door.lines.filter(({ level }) => level === 'warn')).toEqual([])
  })

  it('of a visit is not written at all', async () => {
    const { clock, door } = await setUp()
    const visitor = createTestApp(door, 'http://visitor.test')
    await visitor.beAllowed('system', 'once')
    await visitor.call('GET system')
    door.disk.fault = new GantryError('data.full', 'The disk is full.')
    await clock.advance(10_000)
    expect(door.lines.filter(({ level }) => level === 'warn')).toEqual([])
  })
})

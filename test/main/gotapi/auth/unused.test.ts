import { describe, expect, it } from 'vitest'
import { GantryError } from '../../../../src/main/contract/error.ts'
import { routes } from '../../../../src/main/contract/routes.ts'
import { createFakeClock, type FakeClock } from '../../../fakes/clock.ts'
import { createTestApp, createTestDoor, type TestDoor } from '../../../fakes/gotapi.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

/** Time passes while Gantry does not run, so that a month takes no thousand ticks. */
async function later(gateway: TestDoor, clock: FakeClock, ms: number): Promise<TestDoor> {
  await gateway.close()
  await clock.advance(ms)
  return gateway.again()
}

async function setUp(grantedDays = 90) {
  const clock = createFakeClock()
  const gateway = await createTestDoor({ clock })
  gateway.policy = { ...gateway.policy, grantedDays }
  const app = createTestApp(gateway)
  await app.beAllowed('system')
  const works = async (at: TestDoor) =>
    (await createTestApp(at).call('GET system', { accessToken: app.token })).result === 0
  return { clock, gateway, app, works }
}

describe('applications that nobody uses', () => {
  it('gotapi 4.2: go after 30 days, from memory and from the disk', async () => {
    const { clock, gateway, app, works } = await setUp()
    const after30 = await later(gateway, clock, 30 * dayMs - 2 * minuteMs)
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
    const { clock, gateway, app } = await setUp(1)
    const over = await later(gateway, clock, 10 * dayMs)
    const call = (at: TestDoor) => createTestApp(at).call('GET system', { accessToken: app.token })
    expect(await call(over)).toMatchObject({ errorCode: 12 })
    await clock.advance(2 * minuteMs)
    expect(await call(over)).toMatchObject({ errorCode: 15 })
  })

  it('that were only asked about go ten minutes later', async () => {
    const { clock, gateway } = await setUp()
    const app = createTestApp(gateway, 'http://asking.test')
    const { clientId } = await app.call('GET authorization/grant')
    const ask = () => app.call('GET authorization/accesstoken', { clientId: String(clientId), scope: 'apps' })
    await clock.advance(10 * minuteMs)
    expect(await ask()).toMatchObject({ errorCode: 11 })
    await clock.advance(minuteMs)
    expect(await ask()).toMatchObject({ errorCode: 15 })
  })

  it('go though the disk refuses, and are written off later', async () => {
    const { clock, gateway, app, works } = await setUp()
    const unused = await later(gateway, clock, 30 * dayMs + 1)
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
    const { clock, gateway } = await setUp()
    const visitor = createTestApp(gateway, 'http://visitor.test')
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
    const { clock, gateway, app } = await setUp()
    await clock.advance(minuteMs)
    const usedAt = clock.now()
    for (let times = 0; times < 3; times++) await app.call('GET system')
    await clock.advance(10_000)
    // As if it had been killed: what stop would write is not written.
    gateway.disk.fault = new GantryError('data.full', 'The disk is full.')
    expect(await appOf(await gateway.again())).toMatchObject({ usedAt, requestsToday: 3 })
  })

  it('that the disk did not take is written with the next one, and stops nobody', async () => {
    const { clock, gateway, app } = await setUp()
    gateway.disk.fault = new GantryError('data.full', 'The disk is full.')
    expect(await app.call('GET system')).toMatchObject({ result: 0 })
    const usedAt = clock.now()
    await clock.advance(10_000)
    expect(gateway.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', sentence: 'use of applications could not be written' }),
    )
    gateway.disk.fault = undefined
    await clock.advance(10_000)
    gateway.disk.fault = new GantryError('data.full', 'The disk is full.')
    expect(await appOf(await gateway.again())).toMatchObject({ usedAt, requestsToday: 1 })
  })

  it('is not written while there was none', async () => {
    const { clock, gateway, app } = await setUp()
    await app.call('GET system')
    await clock.advance(10_000)
    gateway.disk.fault = new GantryError('data.full', 'The disk is full.')
    await clock.advance(minuteMs)
    expect(gateway.lines.filter(({ level }) => level === 'warn')).toEqual([])
  })

  it('of a visit is not written at all', async () => {
    const { clock, gateway } = await setUp()
    const visitor = createTestApp(gateway, 'http://visitor.test')
    await visitor.beAllowed('system', 'once')
    await visitor.call('GET system')
    gateway.disk.fault = new GantryError('data.full', 'The disk is full.')
    await clock.advance(10_000)
    expect(gateway.lines.filter(({ level }) => level === 'warn')).toEqual([])
  })
})

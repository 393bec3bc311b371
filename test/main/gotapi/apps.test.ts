import { isMainThread } from 'node:worker_threads'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { routes } from '../../../src/main/contract/routes.ts'
import { createFakeClock, type FakeClock } from '../../fakes/clock.ts'
import { createTestApp, createTestDoor, type TestDoor } from '../../fakes/gotapi.ts'

const appOrigin = 'http://board.workshop.test'
const hourMs = 60 * 60_000

const parse = (answer: unknown) => routes['GET apps'].result.parse(answer)
const ownerOf = async (door: TestDoor) => {
  const owner = createTestApp(door, 'app://gantry', 'inside')
  await owner.enter('all')
  const listed = async () =>
    parse(await owner.call('GET apps')).apps.find(({ origin }) => origin === appOrigin)
  return { owner, listed }
}

/** Midday here, wherever here is. */
const noon = () => createFakeClock(new Date(2030, 5, 10, 12).getTime())

async function usedApp(clock: FakeClock) {
  const door = await createTestDoor({ clock })
  const app = createTestApp(door, appOrigin)
  await app.beAllowed('system')
  for (let calls = 0; calls < 5; calls++) await app.call('GET system')
  return { door, app, ...(await ownerOf(door)) }
}

describe('The list of applications', () => {
  afterEach(() => vi.unstubAllEnvs())

  it('counts each call that its permission covers, and says when the last one was', async () => {
    const clock = noon()
    const { app, listed } = await usedApp(clock)
    expect(await listed()).toMatchObject({ requestsToday: 5, usedAt: clock.now() })
    await clock.advance(hourMs)
    expect(await app.call('GET nothing/here')).toMatchObject({ errorCode: 14 })
    await app.call('GET availability')
    app.token = ''
    expect(await app.call('GET system')).toMatchObject({ errorCode: 13 })
    expect(await listed()).toMatchObject({ requestsToday: 5, usedAt: clock.now() - hourMs })
  })

  it('begins anew at the owner’s own midnight, not at that of Greenwich', async () => {
    const clock = noon()
    const { app, listed } = await usedApp(clock)
    await clock.advance(12 * hourMs - 1_000)
    expect(await listed()).toMatchObject({ requestsToday: 5 })
    await clock.advance(2_000)
    expect(await listed()).toMatchObject({ requestsToday: 0 })
    await app.call('GET system')
    expect(await listed()).toMatchObject({ requestsToday: 1, usedAt: clock.now() })
  })

  // Only a process has a zone: a thread keeps that of its process.
  it.runIf(isMainThread).each([
    ['Pacific/Auckland', '2030-06-10T12:30:00+12:00', '2030-06-11T00:00:00+12:00'],
    ['America/Los_Angeles', '2030-06-10T12:30:00-07:00', '2030-06-11T00:00:00-07:00'],
    // The day on which summer time begins has 23 hours, and the one on which it ends 25.
    ['Europe/Berlin', '2030-03-31T00:30:00+01:00', '2030-04-01T00:00:00+02:00'],
    ['Europe/Berlin', '2030-10-27T00:30:00+02:00', '2030-10-28T00:00:00+01:00'],
  ])('counts by the day of %s, from %s to %s', async (zone, fromText, midnightText) => {
    vi.stubEnv('TZ', zone)
    const [from, midnight] = [Date.parse(fromText), Date.parse(midnightText)]
    const clock = createFakeClock(from)
    const { door, listed } = await usedApp(clock)
    await clock.advance(midnight - from - 1_000)
    expect(await listed()).toMatchObject({ requestsToday: 5 })
    const { listed: listedAfterRestart } = await ownerOf(await door.again())
    expect(await listedAfterRestart()).toMatchObject({ requestsToday: 5 })
    await clock.advance(1_000)
    expect(await listedAfterRestart()).toMatchObject({ requestsToday: 0 })
  })

  it('keeps the count over a restart on the same day', async () => {
    const clock = noon()
    const { door } = await usedApp(clock)
    const { listed } = await ownerOf(await door.again())
    expect(await listed()).toMatchObject({ requestsToday: 5 })
  })

  it('tells its followers of use within two seconds, and is quiet when there is none', async () => {
    const clock = noon()
    const { app, owner } = await usedApp(clock)
    const heard: number[] = []
    const line = owner.connect(frame => {
      if (frame.result !== 0 || !('apps' in frame)) return
      heard.push(parse(frame).apps.find(({ origin }) => origin === appOrigin)?.requestsToday ?? -1)
    })
    await owner.call('PUT apps')
    await clock.advance(5_000)
    const quiet = heard.length
    await clock.advance(60_000)
    expect(heard).toHaveLength(quiet)
    for (let calls = 0; calls < 100; calls++) await app.call('GET system')
    await clock.advance(2_000)
    expect(heard.slice(quiet)).toEqual([105])
    line.close()
  })
})

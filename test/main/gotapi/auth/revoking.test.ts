import { describe, expect, it } from 'vitest'
import { GantryError } from '../../../../src/main/contract/error.ts'
import { routes } from '../../../../src/main/contract/routes.ts'
import { createFakeClock } from '../../../fakes/clock.ts'
import { answerEverything, createTestApp, createTestDoor, type TestDoor } from '../../../fakes/gotapi.ts'
import { echoId } from '../../../fakes/services.ts'

const full = () => new GantryError('data.full', 'The disk is full, so nothing can be saved.')
const origin = 'http://app.example.test'
const echo = { id: 'echo', name: 'Echo', manufacturer: '', profiles: ['echo'], identity: 'echo 1' }

async function setUp() {
  const clock = createFakeClock()
  const door = await createTestDoor({ clock, foreign: [echo] })
  const owner = createTestApp(door, 'app://gantry', 'inside')
  await owner.enter('all')
  const app = createTestApp(door)
  const stop = answerEverything(door, 'allow')
  await app.beAllowed('system,echo')
  await app.call('GET echo/say', { serviceId: echoId })
  stop()
  const closed: string[] = []
  app.connect(
    () => {},
    reason => closed.push(reason),
  )
  const listed = async () => routes['GET apps'].result.parse(await owner.call('GET apps'))
  const clientId = async () => (await listed()).apps.find(each => each.origin === origin)?.clientId ?? ''
  return { clock, door, owner, app, closed, listed, clientId }
}

/** Gantry started anew on the same data: whether the app still gets in. */
async function isLetInLater(door: TestDoor, token: string): Promise<boolean> {
  const later = createTestApp(await door.again())
  return (await later.call('GET system', { accessToken: token })).result === 0
}

describe('a permission that is taken back', () => {
  it('gotapi 28: is gone from the disk, too', async () => {
    const { door, owner, app, clientId } = await setUp()
    expect(await owner.call('DELETE apps/client', { clientId: await clientId() })).toMatchObject({
      result: 0,
      written: true,
    })
    expect(await isLetInLater(door, app.token)).toBe(false)
  })

  it('gotapi 28: is dark at once when the disk refuses, its line closed, and the owner is told what is left', async () => {
    const { door, owner, app, closed, listed, clientId } = await setUp()
    const id = await clientId()
    door.disk.fault = full()
    expect(await owner.call('DELETE apps/client', { clientId: id })).toMatchObject({
      result: 0,
      written: false,
    })
    expect(closed).toEqual(['ended'])
    expect(await app.call('GET system')).toMatchObject({ errorCode: 15 })
    expect(app.connect(() => {}).answer).toMatchObject({ errorCode: 3 })
    expect((await listed()).apps.map(each => each.origin)).not.toContain(origin)
    expect((await listed()).unwritten).toMatchObject([{ clientId: id, origin, name: origin }])
    expect(door.services.forgotten).toContain(origin)
  })

  it('is written as soon as the disk takes it, without anybody asking again', async () => {
    const { clock, door, owner, app, listed, clientId } = await setUp()
    door.disk.fault = full()
    await owner.call('DELETE apps/client', { clientId: await clientId() })
    await clock.advance(60_000)
    expect((await listed()).unwritten).toHaveLength(1)
    door.disk.fault = undefined
    await clock.advance(15_000)
    expect((await listed()).unwritten).toEqual([])
    expect(await isLetInLater(door, app.token)).toBe(false)
  })

  it('is written when Gantry stops, if the disk takes it by then', async () => {
    const { door, owner, app, clientId } = await setUp()
    door.disk.fault = full()
    await owner.call('DELETE apps/client', { clientId: await clientId() })
    door.disk.fault = undefined
    expect(await isLetInLater(door, app.token)).toBe(false)
  })

  it('that never reached the disk stands in the log as an error when Gantry stops', async () => {
    const { door, owner, app, clientId } = await setUp()
    door.disk.fault = full()
    await owner.call('DELETE apps/client', { clientId: await clientId() })
    expect(await isLetInLater(door, app.token)).toBe(true)
    expect(door.lines).toContainEqual(
      expect.objectContaining({ level: 'error', sentence: expect.stringContaining('taken back') }),
    )
  })

  it('comes back only by a new yes: who is let in anew before the disk took the end stays', async () => {
    const { clock, door, owner, app, listed, clientId } = await setUp()
    door.disk.fault = full()
    await owner.call('DELETE apps/client', { clientId: await clientId() })
    const early = app.token
    door.disk.fault = undefined
    await app.beAllowed('system')
    await clock.advance(60_000)
    expect((await listed()).unwritten).toEqual([])
    expect(await app.call('GET system')).toMatchObject({ result: 0 })
    const later = await door.again()
    expect(await createTestApp(later).call('GET system', { accessToken: app.token })).toMatchObject({
      result: 0,
    })
    expect(await createTestApp(later).call('GET system', { accessToken: early })).toMatchObject({
      errorCode: 15,
    })
  })
})

describe('the use of a plug-in that is taken back', () => {
  const say = ['GET echo/say', { serviceId: echoId }] as const

  it('ends at once when the disk refuses, with what is followed there, and the owner is told', async () => {
    const { door, owner, app, closed, listed, clientId } = await setUp()
    await app.call('PUT echo/ticks', { serviceId: echoId })
    const id = await clientId()
    door.disk.fault = full()
    expect(await owner.call('DELETE apps/plugin', { clientId: id, pluginId: 'echo' })).toMatchObject({
      result: 0,
      written: false,
    })
    expect(closed).toEqual(['done'])
    void app.call(...say)
    await expect.poll(() => door.gotapi.desk.pending()).toMatchObject([{ kind: 'plugin' }])
    expect((await listed()).unwritten).toMatchObject([{ clientId: id, plugin: { id: 'echo', name: 'Echo' } }])
  })

  it('is written later, and asked about anew after a restart', async () => {
    const { clock, door, owner, app, clientId } = await setUp()
    door.disk.fault = full()
    await owner.call('DELETE apps/plugin', { clientId: await clientId(), pluginId: 'echo' })
    door.disk.fault = undefined
    await clock.advance(15_000)
    const later = await door.again()
    const again = createTestApp(later)
    void again.call('GET echo/say', { serviceId: echoId, accessToken: app.token })
    await expect.poll(() => later.gotapi.desk.pending()).toMatchObject([{ kind: 'plugin' }])
  })

  it('and allowed anew before the disk took the end, stays allowed', async () => {
    const { clock, door, owner, app, clientId } = await setUp()
    door.disk.fault = full()
    await owner.call('DELETE apps/plugin', { clientId: await clientId(), pluginId: 'echo' })
    door.disk.fault = undefined
    const stop = answerEverything(door, 'allow')
    expect(await app.call(...say)).toMatchObject({ result: 0 })
    stop()
    await clock.advance(60_000)
    const later = await door.again()
    expect(
      await createTestApp(later).call('GET echo/say', { serviceId: echoId, accessToken: app.token }),
    ).toMatchObject({ result: 0 })
  })

  it('ends for every application when the plug-in leaves, though the disk refuses', async () => {
    const { door, app, listed } = await setUp()
    door.disk.fault = full()
    door.services.lose('echo')
    expect((await listed()).apps.flatMap(each => each.plugins)).toEqual([])
    expect((await listed()).unwritten).toHaveLength(1)
    expect(await app.call('GET system')).toMatchObject({ result: 0 })
  })
})

describe('what the disk does not take', () => {
  it('is no permission: the application is told, keeps what it had, and has it after a restart', async () => {
    const { door, app, closed } = await setUp()
    door.disk.fault = full()
    const early = app.token
    expect(await app.beAllowed('system,3dprinter')).toMatchObject({ errorCode: 17, accessToken: '' })
    expect(app.token).toBe(early)
    expect(await app.call('GET system')).toMatchObject({ result: 0 })
    expect(await app.call('GET 3dprinter')).toMatchObject({ errorCode: 14 })
    expect(closed).toEqual([])
    expect(await isLetInLater(door, early)).toBe(true)
  })

  it('is no visit either: what was kept before cannot be taken from the disk', async () => {
    const { door, app } = await setUp()
    door.disk.fault = full()
    expect(await app.beAllowed('3dprinter', 'once')).toMatchObject({ errorCode: 17 })
    expect(await app.call('GET system')).toMatchObject({ result: 0 })
    expect(await app.call('GET 3dprinter')).toMatchObject({ errorCode: 14 })
  })

  it('is no permission for a plug-in: the call is refused, and the next one asks again', async () => {
    const { door, owner, app, clientId } = await setUp()
    await owner.call('DELETE apps/plugin', { clientId: await clientId(), pluginId: 'echo' })
    door.disk.fault = full()
    const stop = answerEverything(door, 'allow')
    expect(await app.call('GET echo/say', { serviceId: echoId })).toMatchObject({ errorCode: 17 })
    stop()
    expect(door.services.calls).toHaveLength(1)
    void app.call('GET echo/say', { serviceId: echoId })
    await expect.poll(() => door.gotapi.desk.pending()).toMatchObject([{ kind: 'plugin' }])
  })

  it('is no key, no end of a key and no keyword', async () => {
    const { door, owner } = await setUp()
    const key = '00'.repeat(16)
    const pair = (of: string) => owner.call('PUT apps/key', { origin: of, key })
    await pair('http://a.test')
    await owner.call('PUT apps/keyword', { keyword: 'heron' })
    door.disk.fault = full()
    for (const answer of [
      await pair('http://b.test'),
      await owner.call('DELETE apps/key', { origin: 'http://a.test' }),
      await owner.call('PUT apps/keyword', { keyword: 'stork' }),
    ]) {
      expect(answer).toMatchObject({ errorCode: 17, errorMessage: full().message })
    }
    const { keys } = routes['GET apps'].result.parse(await owner.call('GET apps'))
    expect(keys.map(each => each.origin)).toEqual(['http://a.test'])
    expect(await owner.call('GET apps/keyword')).toMatchObject({ keyword: 'heron' })
  })

  it('keeps Gantry from nothing at its start: what left meanwhile is dark all the same', async () => {
    const { door, app } = await setUp()
    const later = await door.again({ foreign: [], fault: full() })
    const again = createTestApp(later)
    expect(await again.call('GET system', { accessToken: app.token })).toMatchObject({ result: 0 })
  })
})

import { describe, expect, it } from 'vitest'
import { GantryError } from '../../../../src/main/contract/error.ts'
import { routes } from '../../../../src/main/contract/routes.ts'
import { createFakeClock } from '../../../fakes/clock.ts'
import { type Body, createTestApp, createTestDoor } from '../../../fakes/gotapi.ts'

async function setUp() {
  const clock = createFakeClock()
  const door = await createTestDoor({ clock })
  const owner = createTestApp(door, 'app://gantry', 'inside')
  await owner.enter('all')
  const { desk } = door.gotapi
  const local = (name: string) => createTestApp(door, `http://${name}.test`)
  const remote = (name: string, address: string) => createTestApp(door, `http://${name}.test`, 'lan', address)
  const settled = () => clock.advance(0)
  const open = async (count: number) => {
    await settled()
    expect(desk.pending()).toHaveLength(count)
  }
  const answer = async (decision: string) => {
    await settled()
    return owner.call('PUT approvals/decision', { id: desk.pending()[0]?.id ?? '', decision })
  }
  const apps = async () => routes['GET apps'].result.parse(await owner.call('GET apps'))
  return { clock, door, owner, desk, local, remote, open, answer, apps }
}

describe('how many questions may be open', () => {
  it('many from the network leave room for the applications of this machine', async () => {
    const { local, remote, open, desk } = await setUp()
    for (let index = 0; index < 25; index++) void remote(`r${index}`, `10.0.0.${index}`).ask('system')
    await open(10)
    expect(await remote('late', '10.0.1.1').ask('system')).toMatchObject({
      errorCode: 11,
      errorMessage: 'Too many questions wait for the owner already. Try again in a minute.',
    })
    void local('honest').ask('system')
    await open(11)
    expect(desk.pending()[10]).toMatchObject({ origin: 'http://honest.test', via: 'loopback' })
  })

  it('one device of the network has three, and leaves the rest to the others', async () => {
    const { remote, open } = await setUp()
    for (let index = 0; index < 5; index++) void remote(`r${index}`, '10.0.0.1').ask('system')
    await open(3)
    void remote('honest', '10.0.0.2').ask('system')
    await open(4)
  })

  it('twenty are the most: the next application is told why, and is asked about when one was answered', async () => {
    const { local, open, answer } = await setUp()
    for (let index = 0; index < 20; index++) void local(`l${index}`).ask('system')
    await open(20)
    expect(await local('honest').ask('system')).toMatchObject({
      errorCode: 11,
      errorMessage: 'Too many questions wait for the owner already. Try again in a minute.',
    })
    await answer('deny')
    void local('honest').ask('system')
    await open(20)
  })

  it('a second one of the same application waits for the first, and is told just that', async () => {
    const { local, open } = await setUp()
    void local('honest').ask('system')
    await open(1)
    expect(await local('honest').ask('system')).toMatchObject({
      errorCode: 11,
      errorMessage: 'A question of this application waits for the owner already.',
    })
  })

  it('links with keys cannot fill it', async () => {
    const { door, local, open } = await setUp()
    for (let index = 0; index < 25; index++) {
      door.gotapi.gateway.deliverKey(`gotapi://start/?origin=http://k${index}.test&key=${'00'.repeat(16)}`)
    }
    await open(5)
    void local('honest').ask('system')
    await open(6)
  })
})

describe('how often the owner is shown the keyword', () => {
  const often = { errorCode: 17, httpStatus: 429 }

  it('five times a minute for one application, and again when the minute is over', async () => {
    const { clock, local, answer } = await setUp()
    const app = local('app')
    await app.beAllowed('system')
    const show = async () => {
      const shown = app.call('PUT system/keyword')
      await answer('allow')
      return shown
    }
    for (let times = 0; times < 5; times++) expect(await show()).toMatchObject({ result: 0 })
    expect(await show()).toMatchObject(often)
    await clock.advance(60_000)
    expect(await show()).toMatchObject({ result: 0 })
  })

  it('ten times a minute for all of them together', async () => {
    const { local, answer } = await setUp()
    const show = async (name: string): Promise<Body> => {
      const app = local(name)
      await app.beAllowed('system')
      const shown = app.call('PUT system/keyword')
      await answer('allow')
      return shown
    }
    for (let times = 0; times < 10; times++) expect(await show(`a${times}`)).toMatchObject({ result: 0 })
    expect(await show('late')).toMatchObject(often)
  })

  it('is not told that it was shown when it could not be', async () => {
    const { local, open } = await setUp()
    const app = local('app')
    await app.beAllowed('system')
    void app.call('PUT system/keyword')
    await open(1)
    expect(await app.call('PUT system/keyword')).toMatchObject({
      errorCode: 11,
      errorMessage: 'A question of this application waits for the owner already.',
    })
  })
})

describe('how often a link may bring a key', () => {
  const link = (name: string) => `gotapi://start/?origin=http://${name}.test&key=${'00'.repeat(16)}`

  it('five times a minute for one origin', async () => {
    const { clock, door, open, answer } = await setUp()
    const deliver = async () => {
      door.gotapi.gateway.deliverKey(link('app'))
      await clock.advance(0)
    }
    for (let times = 0; times < 5; times++) {
      await deliver()
      await open(1)
      await answer('deny')
    }
    await deliver()
    await open(0)
    expect(door.lines.at(-1)).toMatchObject({ fields: { outcome: 'too-often' } })
    await clock.advance(60_000)
    await deliver()
    await open(1)
  })

  it('ten times a minute for all origins together, whatever a page makes up', async () => {
    const { door, clock, open, answer } = await setUp()
    for (let times = 0; times < 10; times++) {
      door.gotapi.gateway.deliverKey(link(`a${times}`))
      await open(1)
      await answer('deny')
    }
    door.gotapi.gateway.deliverKey(link('late'))
    await clock.advance(0)
    await open(0)
  })
})

describe('an application that is never to ask again', () => {
  const never = {
    errorCode: 11,
    errorMessage: 'The owner does not want to be asked by this application again.',
  }

  it('is refused now and whenever it asks, over a restart, until the owner undoes it', async () => {
    const { door, owner, local, answer, apps, clock, open } = await setUp()
    const app = local('app')
    const asked = app.ask('system')
    expect(await answer('never')).toMatchObject({ result: 0 })
    expect(await asked).toMatchObject({ errorCode: 11, accessToken: '' })
    expect(await app.ask('system')).toMatchObject(never)
    await open(0)
    expect((await apps()).silenced).toEqual([
      { origin: 'http://app.test', via: 'loopback', since: clock.now() },
    ])

    const later = await door.again()
    expect(await createTestApp(later, 'http://app.test').ask('system')).toMatchObject(never)
    const ownerLater = createTestApp(later, 'app://gantry', 'inside')
    ownerLater.token = owner.token
    const undo = { origin: 'http://app.test', via: 'loopback' }
    expect(await ownerLater.call('DELETE apps/silenced', undo)).toMatchObject({ result: 0 })
    expect(await ownerLater.call('DELETE apps/silenced', undo)).toMatchObject({ errorCode: 10 })
    void createTestApp(later, 'http://app.test').ask('system')
    await expect.poll(() => later.gotapi.desk.pending()).toHaveLength(1)
    const last = await later.again()
    void createTestApp(last, 'http://app.test').ask('system')
    await expect.poll(() => last.gotapi.desk.pending()).toHaveLength(1)
  })

  it('is not the one that says the same origin on another way', async () => {
    const { local, remote, answer, open } = await setUp()
    void remote('app', '10.0.0.1').ask('system')
    await answer('never')
    expect(await remote('app', '10.0.0.2').ask('system')).toMatchObject(never)
    void local('app').ask('system')
    await open(1)
  })

  it('has none of its questions left open, and none of its rate is used up by asking on', async () => {
    const { remote, answer, open } = await setUp()
    const first = remote('app', '10.0.0.1').ask('system')
    await open(1)
    const second = remote('app', '10.0.0.2').ask('system')
    await open(2)
    await answer('never')
    await open(0)
    expect([await first, await second]).toMatchObject([{ errorCode: 11 }, { errorCode: 11 }])
    for (let times = 0; times < 15; times++) {
      expect(await remote('app', '10.0.0.1').ask('system')).toMatchObject(never)
    }
  })

  it('cannot show the keyword or bring a key either, but keeps what it was allowed', async () => {
    const { door, local, answer, open } = await setUp()
    const app = local('app')
    await app.beAllowed('system')
    const shown = app.call('PUT system/keyword')
    await answer('never')
    expect(await shown).toMatchObject({ result: 0 })
    expect(await app.call('PUT system/keyword')).toMatchObject(never)
    expect(await app.call('GET system')).toMatchObject({ result: 0 })
    door.gotapi.gateway.deliverKey(`gotapi://start/?origin=http://key.test&key=${'00'.repeat(16)}`)
    await answer('never')
    door.gotapi.gateway.deliverKey(`gotapi://start/?origin=http://key.test&key=${'00'.repeat(16)}`)
    await open(0)
  })

  it('is denied even where the disk does not take the never, and the owner is told', async () => {
    const { door, local, answer, apps, open } = await setUp()
    const asked = local('app').ask('system')
    door.disk.fault = new GantryError('data.full', 'The disk is full.')
    expect(await answer('never')).toMatchObject({ errorCode: 17, errorMessage: 'The disk is full.' })
    expect(await asked).toMatchObject({ errorCode: 11 })
    expect((await apps()).silenced).toEqual([])
    void local('app').ask('system')
    await open(1)
  })

  it('can be let in by an invitation: that is the owner’s own wish', async () => {
    const { local, answer } = await setUp()
    void local('app').ask('system')
    await answer('never')
    expect(await local('app').enter('system')).toMatchObject({ result: 0 })
  })

  it('is told of no question that is not open', async () => {
    const { owner } = await setUp()
    expect(await owner.call('PUT approvals/decision', { id: 'x', decision: 'never' })).toMatchObject({
      errorCode: 10,
    })
  })
})

import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../fakes/clock.ts'
import { createTestApp, createTestDoor } from '../../fakes/gotapi.ts'
import { echoId, printerId } from '../../fakes/services.ts'

async function entered() {
  const door = await createTestDoor()
  const app = createTestApp(door)
  await app.beAllowed('all')
  return { door, app }
}

describe('Discovery and information', () => {
  it('gotapi 31: an entry has id and serviceId of one value, name, online and scopes', async () => {
    const { app } = await entered()
    expect(await app.call('GET servicediscovery')).toMatchObject({
      services: [
        { id: printerId, serviceId: printerId, name: 'Desk One', online: true, scopes: ['3dprinter'] },
        { id: echoId, serviceId: echoId, online: true, scopes: ['echo'] },
      ],
    })
  })

  it('a serviceId given to discovery by mistake is ignored', async () => {
    const { app } = await entered()
    expect(await app.call('GET servicediscovery', { serviceId: 'x' })).toMatchObject({ result: 0 })
  })

  it('gotapi 34: serviceinformation lists 3dprinter exactly so, and how the service is reached', async () => {
    const { app } = await entered()
    const answer = await app.call('GET serviceinformation', { serviceId: printerId })
    expect(answer).toMatchObject({ supports: ['3dprinter'], connect: { wifi: true } })
  })

  it('gotapi 35: an unknown serviceId is 6, a missing one is 5', async () => {
    const { app } = await entered()
    for (const path of ['serviceinformation', 'echo/echo']) {
      expect(await app.call(`GET ${path}`, { serviceId: 'nobody' })).toMatchObject({
        errorCode: 6,
        httpStatus: 404,
      })
      expect(await app.call(`GET ${path}`, { serviceId: '' })).toMatchObject({ errorCode: 5 })
      expect(await app.call(`GET ${path}`)).toMatchObject({ errorCode: 5, httpStatus: 400 })
    }
  })

  it('a service without the profile is 2', async () => {
    const { app } = await entered()
    expect(await app.call('GET echo/echo', { serviceId: printerId })).toMatchObject({
      errorCode: 2,
      httpStatus: 404,
    })
  })

  it('whoever follows service changes is told the list', async () => {
    const { door, app } = await entered()
    const frames: unknown[] = []
    app.connect(frame => frames.push(frame))
    await app.call('PUT servicediscovery/onservicechange')
    await new Promise(resolve => setImmediate(() => setImmediate(resolve)))
    door.services.emitServices()
    expect(frames).toMatchObject([
      {
        profile: 'servicediscovery',
        attribute: 'onservicechange',
        networkService: { services: [{ id: printerId }, { id: echoId }] },
      },
    ])
  })
})

describe('The system profile', () => {
  it('gotapi 36: it lists the server’s own profiles and the plug-ins', async () => {
    const { app } = await entered()
    expect(await app.call('GET system')).toMatchObject({
      supports: expect.arrayContaining(['servicediscovery', 'serviceinformation', 'system']),
      plugins: [
        { id: 'sim', name: 'Printers', version: '1.0.0', supports: ['3dprinter'] },
        { id: 'echo', name: 'Echo', version: '1.0.0', supports: ['echo'] },
      ],
    })
  })

  it('gotapi 36: DELETE system/events ends everything the origin follows, in the plug-ins too', async () => {
    const { door, app } = await entered()
    const other = createTestApp(door, 'http://b.test')
    await other.beAllowed('all')
    const frames: unknown[] = []
    const otherFrames: unknown[] = []
    app.connect(frame => frames.push(frame))
    other.connect(frame => otherFrames.push(frame))
    for (const each of [app, other]) {
      await each.call('PUT echo/ticks', { serviceId: echoId })
      await each.call('PUT 3dprinter/status', { serviceId: printerId })
      await each.call('PUT servicediscovery/onservicechange')
    }
    const settled = () => new Promise(resolve => setImmediate(() => setImmediate(resolve)))
    const emitAll = () => {
      door.services.emit({ serviceId: echoId, profile: 'echo', attribute: 'ticks', payload: { n: 1 } })
      door.services.emit({ serviceId: printerId, profile: '3dprinter', attribute: 'status', payload: {} })
      door.services.emitServices()
    }
    await settled()
    emitAll()
    expect([frames.length, otherFrames.length]).toEqual([3, 3])
    expect(await app.call('DELETE system/events')).toMatchObject({ result: 0 })
    await settled()
    emitAll()
    expect(door.services.cleared).toEqual(['http://app.example.test'])
    expect([frames.length, otherFrames.length]).toEqual([3, 6])
  })

  it('wakeup needs a pluginId that exists', async () => {
    const { door, app } = await entered()
    expect(await app.call('PUT system/device/wakeup')).toMatchObject({ errorCode: 10 })
    expect(await app.call('PUT system/device/wakeup', { pluginId: 'nobody' })).toMatchObject({
      errorCode: 10,
    })
    expect(await app.call('PUT system/device/wakeup', { pluginId: 'sim' })).toMatchObject({ result: 0 })
    expect(door.services.wakeups).toEqual(['nobody', 'sim'])
  })

  it('a wrong method on its paths is 3', async () => {
    const { app } = await entered()
    for (const route of [
      'POST system',
      'GET system/device/wakeup',
      'PUT system/events',
      'DELETE system/keyword',
    ]) {
      expect(await app.call(route)).toMatchObject({ errorCode: 3 })
    }
  })

  it('gotapi 37: keyword shows the owner the word they chose, and answers 0 when that closes', async () => {
    const { door, app } = await entered()
    const owner = createTestApp(door, 'app://gantry', 'inside')
    await owner.enter('all')
    expect(await owner.call('PUT apps/keyword', { keyword: '  blue heron ' })).toMatchObject({ result: 0 })
    const answer = app.call('PUT system/keyword')
    await expect.poll(() => door.gotapi.desk.pending()).toHaveLength(1)
    const [shown] = door.gotapi.desk.pending()
    expect(shown).toMatchObject({ kind: 'keyword', keyword: 'blue heron' })
    door.gotapi.desk.decide(shown?.id ?? '', 'deny')
    const body = await answer
    expect(body).toMatchObject({ result: 0 })
    expect(JSON.stringify(body)).not.toContain('heron')
  })

  it('gotapi 37: it answers 0 as well when the word was shown for its time', async () => {
    const clock = createFakeClock()
    const door = await createTestDoor({ clock })
    const app = createTestApp(door)
    await app.beAllowed('system')
    const answer = app.call('PUT system/keyword')
    await expect.poll(() => door.gotapi.desk.pending()).toMatchObject([{ kind: 'keyword' }])
    await clock.advance(60_000)
    expect(await answer).toMatchObject({ result: 0, httpStatus: 200 })
    expect(door.gotapi.desk.pending()).toEqual([])
  })

  it('gotapi 44: the application’s token never reaches a plug-in', async () => {
    const { door, app } = await entered()
    await app.call('POST echo/echo', { serviceId: echoId, nonce: 'ab', text: 'x' })
    expect(door.services.calls[0]?.params).toEqual({ text: 'x' })
    expect(JSON.stringify(door.services.calls)).not.toContain(app.token)
  })
})

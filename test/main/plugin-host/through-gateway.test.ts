import { describe, expect, it } from 'vitest'
import { routes } from '../../../src/main/contract/routes.ts'
import type { FakeClock } from '../../fakes/clock.ts'
import type { Body } from '../../fakes/gotapi.ts'
import {
  createCrashingPlugin,
  createEchoPlugin,
  createFakePlugin,
  createForgetfulPlugin,
  createMutePlugin,
  createRefusingPlugin,
  createRubbishPlugin,
  type FakePlugin,
  isRequest,
  refuse,
  respond,
} from '../../fakes/plugins.ts'
import { openDoor } from './through-gateway.ts'

const called = (plugin: FakePlugin, profile = plugin.manifest.id) =>
  plugin.heard.filter(isRequest).filter(request => request.profile === profile)

/** A meter: GET and PUT know the latest result, `measure` makes a new one. */
function createMeter(first?: number) {
  let latest = first
  const followers = new Set<string>()
  const plugin = createFakePlugin('meter', (request, port) => {
    const token = request.accessToken ?? ''
    const result = () => ({ value: latest })
    if (request.action === 'GET')
      return port.send(latest === undefined ? refuse(request, 16) : respond(request, result()))
    if (request.action === 'DELETE') followers.delete(token)
    port.send(respond(request, {}))
    if (request.action !== 'PUT') return
    followers.add(token)
    if (latest !== undefined) port.send(event(token))
  })
  const event = (accessToken: string) => ({
    action: 'EVENT' as const,
    profile: 'meter',
    attribute: 'level',
    serviceId: 'one',
    accessToken,
    value: latest,
  })
  return {
    plugin,
    measure(value: number) {
      latest = value
      for (const token of followers) plugin.send(event(token))
    },
  }
}

const service = { serviceId: 'one.meter' }
const route = 'meter/level'

async function followMeter(first?: number, scope = 'meter') {
  const meter = createMeter(first)
  const opened = await openDoor([meter.plugin])
  const app = await opened.enter(scope)
  const frames: Body[] = []
  const closes: string[] = []
  app.connect(
    frame => frames.push(frame),
    reason => closes.push(reason),
  )
  const settle = () => (opened.clock as FakeClock).advance(0)
  await settle()
  return { ...opened, meter, app, frames, closes, settle }
}

describe('discovery through the front door', () => {
  it('gotapi 30, 31: asks all plug-ins and answers with their services', async () => {
    const plugins = ['red', 'green', 'blue'].map(id => createEchoPlugin(id))
    const { enter, clock } = await openDoor(plugins)
    const app = await enter('servicediscovery')
    await clock.advance(60_000)
    const asked = () => plugins.map(plugin => called(plugin, 'networkServiceDiscovery').length)
    const before = asked()
    const { services } = (await app.call('GET servicediscovery')) as { services?: Body[] }
    expect(asked()).toEqual(before.map(count => count + 1))
    expect([...(services ?? [])].sort((a, b) => String(a.id).localeCompare(String(b.id)))).toEqual(
      ['blue', 'green', 'red'].map(id => ({
        id: `one.${id}`,
        serviceId: `one.${id}`,
        name: `The ${id} service`,
        online: true,
        scopes: [id],
      })),
    )
  })

  it('gotapi 32, 33: neither a plug-in that hangs nor one that errs fails it', async () => {
    const broken = createFakePlugin('broken', () => {}, {
      discovery: (request, port) => port.send(refuse(request, 1)),
    })
    const { enter, clock } = await openDoor([broken, createMutePlugin(true), createEchoPlugin()])
    const app = await enter('servicediscovery')
    const answer = app.call('GET servicediscovery')
    let isAnswered = false
    void answer.finally(() => {
      isAnswered = true
    })
    await clock.advance(7_999)
    expect(isAnswered).toBe(false)
    await clock.advance(1)
    expect(await answer).toMatchObject({ result: 0, services: [{ id: 'one.echo' }] })
  })

  it('gotapi 34: service information names 3dprinter and describes it', async () => {
    const { enter } = await openDoor([createFakePlugin('p1', () => {}, { profile: '3dprinter' })])
    const app = await enter('serviceinformation')
    expect(await app.call('GET serviceinformation', { serviceId: 'one.p1' })).toMatchObject({
      result: 0,
      supports: expect.arrayContaining(['3dprinter']),
      supportApis: { '3dprinter': { swagger: '2.0' } },
    })
  })

  it('gotapi 35: an unknown service is 6, a missing one 5', async () => {
    const { enter } = await openDoor([createEchoPlugin()])
    const app = await enter('echo')
    expect(await app.call('GET echo/say', { serviceId: 'two.echo' })).toMatchObject({
      errorCode: 6,
      httpStatus: 404,
    })
    expect(await app.call('GET echo/say')).toMatchObject({ errorCode: 5, httpStatus: 400 })
  })

  it('gotapi 36: system lists the plug-ins; DELETE system/events ends what the application follows', async () => {
    const { app, meter, frames, settle, gotapi } = await followMeter(1, 'system,meter')
    for (const path of ['level', 'tide']) await app.call(`PUT meter/${path}`, service)
    expect(await app.call('GET system')).toMatchObject({
      plugins: [{ id: 'meter', name: 'Fake meter', version: '1.0.0', supports: ['meter'] }],
    })
    expect(gotapi.desk.pending()).toEqual([])
    await settle()
    const before = frames.length
    expect(before).toBeGreaterThan(0)
    expect(await app.call('DELETE system/events')).toMatchObject({ result: 0 })
    await settle()
    expect(called(meter.plugin, 'system')).toMatchObject([{ action: 'DELETE', attribute: 'events' }])
    meter.measure(2)
    await settle()
    expect(frames.length).toBe(before)
  })
})

describe('calls through the front door', () => {
  it.each(['GET', 'PUT', 'POST', 'DELETE'])(
    'gotapi 38: %s reaches the plug-in as that action',
    async action => {
      const plugin = createEchoPlugin()
      const { enter } = await openDoor([plugin])
      const app = await enter('echo')
      expect(await app.call(`${action} echo/say`, { serviceId: 'one.echo', text: 'hi' })).toMatchObject({
        result: 0,
      })
      expect(called(plugin).at(-1)).toMatchObject({ action, attribute: 'say', params: { text: 'hi' } })
    },
  )

  it('gotapi 40, 41: approval precedes the first request of an application, once', async () => {
    const plugin = createEchoPlugin()
    const { enter } = await openDoor([plugin])
    const app = await enter('echo')
    await app.call('GET echo/a', { serviceId: 'one.echo' })
    await app.call('GET echo/b', { serviceId: 'one.echo' })
    expect(called(plugin, 'authorization').map(({ attribute }) => attribute)).toEqual([
      'createClient',
      'requestAccessToken',
    ])
    expect(called(plugin).map(({ attribute }) => attribute)).toEqual(['a', 'b'])
  })

  it('gotapi 42: a refusal of the plug-in reaches the application, the request does not reach the plug-in', async () => {
    const plugin = createRefusingPlugin('createClient', 11)
    const { enter } = await openDoor([plugin])
    const app = await enter('refusing')
    expect(await app.call('GET refusing/a', { serviceId: 'one.refusing' })).toMatchObject({
      result: 1,
      errorCode: 11,
      httpStatus: 403,
    })
    expect(called(plugin)).toEqual([])
  })

  it('gotapi 43: a plug-in that forgot its token is asked for another', async () => {
    const { enter } = await openDoor([createForgetfulPlugin(12, 2)])
    const app = await enter('forgetful')
    expect(await app.call('GET forgetful/a', { serviceId: 'one.forgetful' })).toMatchObject({ result: 0 })
  })

  it('gotapi 44: the application’s token is in no message to a plug-in and in no line of the log', async () => {
    const plugin = createEchoPlugin()
    const { enter, lines, gotapi } = await openDoor([plugin])
    const app = await enter('echo')
    await app.call('GET echo/a', { serviceId: 'one.echo', nonce: '00' })
    await app.call('PUT echo/b', { serviceId: 'one.echo' })
    expect(called(plugin)).toHaveLength(2)
    expect(app.token.length).toBeGreaterThan(20)
    expect(JSON.stringify(plugin.heard)).not.toContain(app.token)
    expect(JSON.stringify(lines)).not.toContain(app.token)
    expect(gotapi.name).toBe('front door')
  })

  it.each(['GET', 'POST', 'PUT', 'DELETE'])(
    'every parameter of a %s reaches the plug-in, one called key too, but those that are the server’s',
    async method => {
      const plugin = createEchoPlugin()
      const { enter } = await openDoor([plugin])
      const app = await enter('echo')
      const params = { key: 'piano', Key: 'fis', clientId: 'c', hmac: 'h', scope: 's', package: 'p' }
      const secrets = { nonce: '00', AccessToken: app.token, Nonce: '01' }
      await app.call(`${method} echo/a`, { serviceId: 'one.echo', ...params, ...secrets })
      expect(called(plugin).map(message => message.params)).toEqual([params])
    },
  )

  it('gotapi 15: a mute plug-in is 7 after 60 seconds', async () => {
    const { enter, clock } = await openDoor([createMutePlugin()])
    const app = await enter('mute')
    const answer = app.call('GET mute/a', { serviceId: 'one.mute' })
    await clock.advance(0)
    await clock.advance(60_000)
    expect(await answer).toMatchObject({ errorCode: 7, httpStatus: 504 })
  })

  it('gotapi 46, 48: the payload comes unchanged, without what is Gantry’s own', async () => {
    const payload = { list: [1, null, { deep: 'ä' }], product: 'Forged', hmac: 'forged', _inner: 1 }
    const plugin = createFakePlugin('sly', (request, port) => port.send(respond(request, payload)))
    const { enter } = await openDoor([plugin])
    const app = await enter('sly')
    const answer = await app.call('GET sly/a', { serviceId: 'one.sly' })
    expect(answer).toMatchObject({ result: 0, product: 'Gantry', list: payload.list })
    expect(answer).not.toHaveProperty('hmac')
    expect(answer).not.toHaveProperty('_inner')
  })

  it('gotapi 47: the crash of one plug-in is its own', async () => {
    const { enter } = await openDoor([createCrashingPlugin(), createEchoPlugin()])
    const app = await enter('crashing,echo')
    const crash = () => app.call('GET crashing/a', { serviceId: 'one.crashing' })
    expect(await crash()).toMatchObject({ errorCode: 1, httpStatus: 500 })
    expect(await crash()).toMatchObject({ errorCode: 21, httpStatus: 503 })
    expect(await app.call('GET system', {})).toMatchObject({ errorCode: 14 })
    expect(await app.call('GET availability')).toMatchObject({ result: 0 })
    expect(await app.call('GET echo/a', { serviceId: 'one.echo' })).toMatchObject({ result: 0 })
  })

  it('a plug-in that is switched off is 21 at once', async () => {
    const { enter, host } = await openDoor([createEchoPlugin()])
    const app = await enter('echo')
    await host.setEnabled('echo', false)
    expect(await app.call('GET echo/a', { serviceId: 'one.echo' })).toMatchObject({
      errorCode: 21,
      httpStatus: 503,
    })
  })

  it('rubbish of a plug-in is 1 and tells nothing of the inside', async () => {
    const { enter } = await openDoor([
      createRubbishPlugin(requestCode => ({ action: 'RESPONSE', requestCode })),
    ])
    const app = await enter('rubbish')
    const answer = await app.call('GET rubbish/a', { serviceId: 'one.rubbish' })
    expect(answer).toMatchObject({ errorCode: 1 })
    expect(JSON.stringify(answer)).not.toMatch(/at .*\.ts|Zod|stack/)
  })
})

describe('events through the front door', () => {
  it('gotapi 49: GET returns the latest result at once', async () => {
    const { app, clock, meter } = await followMeter(7)
    await app.call(`GET ${route}`, service)
    const startedAt = clock.now()
    expect(await app.call(`GET ${route}`, service)).toMatchObject({ result: 0, value: 7 })
    expect(clock.now() - startedAt).toBe(0)
    meter.measure(8)
    expect(await app.call(`GET ${route}`, service)).toMatchObject({ result: 0, value: 8 })
  })

  it('gotapi 50: GET without a result is an error', async () => {
    const { app } = await followMeter()
    expect(await app.call(`GET ${route}`, service)).toMatchObject({ errorCode: 16, httpStatus: 409 })
  })

  it('gotapi 51: PUT with a latest result brings an event at once', async () => {
    const { app, frames, settle } = await followMeter(7)
    await app.call(`PUT ${route}`, service)
    await settle()
    expect(frames).toEqual([
      { result: 0, serviceId: 'one.meter', profile: 'meter', attribute: 'level', value: 7 },
    ])
  })

  it('gotapi 52, 53: PUT without a result is followed by silence, then by one event for each result', async () => {
    const { app, frames, settle, meter, clock } = await followMeter()
    expect(await app.call(`PUT ${route}`, service)).toMatchObject({ result: 0 })
    await settle()
    await clock.advance(60_000)
    expect(frames).toEqual([])
    for (let value = 1; value <= 20; value++) {
      meter.measure(value)
      await settle()
      expect(frames).toHaveLength(value)
      await clock.advance(3_000)
      expect(frames).toHaveLength(value)
    }
    expect(frames.map(({ value }) => value)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1))
  })

  it('gotapi 54, 55, 56: DELETE reaches the plug-in, is answered, ends the events and then the line', async () => {
    const { app, frames, closes, settle, meter } = await followMeter(1)
    await app.call(`PUT ${route}`, service)
    await settle()
    const before = frames.length
    expect(await app.call(`DELETE ${route}`, service)).toMatchObject({ result: 0 })
    expect(called(meter.plugin).at(-1)).toMatchObject({ action: 'DELETE', attribute: 'level' })
    meter.measure(2)
    await settle()
    expect(frames.length).toBe(before)
    expect(closes).toHaveLength(1)
  })

  it('gotapi 57: an event has the names of the path that was asked for', async () => {
    const { app, frames, settle } = await followMeter(7)
    await app.call('PUT Meter/LEVEL', service)
    await settle()
    expect(frames).toMatchObject([{ profile: 'Meter', attribute: 'LEVEL' }])
  })

  it('gotapi 58: only who follows hears', async () => {
    const { app, frames, settle, meter, enter } = await followMeter()
    const other = await enter('meter', 'http://other.example.test')
    const heard: Body[] = []
    other.connect(frame => heard.push(frame))
    await app.call(`PUT ${route}`, service)
    await other.call(`GET ${route}`, service)
    meter.measure(1)
    await settle()
    expect(frames).toHaveLength(1)
    expect(heard).toEqual([])
  })

  it('gotapi 59: a PUT repeated does not double the events', async () => {
    const { app, frames, settle, meter } = await followMeter()
    for (let n = 0; n < 3; n++) await app.call(`PUT ${route}`, service)
    meter.measure(1)
    await settle()
    expect(frames).toHaveLength(1)
  })

  it('go on after the plug-in fell over and was started again', async () => {
    const { app, frames, settle, meter, clock } = await followMeter(1)
    await app.call(`PUT ${route}`, service)
    await settle()
    meter.plugin.crash()
    await clock.advance(1_000)
    const before = frames.length
    meter.measure(2)
    await settle()
    expect(frames.slice(before).map(({ value }) => value)).toContain(2)
  })

  it('stop when the permission is taken back, and the plug-in is told', async () => {
    const { app, frames, settle, meter, enter } = await followMeter(1)
    await app.call(`PUT ${route}`, service)
    await settle()
    const before = frames.length
    const owner = await enter('all', 'http://owner.example.test')
    const { apps } = routes['GET apps'].result.parse(await owner.call('GET apps'))
    const clientId = apps.find(({ origin }) => origin === 'http://app.example.test')?.clientId ?? ''
    await owner.call('DELETE apps/client', { clientId })
    await settle()
    expect(meter.plugin.heard.map(({ action }) => action)).toContain('EVENT_TRANSMIT_DISCONNECT')
    meter.measure(2)
    await settle()
    expect(frames.length).toBe(before)
    expect(await app.call(`GET ${route}`, service)).toMatchObject({ errorCode: 15 })
  })
})

import { describe, expect, it } from 'vitest'
import { refuse as refusal } from '../../../src/main/handlers/outcome.ts'
import type { PluginHost } from '../../../src/main/plugin-host/index.ts'
import { createPluginChildren, saying } from '../../fakes/children.ts'
import {
  createEchoPlugin,
  createFakePlugin,
  createMutePlugin,
  isRequest,
  refuse,
  respond,
} from '../../fakes/plugins.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'
import { writePlugin } from './plugin-folder.ts'
import { alice, answered, bob, callOf, startHost } from './start-host.ts'

describe('waking a plug-in', () => {
  it.each<[string, (host: PluginHost, crash: () => void) => unknown, string]>([
    ['is switched off', host => host.setEnabled('echo', false), 'plugin.disabled'],
    ['waits to be started again', (_host, crash) => crash(), 'plugin.restarting'],
  ])('that %s says so and reaches nobody', async (_what, befall, code) => {
    const plugin = createEchoPlugin()
    const { host, clock } = await startHost([plugin])
    await clock.advance(0)
    await befall(host, plugin.crash)
    plugin.heard.length = 0
    expect(await host.wakeup('echo', alice)).toMatchObject({ result: 1, code })
    expect(await host.call(callOf('echo'))).toMatchObject({ result: 1, code })
    expect(plugin.heard).toEqual([])
  })

  it('that was given up says that its owner must start it', async () => {
    const plugin = createEchoPlugin()
    const { host, clock } = await startHost([plugin], { limits: { crashes: 1 } })
    await clock.advance(0)
    plugin.crash()
    expect(await host.wakeup('echo', alice)).toMatchObject({ code: 'plugin.stopped' })
    await host.setEnabled('echo', false)
    expect(await host.wakeup('echo', alice)).toMatchObject({ code: 'plugin.disabled' })
  })

  it('waits for it no longer than for discovery', async () => {
    const { host, clock } = await startHost([createMutePlugin()])
    const woken = host.wakeup('mute', alice)
    await clock.advance(0)
    await clock.advance(8_000)
    expect(await woken).toMatchObject({ code: 'plugin.late' })
  })

  it('tells it who asks and for what, and hands its answer on', async () => {
    const plugin = createFakePlugin('lamp', (request, port) => port.send(refuse(request, 3)))
    const { host } = await startHost([plugin])
    expect(answered(await host.wakeup('lamp', alice))).toMatchObject({ errorCode: 3 })
    expect(plugin.heard.findLast(isRequest)).toMatchObject({
      action: 'PUT',
      api: 'gotapi',
      profile: 'system',
      interface: 'device',
      attribute: 'wakeup',
      origin: alice.origin,
      product: 'Gantry',
      version: '0.0.0',
    })
  })
})

it('a call is told to its plug-in as it was asked, and nothing of what it does not name', async () => {
  const plugin = createFakePlugin('lamp', (request, port) => port.send(respond(request, {})), {
    approval: (request, port) => port.send(refuse(request, 2)),
  })
  const { host } = await startHost([plugin])
  await host.call(callOf('lamp', { params: { nonce: '1', ACCESSTOKEN: 't', colour: 'red' } }))
  expect(plugin.heard.at(-1)).toStrictEqual({
    action: 'GET',
    requestCode: expect.any(String),
    api: 'gotapi',
    profile: 'lamp',
    serviceId: 'one',
    origin: alice.origin,
    package: alice.origin,
    params: { colour: 'red' },
    product: 'Gantry',
    version: '0.0.0',
  })
})

describe('the id of a service', () => {
  it('without a dot is nobody’s, though a plug-in is called so and has a service that is nearly so', async () => {
    const services = [{ id: 'lam', name: 'Lam', online: true, scopes: ['lamp'] }]
    const plugin = createFakePlugin('lamp', (request, port) => port.send(respond(request, {})), {
      discovery: (request, port) => port.send(respond(request, { services })),
    })
    const { host } = await startHost([plugin])
    expect(await host.call(callOf('lamp', { serviceId: 'lam.lamp' }))).toMatchObject({ result: 0 })
    expect(await host.call(callOf('lamp', { serviceId: 'lamp' }))).toMatchObject({ code: 'service.unknown' })
  })
})

describe('an application that hears of nothing any more', () => {
  it('is taken from each plug-in by each token it has there, and nobody else is', async () => {
    const services = ['one', 'two'].map(id => ({ id, name: id, online: true, scopes: ['lamp'] }))
    const plugin = createFakePlugin('lamp', (request, port) => port.send(respond(request, {})), {
      discovery: (request, port) => port.send(respond(request, { services })),
    })
    const { host } = await startHost([plugin, createEchoPlugin()])
    for (const serviceId of ['one.lamp', 'two.lamp']) await host.call(callOf('lamp', { serviceId }))
    await host.call(callOf('lamp', { caller: bob }))
    plugin.heard.length = 0
    await host.clearEvents(alice)
    expect(plugin.heard).toMatchObject(
      ['token-1', 'token-2'].map(accessToken => ({
        action: 'DELETE',
        profile: 'system',
        attribute: 'events',
        origin: alice.origin,
        accessToken,
      })),
    )
    plugin.heard.length = 0
    host.disconnected(alice)
    await host.clearEvents({ ...bob, id: 'somebody' })
    expect(plugin.heard).toMatchObject([
      { action: 'EVENT_TRANSMIT_DISCONNECT', accessToken: 'token-1' },
      { action: 'EVENT_TRANSMIT_DISCONNECT', accessToken: 'token-2' },
      { action: 'DELETE' },
    ])
    expect(plugin.heard.at(-1)).not.toHaveProperty('accessToken')
  })

  it('leaves the one plug-in that is meant, and only that', async () => {
    const plugins = ['red', 'green'].map(id => createEchoPlugin(id))
    const { host, clock } = await startHost(plugins)
    for (const id of ['red', 'green']) await host.call(callOf(id))
    for (const { heard } of plugins) heard.length = 0
    host.disconnected(alice, 'red')
    await clock.advance(0)
    expect(plugins.map(({ heard }) => heard.length)).toEqual([1, 0])
    host.forget(alice, 'green')
    await clock.advance(0)
    expect(plugins.map(({ heard }) => heard.length)).toEqual([1, 1])
  })
})

describe('who may use third-party plug-ins', () => {
  async function startLamp() {
    const dir = makeTempDir()
    writePlugin(dir, 'lamp', '', { manufacturer: 'Tick & Co', about: 'Shines.' })
    const { processes, children } = createPluginChildren({ lamp: saying({ on: true }) })
    const started = await startHost([createEchoPlugin()], { dir, processes })
    return { ...started, children }
  }

  it('is asked of the newest guard, and of the one before when that goes', async () => {
    const { host, unguard } = await startLamp()
    const say = async () => (await host.call(callOf('lamp'))).result
    expect(await say()).toBe(0)
    const stop = host.guard(() => refusal('auth.denied', 'No.'))
    expect(await say()).toBe(1)
    stop()
    expect(await say()).toBe(0)
    unguard()
    expect(await say()).toBe(1)
  })

  it('is nobody’s question for a plug-in that came with Gantry', async () => {
    const { host, unguard } = await startLamp()
    unguard()
    expect(await host.call(callOf('echo'))).toMatchObject({ result: 0 })
    expect(await host.wakeup('echo', alice)).toMatchObject({ result: 0 })
    expect(await host.call(callOf('lamp'))).toMatchObject({ code: 'auth.denied' })
    expect(await host.wakeup('lamp', alice)).toMatchObject({ code: 'auth.denied' })
  })

  it('is not asked for a profile the service has not, nor for a service that is not there', async () => {
    const { host } = await startLamp()
    let asked = 0
    host.guard(() => {
      asked += 1
      return undefined
    })
    expect(await host.call(callOf('other', { serviceId: 'one.lamp' }))).toMatchObject({
      code: 'request.unknown-profile',
      params: { profile: 'other' },
    })
    expect(answered(await host.call(callOf('lamp', { serviceId: 'two.lamp' })))).toMatchObject({
      errorCode: 6,
    })
    expect(asked).toBe(0)
    expect(await host.call(callOf('LAMP', { serviceId: 'one.lamp' }))).toMatchObject({ result: 0 })
    expect(asked).toBe(1)
  })

  it('is told with the signal of the call and with what the plug-in is', async () => {
    const { host } = await startLamp()
    const seen: unknown[] = []
    host.guard((plugin, caller, signal) => {
      seen.push([plugin, caller, signal])
      return undefined
    })
    const { signal } = new AbortController()
    await host.call(callOf('lamp'), signal)
    await host.wakeup('lamp', bob, signal)
    const [lamp] = host.thirdParty()
    expect(host.thirdParty()).toHaveLength(1)
    expect(lamp).toMatchObject({
      id: 'lamp',
      name: 'lamp',
      manufacturer: 'Tick & Co',
      profiles: ['lamp'],
      identity: JSON.stringify(['lamp', 'lamp', 'Tick & Co', ['lamp']]),
    })
    expect(seen).toEqual([
      [lamp, alice, signal],
      [lamp, bob, signal],
    ])
  })

  it('may be called by each of its profiles', async () => {
    const dir = makeTempDir()
    const described = { swagger: '2.0', info: { title: 'x', version: '1' }, paths: {} }
    writePlugin(dir, 'lamp', '', { profiles: { light: described, Sound: described } })
    const { processes } = createPluginChildren({ lamp: saying({}) })
    const { host } = await startHost([], { dir, processes })
    for (const profile of ['light', 'sound'])
      expect(await host.call(callOf(profile, { serviceId: 'one.lamp' }))).toMatchObject({ result: 0 })
    const information = await host.information('one.lamp')
    expect(information).toMatchObject({ supports: ['light', 'Sound'] })
    expect(information?.supportApis).toEqual({ light: described, Sound: described })
  })

  it('all plug-ins are listed for applications, those that came with Gantry too', async () => {
    const { host } = await startLamp()
    expect(host.plugins()).toEqual([
      { id: 'echo', name: 'Fake echo', version: '1.0.0', supports: ['echo'] },
      { id: 'lamp', name: 'lamp', version: '1.0.0', supports: ['lamp'] },
    ])
    expect(host.list()).toMatchObject([
      { id: 'echo', builtIn: true, about: '' },
      { id: 'lamp', builtIn: false, about: 'Shines.', enabled: true, profiles: ['lamp'] },
    ])
  })
})

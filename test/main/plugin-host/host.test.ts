import { describe, expect, it } from 'vitest'
import type { ServiceEvent } from '../../../src/main/plugin-host/index.ts'
import type { PluginMessage } from '../../../src/main/plugin-host/plugin.ts'
import {
  createCrashingPlugin,
  createEchoPlugin,
  createFakePlugin,
  createForgetfulPlugin,
  createLatePlugin,
  createMutePlugin,
  createRefusingPlugin,
  createRubbishPlugin,
  createTwicePlugin,
  type FakePlugin,
  isRequest,
  refuse,
  respond,
} from '../../fakes/plugins.ts'
import { alice, answered, bob, callOf, owner, startHost } from './start-host.ts'

const requestsTo = (plugin: FakePlugin) => plugin.heard.filter(isRequest)
const settle = () => new Promise<void>(resolve => setImmediate(resolve))
const attributesOf = (plugin: FakePlugin) =>
  requestsTo(plugin)
    .filter(({ profile }) => profile !== 'networkServiceDiscovery')
    .map(({ attribute, profile }) => attribute ?? profile)

describe('discovery', () => {
  it('gotapi 30: the discovery request goes to all installed plug-ins', async () => {
    const plugins = ['red', 'green', 'blue'].map(id => createEchoPlugin(id))
    const { host } = await startHost(plugins)
    const askedOf = (plugin: FakePlugin) =>
      requestsTo(plugin).filter(({ attribute }) => attribute === 'getNetworkServices')
    const before = plugins.map(plugin => askedOf(plugin).length)
    const found = await host.discover()
    expect(found.map(({ id }) => id).sort()).toEqual(['one.blue', 'one.green', 'one.red'])
    for (const [n, plugin] of plugins.entries()) {
      const asked = askedOf(plugin)
      expect(asked).toHaveLength((before[n] ?? 0) + 1)
      expect(asked.at(-1)).toMatchObject({ action: 'GET', profile: 'networkServiceDiscovery' })
    }
  })

  it('gotapi 31: entries hold id and serviceId, name, online and scopes', async () => {
    const { host } = await startHost([createEchoPlugin()])
    expect(await host.discover()).toEqual([
      { id: 'one.echo', serviceId: 'one.echo', name: 'The echo service', online: true, scopes: ['echo'] },
    ])
  })

  it('gotapi 32: a plug-in that hangs does not block discovery beyond 8 seconds', async () => {
    const { host, clock } = await startHost([createEchoPlugin(), createMutePlugin(true)])
    const found = host.discover()
    let done = false
    void found.then(() => {
      done = true
    })
    await clock.advance(7_999)
    expect(done).toBe(false)
    await clock.advance(1)
    expect((await found).map(({ id }) => id)).toEqual(['one.echo'])
  })

  it('gotapi 33: a plug-in error does not fail the discovery', async () => {
    const broken = createFakePlugin('broken', () => {}, {
      discovery: (request, port) => port.send(refuse(request, 1)),
    })
    const { host } = await startHost([broken, createEchoPlugin()])
    expect((await host.discover()).map(({ id }) => id)).toEqual(['one.echo'])
  })

  it('leaves out a service that makes no sense and keeps its neighbours', async () => {
    const odd = createFakePlugin('odd', () => {}, {
      discovery: (request, port) =>
        port.send(
          respond(request, {
            services: [
              { serviceId: 'a b', name: 'blank in the id', online: true },
              { serviceId: 'quiet', name: 'no online' },
              { name: 'no id', online: true },
              { id: 'good', name: 'Good', online: false, scopes: ['odd', 'system'], type: 'BLE' },
              'rubbish',
            ],
          }),
        ),
    })
    const { host } = await startHost([odd])
    expect(await host.discover()).toEqual([
      { id: 'good.odd', serviceId: 'good.odd', name: 'Good', online: false, scopes: ['odd'], type: 'BLE' },
    ])
  })

  it('says when services change, after asking the plug-in what it has now', async () => {
    let online = true
    const plugin = createFakePlugin('lamp', () => {}, {
      discovery: (request, port) =>
        port.send(respond(request, { services: [{ id: 'one', name: 'Lamp', online, scopes: ['lamp'] }] })),
    })
    const { host, clock } = await startHost([plugin])
    await clock.advance(0)
    const told: boolean[] = []
    host.on('services', services => told.push(...services.map(service => service.online)))
    online = false
    plugin.send({ action: 'EVENT', profile: 'serviceDiscovery', attribute: 'onServiceChange' })
    await clock.advance(0)
    expect(told).toEqual([false])
  })

  it('gotapi 34: service information says what a service supports, with the description of its profile', async () => {
    const { host } = await startHost([createFakePlugin('p1', () => {}, { profile: '3dprinter' })])
    const information = await host.information('one.p1')
    expect(information?.supports).toEqual(['3dprinter'])
    expect(information?.supportApis['3dprinter']).toMatchObject({ swagger: '2.0' })
    expect(await host.information('two.p1')).toBeUndefined()
  })
})

describe('a call', () => {
  it.each([
    ['', 5],
    ['one', 6],
    ['one.nobody', 6],
    ['two.echo', 6],
    ['.echo', 6],
  ])('gotapi 35: service "%s" is answered with code %i', async (serviceId, errorCode) => {
    const { host } = await startHost([createEchoPlugin()])
    expect(answered(await host.call(callOf('echo', { serviceId })))).toMatchObject({ result: 1, errorCode })
  })

  it.each(['GET', 'PUT', 'POST', 'DELETE'] as const)(
    'gotapi 38: %s reaches the plug-in with the equal action name',
    async action => {
      const plugin = createEchoPlugin()
      const { host } = await startHost([plugin])
      await host.call(
        callOf('echo', { action, interface: 'inner', attribute: 'say', params: { text: 'hi' } }),
      )
      expect(requestsTo(plugin).at(-1)).toMatchObject({
        action,
        api: 'gotapi',
        profile: 'echo',
        interface: 'inner',
        attribute: 'say',
        serviceId: 'one',
        origin: alice.origin,
        params: { text: 'hi' },
        product: 'Gantry',
      })
    },
  )

  it('gotapi 40: approval precedes the first request of an origin to a service', async () => {
    const plugin = createEchoPlugin()
    const { host } = await startHost([plugin])
    await host.call(callOf('echo', { attribute: 'say' }))
    expect(attributesOf(plugin)).toEqual(['createClient', 'requestAccessToken', 'say'])
    const [client, token, call] = requestsTo(plugin).filter(
      ({ profile }) => profile !== 'networkServiceDiscovery',
    )
    expect(client).toMatchObject({ action: 'GET', package: alice.origin, serviceId: 'one' })
    expect(token).toMatchObject({ clientId: 'client-1', applicationName: 'Alice', scope: 'echo' })
    expect(call).toMatchObject({ accessToken: 'token-1' })
  })

  it('gotapi 40: each service of a plug-in has an approval of its own', async () => {
    const services = ['one', 'two'].map(id => ({ id, name: id, online: true, scopes: ['twin'] }))
    const plugin = createFakePlugin('twin', (request, port) => port.send(respond(request, {})), {
      discovery: (request, port) => port.send(respond(request, { services })),
    })
    const { host } = await startHost([plugin])
    for (const serviceId of ['one.twin', 'two.twin', 'one.twin', 'two.twin']) {
      expect(await host.call(callOf('twin', { serviceId, attribute: 'say' }))).toMatchObject({ result: 0 })
    }
    const heard = requestsTo(plugin).filter(({ profile }) => profile !== 'networkServiceDiscovery')
    expect(heard.map(({ attribute, serviceId }) => `${attribute} ${serviceId}`)).toEqual([
      'createClient one',
      'requestAccessToken one',
      'say one',
      'createClient two',
      'requestAccessToken two',
      'say two',
      'say one',
      'say two',
    ])
    const tokens = heard.filter(({ attribute }) => attribute === 'say').map(each => each.accessToken)
    expect(tokens).toEqual(['token-1', 'token-2', 'token-1', 'token-2'])
  })

  it('gotapi 41: approval is not repeated for the second request, and is per application', async () => {
    const plugin = createEchoPlugin()
    const { host } = await startHost([plugin])
    await host.call(callOf('echo', { attribute: 'first' }))
    await host.call(callOf('echo', { attribute: 'second' }))
    await host.call(callOf('echo', { attribute: 'third', caller: bob }))
    expect(attributesOf(plugin)).toEqual([
      'createClient',
      'requestAccessToken',
      'first',
      'second',
      'createClient',
      'requestAccessToken',
      'third',
    ])
    expect(requestsTo(plugin).at(-1)).toMatchObject({ origin: bob.origin, accessToken: 'token-2' })
  })

  it('shares one approval between calls that arrive together', async () => {
    const plugin = createEchoPlugin()
    const { host } = await startHost([plugin])
    await Promise.all([host.call(callOf('echo')), host.call(callOf('echo')), host.call(callOf('echo'))])
    expect(attributesOf(plugin)).toEqual(['createClient', 'requestAccessToken', 'echo', 'echo', 'echo'])
  })

  it.each([
    ['createClient', 11],
    ['createClient', 10],
    ['requestAccessToken', 11],
    ['requestAccessToken', 1],
  ] as const)(
    'gotapi 42: %s refused with %i is answered with 11 and nothing is delivered',
    async (step, errorCode) => {
      const plugin = createRefusingPlugin(step, errorCode)
      const { host } = await startHost([plugin])
      expect(answered(await host.call(callOf('refusing', { attribute: 'secret' })))).toMatchObject({
        errorCode: 11,
      })
      expect(attributesOf(plugin)).not.toContain('secret')
      const asked = attributesOf(plugin).length
      await host.call(callOf('refusing', { attribute: 'secret' }))
      expect(attributesOf(plugin).length, 'a refusal is not kept').toBe(asked * 2)
    },
  )

  it('tells a plug-in of Gantry’s own that the owner asks, and no application can say so of itself', async () => {
    const plugin = createEchoPlugin()
    const { host } = await startHost([plugin])
    const forged = { isOwner: 'true', _audience: 'owner' }
    for (const caller of [owner, alice]) await host.call(callOf('echo', { caller, params: forged }))
    const told = requestsTo(plugin).filter(({ profile }) => profile === 'echo')
    expect(told.map(({ isOwner, params }) => [isOwner, params])).toEqual([
      [true, forged],
      [undefined, forged],
    ])
  })

  it('goes on without a token when the plug-in has no approval of its own', async () => {
    const plugin = createFakePlugin('open', (request, port) => port.send(respond(request, { ok: true })), {
      approval: (request, port) => port.send(refuse(request, 2)),
    })
    const { host } = await startHost([plugin])
    expect(await host.call(callOf('open'))).toEqual({ result: 0, payload: { ok: true } })
    expect(requestsTo(plugin).at(-1)).not.toHaveProperty('accessToken')
  })

  it.each([
    [
      15,
      ['createClient', 'requestAccessToken', 'forgetful', 'createClient', 'requestAccessToken', 'forgetful'],
    ],
    [12, ['createClient', 'requestAccessToken', 'forgetful', 'requestAccessToken', 'forgetful']],
  ])('gotapi 43: answer %i of a plug-in causes re-approval', async (errorCode, said) => {
    const plugin = createForgetfulPlugin(errorCode, 1)
    const { host } = await startHost([plugin])
    expect(await host.call(callOf('forgetful'))).toEqual({ result: 0, payload: { token: 'token-2' } })
    expect(attributesOf(plugin)).toEqual(said)
    expect(requestsTo(plugin).at(-1)).toMatchObject({ accessToken: 'token-2' })
  })

  it.each([12, 15])(
    'gotapi 43: a plug-in that always answers %i is asked three times, no more',
    async errorCode => {
      const plugin = createForgetfulPlugin(errorCode, 99)
      const { host } = await startHost([plugin])
      expect(answered(await host.call(callOf('forgetful')))).toMatchObject({ result: 1, errorCode: 11 })
      expect(attributesOf(plugin).filter(name => name === 'forgetful')).toHaveLength(3)
    },
  )

  it('delivers nothing while a plug-in gives clients and forgets them at once', async () => {
    const plugin = createRefusingPlugin('requestAccessToken', 15)
    const { host } = await startHost([plugin])
    expect(answered(await host.call(callOf('refusing', { attribute: 'secret' })))).toMatchObject({
      errorCode: 11,
    })
    expect(attributesOf(plugin)).toEqual(Array(3).fill(['createClient', 'requestAccessToken']).flat())
  })

  it('gotapi 44: the access token of an application never reaches a plug-in', async () => {
    const plugin = createEchoPlugin()
    const { host } = await startHost([plugin])
    const params = {
      accessToken: 'app-secret-token',
      accesstoken: 'app-secret-token',
      nonce: 'ab',
      text: 'hi',
    }
    await host.call(callOf('echo', { params }))
    await host.clearEvents(alice)
    host.disconnected(alice)
    expect(JSON.stringify(plugin.heard)).not.toContain('app-secret-token')
    expect(requestsTo(plugin).find(({ profile }) => profile === 'echo')?.params).toEqual({ text: 'hi' })
  })

  it('gotapi 15: no answer within 60 seconds is code 7', async () => {
    const { host, clock } = await startHost([createMutePlugin()])
    const answer = host.call(callOf('mute'))
    let done = false
    void answer.then(() => {
      done = true
    })
    await clock.advance(0)
    await clock.advance(59_999)
    expect(done).toBe(false)
    await clock.advance(1)
    expect(answered(await answer)).toMatchObject({ result: 1, errorCode: 7 })
  })

  it('gotapi 45: a late answer is dropped and harms nobody', async () => {
    const { plugin, answer } = createLatePlugin()
    const { host, clock, lines } = await startHost([plugin])
    const first = host.call(callOf('late'))
    await clock.advance(0)
    await clock.advance(60_000)
    expect(answered(await first)).toMatchObject({ errorCode: 7 })
    const second = host.call(callOf('late'))
    await clock.advance(0)
    answer()
    await clock.advance(0)
    expect(lines.map(({ sentence }) => sentence)).toContain('dropped an answer nobody waits for')
    answer()
    expect(await second).toEqual({ result: 0, payload: { answer: 'at last' } })
  })

  it('gotapi 45: an answer to a code never asked is dropped', async () => {
    const plugin = createEchoPlugin()
    const { host, clock, lines } = await startHost([plugin])
    plugin.send({ action: 'RESPONSE', requestCode: 'made-up', result: 0 })
    await clock.advance(0)
    expect(lines.map(({ sentence }) => sentence)).toContain('dropped an answer nobody waits for')
    expect(await host.call(callOf('echo'))).toMatchObject({ result: 0 })
  })

  it('takes the first of two answers', async () => {
    const { host } = await startHost([createTwicePlugin()])
    expect(await host.call(callOf('twice'))).toEqual({ result: 0, payload: { answer: 'first' } })
    expect(await host.call(callOf('twice'))).toEqual({ result: 0, payload: { answer: 'first' } })
  })

  it.each<[string, (requestCode: string) => unknown]>([
    ['an answer without a result', requestCode => ({ action: 'RESPONSE', requestCode })],
    ['an unknown action', requestCode => ({ action: 'SHOUT', requestCode, result: 0 })],
    ['a result in words', requestCode => ({ action: 'RESPONSE', requestCode, result: 'fine' })],
    [
      'two megabytes',
      requestCode => ({ action: 'RESPONSE', requestCode, result: 0, big: 'x'.repeat(2 ** 21) }),
    ],
    ['a buffer', requestCode => ({ action: 'RESPONSE', requestCode, result: 0, raw: new Uint8Array(8) })],
    ['a bottomless nest', requestCode => ({ action: 'RESPONSE', requestCode, result: 0, deep: nest(500) })],
  ])('answers code 1 when the plug-in sends %s', async (_what, rubbish) => {
    const { host } = await startHost([createRubbishPlugin(rubbish)])
    expect(answered(await host.call(callOf('rubbish')))).toMatchObject({ result: 1, errorCode: 1 })
  })

  it.each<[string, unknown]>([
    ['text', 'hello'],
    ['nothing', null],
    ['a list', [1, 2]],
    ['an event without a profile', { action: 'EVENT' }],
  ])('survives %s on the line', async (_what, rubbish) => {
    const plugin = createEchoPlugin()
    const { host, clock } = await startHost([plugin])
    plugin.send(rubbish as PluginMessage)
    await clock.advance(0)
    expect(await host.call(callOf('echo'))).toMatchObject({ result: 0 })
  })

  it('gotapi 46: reserved payload keys of a plug-in are discarded', async () => {
    const plugin = createFakePlugin('sly', (request, port) =>
      port.send(
        respond(request, {
          hmac: 'forged',
          NONCE: 'forged',
          accessToken: 'leak',
          product: 'Other',
          version: '9',
          serviceId: 'other',
          statusCode: 500,
          _client: 'inner',
          real: 1,
        }),
      ),
    )
    const { host } = await startHost([plugin])
    expect(await host.call(callOf('sly'))).toEqual({ result: 0, payload: { real: 1 } })
  })

  it.each([
    'if_type',
    'request_id',
    'request_url',
    'params',
    'package',
    'api',
    'profile',
    'interface',
    'attribute',
    'method',
    'receiver',
    'clientId',
    'accessToken',
    'errorMessage',
    'errorCode',
    'errorText',
    'statusCode',
    'product',
    'version',
    'hmac',
    'nonce',
    'serviceId',
    '_',
    '_anything',
    'HMAC',
  ])('gotapi 46: "%s" of a plug-in goes neither into an answer nor into an event', async name => {
    const plugin = createFakePlugin('sly', (request, port) => {
      const value = name === 'errorCode' ? 9 : 'forged'
      port.send({ ...respond(request, { real: 1 }), [name]: value } as PluginMessage)
    })
    const { host, clock } = await startHost([plugin])
    expect(await host.call(callOf('sly'))).toEqual({ result: 0, payload: { real: 1 } })
    const told: ServiceEvent[] = []
    host.on('event', event => told.push(event))
    const event = { action: 'EVENT', profile: 'sly', serviceId: 'one', real: 1 }
    plugin.send({ [name]: 'forged', ...event } as PluginMessage)
    await clock.advance(0)
    // A token it never gave out makes it an event for nobody.
    expect(told.map(({ payload }) => payload)).toEqual(name === 'accessToken' ? [] : [{ real: 1 }])
  })

  it('gotapi 48: the payload of a plug-in is relayed unchanged', async () => {
    const payload = { list: [1, 'two', null, { deep: true }], text: 'Grüße\u0000', number: 1e-9, empty: {} }
    const plugin = createFakePlugin('plain', (request, port) => port.send(respond(request, payload)))
    const { host } = await startHost([plugin])
    expect(await host.call(callOf('plain'))).toEqual({ result: 0, payload })
  })

  it('gotapi 48: names that mean something in a refusal are payload in a success', async () => {
    const payload = { reason: 'filament', reasonParams: 'x', about: 'the weather' }
    const plugin = createFakePlugin('plain', (request, port) => port.send(respond(request, payload)))
    const { host } = await startHost([plugin])
    expect(await host.call(callOf('plain'))).toEqual({ result: 0, payload })
  })

  it.each([
    [
      { reason: 'printer.busy', errorCode: 3 },
      { reason: 'printer.busy', errorCode: 16 },
    ],
    [
      { reason: 'request.invalid', reasonParams: { name: 'percent', path: '/home/anna' } },
      { reason: 'request.invalid', errorCode: 10, reasonParams: { name: 'percent' } },
    ],
    [
      { reason: 'nonsense', errorCode: 8 },
      { reason: 'plugin.refused', errorCode: 8 },
    ],
    [{ reason: 7 }, { reason: 'plugin.refused', errorCode: 1 }],
    [
      { reason: 'printer.busy', reasonParams: 'x' },
      { reason: 'printer.busy', errorCode: 16 },
    ],
  ])('hands on why a plug-in of Gantry’s own refuses: %o', async (said, expected) => {
    const plugin = createFakePlugin('no', ({ requestCode }, port) =>
      port.send({
        action: 'RESPONSE',
        requestCode,
        result: 1,
        errorMessage: 'No.',
        ...said,
      } as PluginMessage),
    )
    const { host } = await startHost([plugin])
    expect(answered(await host.call(callOf('no')))).toEqual({ result: 1, errorMessage: 'No.', ...expected })
  })

  it.each([
    [{ result: 1, errorCode: 16, errorMessage: 'no paper' }, 16, 'no paper'],
    [{ result: 1, errorCode: '4' }, 4, undefined],
    [{ result: 404 }, 404, undefined],
    [{ result: 1, errorCode: 1234, errorMessage: 'private' }, 1234, 'private'],
    [{ result: 1, errorCode: -1 }, 1, undefined],
    [{ result: 1, errorCode: 13 }, 11, undefined],
  ])('passes the error %o of a plug-in on', async (said, errorCode, errorMessage) => {
    const plugin = createFakePlugin('no', ({ requestCode }, port) =>
      port.send({ action: 'RESPONSE', requestCode, ...said } as PluginMessage),
    )
    const { host } = await startHost([plugin])
    const answer = await host.call(callOf('no'))
    expect(answered(answer)).toMatchObject({ result: 1, errorCode })
    if (errorMessage !== undefined) expect(answered(answer)).toMatchObject({ errorMessage })
  })

  it('answers 2 for a profile the service does not have', async () => {
    const { host } = await startHost([createEchoPlugin()])
    expect(answered(await host.call(callOf('other', { serviceId: 'one.echo' })))).toMatchObject({
      errorCode: 2,
    })
  })

  it('answers 17 when a plug-in owes too many answers already', async () => {
    const { host, clock } = await startHost([createMutePlugin()], { limits: { inFlight: 3 } })
    for (let n = 0; n < 3; n++) void host.call(callOf('mute'))
    await clock.advance(0)
    expect(answered(await host.call(callOf('mute')))).toMatchObject({ errorCode: 17 })
  })

  it('ends the wait when the application goes away', async () => {
    const { host, clock } = await startHost([createMutePlugin()])
    const gone = new AbortController()
    const answer = host.call(callOf('mute'), gone.signal)
    await clock.advance(0)
    gone.abort()
    expect(await answer).toMatchObject({ result: 1 })
    expect(clock.waiting()).not.toContain('plug-in answer')
  })
})

describe('a plug-in that falls over', () => {
  it('gotapi 47: a crashing plug-in leaves the others running; its calls are answered 1, then 21', async () => {
    const { host } = await startHost([createCrashingPlugin(), createEchoPlugin()])
    expect(answered(await host.call(callOf('crashing')))).toMatchObject({ errorCode: 1 })
    expect(answered(await host.call(callOf('crashing')))).toMatchObject({
      errorCode: 21,
      errorMessage: expect.stringContaining('is being started again'),
    })
    expect(await host.call(callOf('echo'))).toMatchObject({ result: 0 })
    expect((await host.discover()).map(({ id }) => id)).toEqual(['one.echo'])
  })

  it('is started again with growing waits, and given up after five crashes in ten minutes', async () => {
    const plugin = createEchoPlugin()
    const { host, clock } = await startHost([plugin])
    await clock.advance(0)
    for (const waitMs of [1_000, 2_000, 4_000, 8_000]) {
      plugin.crash()
      expect(host.list()[0]).toMatchObject({
        state: 'waiting',
        reason: 'It ended by itself.',
        startsAgainAt: clock.now() + waitMs,
      })
      await clock.advance(waitMs - 1)
      expect(host.list()[0]?.state).toBe('waiting')
      await clock.advance(1)
      expect(host.list()[0]?.state).toBe('running')
      expect(host.list()[0]).not.toHaveProperty('startsAgainAt')
    }
    plugin.crash()
    expect(host.list()[0]).toMatchObject({ state: 'given-up', restarts: 4 })
    expect(answered(await host.call(callOf('echo')))).toMatchObject({ errorCode: 21 })
    await host.restart('echo')
    expect(await host.call(callOf('echo'))).toMatchObject({ result: 0 })
  })

  it('is asked for approval anew in its new life', async () => {
    const plugin = createEchoPlugin()
    const { host, clock } = await startHost([plugin])
    await host.call(callOf('echo'))
    plugin.crash()
    await clock.advance(1_000)
    plugin.heard.length = 0
    await host.call(callOf('echo'))
    expect(attributesOf(plugin)).toEqual(['createClient', 'requestAccessToken', 'echo'])
  })

  it('is told again in its new life who follows what, and of nobody who left', async () => {
    const plugin = createEchoPlugin()
    const { host, clock } = await startHost([plugin])
    const follow = callOf('echo', {
      action: 'PUT',
      attribute: 'tick',
      follows: true,
      params: { interval: '5' },
    })
    await host.call(follow)
    await host.call({ ...follow, attribute: 'other' })
    await host.call({ ...follow, action: 'DELETE', attribute: 'OTHER' })
    await host.call({ ...follow, attribute: 'print' })
    await host.call({ ...follow, caller: bob })
    for (const attribute of ['TICK', 'other'])
      plugin.send({ action: 'EVENT', profile: 'echo', attribute, serviceId: 'one' })
    await clock.advance(0)
    host.disconnected(bob)
    plugin.crash()
    plugin.heard.length = 0
    await clock.advance(1_000)
    expect(attributesOf(plugin)).toEqual(['createClient', 'requestAccessToken', 'tick'])
    expect(requestsTo(plugin).at(-1)).toMatchObject({
      action: 'PUT',
      origin: alice.origin,
      params: { interval: '5' },
    })
  })

  it('is told again in its new life what stood, whatever became of a PUT that repeated it', async () => {
    const plugin = createFakePlugin('echo', (request, port) => {
      const { interval = '' } = request.params
      port.send(interval === '0' ? refuse(request, 10) : respond(request, {}))
    })
    const { host, clock } = await startHost([plugin])
    const put = (interval: string) =>
      host.call(callOf('echo', { action: 'PUT', attribute: 'tick', follows: true, params: { interval } }))
    for (const interval of ['5', '7', '0']) await put(interval)
    plugin.send({ action: 'EVENT', profile: 'echo', attribute: 'tick', serviceId: 'one' })
    await clock.advance(0)
    plugin.crash()
    plugin.heard.length = 0
    await clock.advance(1_000)
    expect(requestsTo(plugin).at(-1)).toMatchObject({ action: 'PUT', params: { interval: '7' } })
  })

  it('is not told of a first PUT that was refused', async () => {
    const plugin = createFakePlugin('echo', (request, port) => port.send(refuse(request, 10)))
    const { host, clock } = await startHost([plugin])
    await host.call(callOf('echo', { action: 'PUT', attribute: 'tick', follows: true }))
    plugin.send({ action: 'EVENT', profile: 'echo', attribute: 'tick', serviceId: 'one' })
    await clock.advance(0)
    plugin.crash()
    plugin.heard.length = 0
    await clock.advance(1_000)
    expect(attributesOf(plugin)).toEqual([])
  })

  it('is stopped when it sends without end', async () => {
    const plugin = createEchoPlugin()
    const { host, clock } = await startHost([plugin], { limits: { messagesPerSecond: 50 } })
    await clock.advance(0)
    for (let n = 0; n < 60; n++) plugin.send({ action: 'EVENT', profile: 'echo', serviceId: 'one' })
    await clock.advance(0)
    expect(host.list()[0]).toMatchObject({ state: 'waiting' })
  })

  it('a listener that throws inside a built-in plug-in is a crash of that plug-in only', async () => {
    const plugin = createFakePlugin('clumsy', () => {
      throw new Error('lost a glove')
    })
    const { host } = await startHost([plugin, createEchoPlugin()])
    expect(answered(await host.call(callOf('clumsy')))).toMatchObject({ errorCode: 1 })
    expect(host.list()[0]?.reason).toContain('lost a glove')
    expect(await host.call(callOf('echo'))).toMatchObject({ result: 0 })
  })
})

describe('the owner', () => {
  it('switches a plug-in off at once, calls in flight included, and on again', async () => {
    const plugin = createMutePlugin()
    const { host, clock, off } = await startHost([plugin])
    const waiting = host.call(callOf('mute'))
    await clock.advance(0)
    await host.setEnabled('mute', false)
    expect(answered(await waiting)).toMatchObject({ errorCode: 1 })
    expect(answered(await host.call(callOf('mute')))).toMatchObject({ errorCode: 21 })
    expect(await host.discover()).toEqual([])
    expect(off.has('mute')).toBe(true)
    expect(plugin.heard.at(-1)).toMatchObject({ action: 'DEVICEPLUGIN_DISABLED' })
    await host.setEnabled('mute', true)
    expect(await host.discover()).toHaveLength(1)
    expect(plugin.heard.map(({ action }) => action)).toContain('DEVICEPLUGIN_ENABLED')
  })

  it('is told every change of state', async () => {
    const plugin = createEchoPlugin()
    const { host, clock } = await startHost([plugin])
    await clock.advance(0)
    const states: (string | undefined)[] = []
    host.onChange(plugins => states.push(plugins[0]?.state))
    plugin.crash()
    await clock.advance(1_000)
    expect([...new Set(states)]).toEqual(['waiting', 'running'])
  })

  it('cannot switch what is not there', async () => {
    const { host } = await startHost([])
    await expect(host.setEnabled('ghost', true)).rejects.toMatchObject({ code: 'plugin.unknown' })
  })
})

describe('what plug-ins are told', () => {
  it('the manager came, the manager goes', async () => {
    const plugin = createEchoPlugin()
    const { host, clock } = await startHost([plugin])
    await clock.advance(0)
    await host.stop()
    expect(plugin.heard.at(0)).toMatchObject({ action: 'MANAGER_LAUNCHED', product: 'Gantry' })
    expect(plugin.heard.at(-1)).toMatchObject({ action: 'MANAGER_TERMINATED' })
  })

  it('the line of an application broke, by the token it knows the application by', async () => {
    const plugin = createEchoPlugin()
    const { host, clock } = await startHost([plugin])
    await host.call(callOf('echo'))
    host.disconnected(alice)
    await clock.advance(0)
    expect(plugin.heard.at(-1)).toMatchObject({
      action: 'EVENT_TRANSMIT_DISCONNECT',
      origin: alice.origin,
      accessToken: 'token-1',
    })
  })

  it('an application wants no more events', async () => {
    const plugin = createEchoPlugin()
    const { host } = await startHost([plugin])
    await host.call(callOf('echo'))
    await host.clearEvents(alice)
    expect(plugin.heard.at(-1)).toMatchObject({ action: 'DELETE', profile: 'system', attribute: 'events' })
  })

  it('its settings are wanted', async () => {
    const plugin = createEchoPlugin()
    const { host } = await startHost([plugin])
    expect(await host.wakeup('echo', alice)).toMatchObject({ result: 0 })
    expect(plugin.heard.at(-1)).toMatchObject({ action: 'PUT', profile: 'system', attribute: 'wakeup' })
    expect(answered(await host.wakeup('ghost', alice))).toMatchObject({ errorCode: 10 })
  })

  it('a caller whose grant ended is approved anew', async () => {
    const plugin = createEchoPlugin()
    const { host } = await startHost([plugin])
    await host.call(callOf('echo'))
    host.forget(alice)
    await host.call(callOf('echo'))
    expect(attributesOf(plugin).filter(name => name === 'createClient')).toHaveLength(2)
  })

  it('a caller is over: a plug-in of Gantry’s own is told so of each of its clients, and of no other’s', async () => {
    const plugin = createEchoPlugin()
    const { host } = await startHost([plugin])
    const over = () =>
      requestsTo(plugin)
        .filter(({ attribute }) => attribute === 'forgetClient')
        .map(({ action, profile, clientId, accessToken, origin }) => [
          action,
          profile,
          clientId,
          accessToken,
          origin,
        ])
    host.forget(alice)
    for (const caller of [alice, bob]) await host.call(callOf('echo', { caller }))
    expect(over()).toEqual([])
    host.forget(alice)
    host.forget(alice)
    await settle()
    expect(over()).toEqual([['DELETE', 'authorization', 'client-1', 'token-1', alice.origin]])
    host.forget(bob, 'another-plug-in')
    await settle()
    expect(over()).toHaveLength(1)
  })

  it('a caller is over while its client is being made: the client is over as soon as it is there', async () => {
    const waiting: (() => void)[] = []
    const plugin = createFakePlugin('slow', (request, port) => port.send(respond(request, {})), {
      approval(request, port) {
        const payload = request.attribute === 'createClient' ? { clientId: 'c' } : { accessToken: 't' }
        if (request.attribute === 'forgetClient') port.send(respond(request, {}))
        else waiting.push(() => port.send(respond(request, payload)))
      },
    })
    const { host } = await startHost([plugin])
    const calling = host.call(callOf('slow'))
    await settle()
    host.forget(alice)
    for (let turn = 0; turn < 2; turn += 1) {
      expect(attributesOf(plugin)).not.toContain('forgetClient')
      waiting.shift()?.()
      await settle()
    }
    await calling
    expect(requestsTo(plugin).at(-1)).toMatchObject({
      attribute: 'forgetClient',
      clientId: 'c',
      accessToken: 't',
    })
  })

  it('a caller is over while the plug-in makes up its mind about it: its call is not delivered', async () => {
    const waiting: (() => void)[] = []
    const plugin = createFakePlugin('slow', (request, port) => port.send(respond(request, {})), {
      approval(request, port) {
        if (request.attribute === 'createClient') port.send(respond(request, { clientId: 'c' }))
        else if (request.attribute === 'requestAccessToken')
          waiting.push(() => port.send(respond(request, { accessToken: 't' })))
      },
    })
    const { host } = await startHost([plugin])
    const call = callOf('slow', { attribute: 'lamp', action: 'POST' })
    const calling = host.call(call)
    await settle()
    host.forget(alice)
    waiting.shift()?.()
    expect(answered(await calling)).toMatchObject({ result: 1, errorCode: 11 })
    expect(attributesOf(plugin)).not.toContain('lamp')
    const again = host.call(call)
    await settle()
    waiting.shift()?.()
    expect(answered(await again)).toMatchObject({ result: 0 })
  })
})

describe('events', () => {
  const follow = async (options: Parameters<typeof createFakePlugin>[2] = {}) => {
    const plugin = createFakePlugin('clock', (request, port) => port.send(respond(request, {})), options)
    const { host, clock } = await startHost([plugin])
    await host.discover()
    await host.call(callOf('clock'))
    await host.call(callOf('clock', { caller: bob }))
    const told: ServiceEvent[] = []
    host.on('event', event => told.push(event))
    const emit = async (message: Omit<PluginMessage, 'action'>) => {
      plugin.send({ action: 'EVENT', ...message } as PluginMessage)
      await clock.advance(0)
    }
    return { told, emit }
  }

  it('gotapi 39: an EVENT becomes an event of the service, its inner fields taken out', async () => {
    const { told, emit } = await follow()
    await emit({ profile: 'clock', attribute: 'ticktack', serviceId: 'one', accessToken: 'token-1', time: 5 })
    expect(told).toEqual([
      {
        serviceId: 'one.clock',
        profile: 'clock',
        attribute: 'ticktack',
        payload: { time: 5 },
        callerId: 'a',
      },
    ])
  })

  it.each(['EVENT', 'GET', 'response', 'ANSWER', undefined])(
    'gotapi 39: what comes as %s is no answer to a request, only a RESPONSE is',
    async action => {
      const plugin = createFakePlugin('odd', ({ requestCode }, port) => {
        const said: unknown = { action, requestCode, result: 0, profile: 'odd', forged: true }
        port.send(said as PluginMessage)
      })
      const { host, clock } = await startHost([plugin])
      const answer = host.call(callOf('odd'))
      await clock.advance(0)
      await clock.advance(60_000)
      expect(await answer).toMatchObject({ result: 1 })
    },
  )

  it('gotapi 39: a RESPONSE to nothing is no event', async () => {
    const { told, emit } = await follow()
    const response: object = { action: 'RESPONSE', requestCode: 'x', result: 0 }
    await emit({ ...response, profile: 'clock', serviceId: 'one' })
    expect(told).toEqual([])
  })

  it('gotapi 58: an event with a token is for the application of that token', async () => {
    const { told, emit } = await follow()
    await emit({ profile: 'clock', serviceId: 'one', accessToken: 'token-2' })
    await emit({ profile: 'clock', serviceId: 'one' })
    expect(told.map(({ callerId }) => callerId)).toEqual(['b', undefined])
  })

  it('has an audience where its plug-in says one, and is told to everybody where what it says is none', async () => {
    const { told, emit } = await follow()
    for (const _audience of ['owner', 'applications', 'nobody', undefined]) {
      await emit({ profile: 'clock', serviceId: 'one', _audience } as Omit<PluginMessage, 'action'>)
    }
    expect(told.map(({ audience, payload }) => [audience, payload])).toEqual([
      ['owner', {}],
      ['applications', {}],
      [undefined, {}],
      [undefined, {}],
    ])
  })

  it.each([
    ['a token it never gave', { profile: 'clock', serviceId: 'one', accessToken: 'token-9' }],
    ['a service it does not have', { profile: 'clock', serviceId: 'two' }],
    ['a profile it does not serve', { profile: '3dprinter', serviceId: 'one' }],
  ])('drops an event with %s', async (_what, message) => {
    const { told, emit } = await follow()
    await emit(message)
    expect(told).toEqual([])
  })

  it('drops an event outside the scope of its token', async () => {
    const { told, emit } = await follow({
      approval: (request, port) =>
        port.send(
          request.attribute === 'createClient'
            ? respond(request, { clientId: 'c' })
            : respond(request, { accessToken: 'narrow', scopes: [{ scope: 'other', expirePeriod: 60 }] }),
        ),
    })
    await emit({ profile: 'clock', serviceId: 'one', accessToken: 'narrow' })
    expect(told).toEqual([])
  })
})

function nest(depth: number): unknown {
  let inner: unknown = 'bottom'
  for (let n = 0; n < depth; n++) inner = { inner }
  return inner
}

import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { reservedNames } from '../../../src/main/contract/reserved-names.ts'
import { systemClock } from '../../../src/main/lib/clock.ts'
import { readBridgeRequest } from '../../../src/main/shell/bridge-request.ts'
import { answerEverything, type Body, createTestApp, createTestDoor } from '../../fakes/gotapi.ts'
import { createFakePlugin, isRequest, respond } from '../../fakes/plugins.ts'
import { printerId } from '../../fakes/services.ts'
import { openDoor } from '../plugin-host/through-gateway.ts'

/** What every object of JavaScript has without anybody putting it there. */
const inherited = Object.getOwnPropertyNames(Object.prototype)
const methods = ['GET', 'POST', 'PUT', 'DELETE']
const settled = () => new Promise<void>(resolve => setImmediate(() => setImmediate(resolve)))

const told = (answer: Body) =>
  Object.getOwnPropertyNames(answer)
    .filter(name => name !== 'httpStatus')
    .sort()
const outline = ({ result, errorCode, reason, httpStatus, ...rest }: Body) => ({
  result,
  errorCode,
  reason,
  httpStatus,
  names: told(rest),
})

const isInherited = (name: string) => inherited.includes(name)

it('the names that are tried are those of functions and of the prototype', () => {
  expect(inherited).toEqual(expect.arrayContaining(['constructor', '__proto__', 'toString', 'valueOf']))
})

describe.each(inherited)('%s is a name like any other', name => {
  const places = (of: string) => [of, `${of}/${of}`, `${of}/${of}/${of}`, `system/${of}`, `3dprinter/${of}`]

  it('in the path of a call: it is answered as any name that nobody has, with a token and without', async () => {
    const door = await createTestDoor()
    const app = createTestApp(door)
    const params = { serviceId: printerId }
    for (const isIn of [false, true]) {
      if (isIn) await app.beAllowed('all')
      for (const method of methods) {
        for (const [at, place] of places(name).entries()) {
          const answer = await app.call(`${method} ${place}`, params)
          const usual = await app.call(`${method} ${places('unheard')[at]}`, params)
          expect([method, place, outline(answer)]).toEqual([method, place, outline(usual)])
        }
      }
    }
  })

  it('as a method, a parameter, a scope, a service, a client and a token', async () => {
    const door = await createTestDoor()
    const app = createTestApp(door)
    await app.beAllowed('all')
    const both = async (route: (of: string) => string, params: (of: string) => Record<string, string>) => {
      const answer = await app.call(route(name), params(name))
      expect(outline(answer)).toEqual(outline(await app.call(route('unheard'), params('unheard'))))
    }
    await both(
      of => `${of} system`,
      () => ({}),
    )
    await both(
      () => 'GET system',
      of => ({ [of]: 'x' }),
    )
    await both(
      () => 'GET serviceinformation',
      of => ({ serviceId: of }),
    )
    await both(
      () => 'GET 3dprinter/status',
      of => ({ serviceId: `x.${of}` }),
    )
    await both(
      () => 'PUT system/device/wakeup',
      of => ({ pluginId: of }),
    )
    await both(
      () => 'GET system',
      of => ({ accessToken: of }),
    )
    await both(
      () => 'GET authorization/accesstoken',
      of => ({ clientId: of, scope: 'system' }),
    )
    const stop = answerEverything(door, 'allow')
    const asked = await app.ask(name)
    const usual = await app.ask('unheard')
    stop()
    expect(told(asked)).toEqual(told(usual))
    expect([asked.result, asked.errorCode]).toEqual([usual.result, usual.errorCode])
  })

  it('as a profile and an attribute of a plug-in: calls, parameters, answers and events go through', async () => {
    const plugin = createFakePlugin(
      'odd',
      (request, port) =>
        port.send(respond(request, { heard: Object.entries(request.params), [name]: 'payload' })),
      { profile: name },
    )
    const door = await openDoor([plugin])
    const app = await door.enter('all')
    const frames: Body[] = []
    app.connect(frame => frames.push(frame))
    await door.clock.advance(0)
    const answer = await app.call(`PUT ${name}/${name}`, { serviceId: 'one.odd', [name]: 'x' })
    expect(answer).toMatchObject({ result: 0, heard: [[name, 'x']] })
    // gotapi 3.4: what begins with _ is the server's own.
    const comes = name.startsWith('_') ? undefined : 'payload'
    expect(Object.getOwnPropertyDescriptor(answer, name)?.value).toBe(comes)
    await settled()
    const event = { action: 'EVENT' as const, profile: name, attribute: name, serviceId: 'one', [name]: 'n' }
    plugin.send(event)
    await door.clock.advance(0)
    expect(frames).toHaveLength(1)
    expect(frames[0]).toMatchObject({ profile: name, attribute: name })
    expect(Object.getPrototypeOf(frames[0])).toBe(Object.prototype)
    expect(plugin.heard.filter(isRequest).at(-1)).toMatchObject({ action: 'PUT', attribute: name })
    // No manifest can bring such a description.
    if (name === '__proto__') return
    expect(await app.call('GET serviceinformation', { serviceId: 'one.odd' })).toMatchObject({
      supports: [name],
    })
  })

  it('over the bridge: no route, whichever way it is asked for, and as a value no trouble', () => {
    for (const kind of ['call', 'follow'] as const) {
      for (const route of [name, `GET ${name}`, `EVENT ${name}`, `PUT ${name}/${name}`]) {
        expect(readBridgeRequest({ route, params: {} }, kind)).toMatchObject({
          refused: { result: 1, reason: 'request.unknown-profile' },
        })
      }
    }
    const params = JSON.parse(`{"${name}":"x"}`) as unknown
    const read = readBridgeRequest({ route: 'GET system', params }, 'call')
    // It is left out where it could only be the prototype.
    const sent = name === '__proto__' ? [] : [[name, 'x']]
    if ('refused' in read) expect(read.refused).toMatchObject({ result: 1, reason: 'request.invalid' })
    else expect(Object.entries(read.params)).toEqual(sent)
  })
})

describe('Over real HTTP and a real WebSocket', () => {
  const origin = 'http://app.example.test'
  const open = () => createTestDoor({ clock: systemClock, listens: true })

  it.each(methods)(
    '%s of such a name has nothing in its answer but what stands in every refusal',
    async method => {
      const door = await open()
      for (const name of inherited) {
        for (const place of [name, `${name}/${name}`, `system/${name}?${name}=x&__proto__=y`]) {
          const response = await fetch(`${door.url}/gotapi/${place}`, { method, headers: { origin } })
          const body = (await response.json()) as Body
          const known = [
            'result',
            'product',
            'version',
            'errorCode',
            'errorMessage',
            'reason',
            'reasonParams',
          ]
          expect([place, told(body).filter(each => !known.includes(each))]).toEqual([place, []])
          expect(body.errorCode).toBe(place.startsWith('system') ? 4 : 13)
        }
      }
    },
  )

  it.each([
    ['a token in the prototype', (token: string) => `{"__proto__":{"accessToken":"${token}"}}`, 1],
    ['a token of the constructor', () => '{"constructor":{"accessToken":"x"}}', 1],
    ...inherited.map(name => [`the token ${name}`, () => `{"accessToken":"${name}"}`, 3] as const),
  ] as const)('%s opens no line', async (_what, frame, errorCode) => {
    const door = await open()
    const app = createTestApp(door, origin)
    await app.beAllowed('all')
    const ws = new WebSocket(`${door.url.replace('http', 'ws')}/gotapi/websocket`, { origin })
    onTestFinished(() => ws.terminate())
    const first = new Promise(resolve => ws.once('message', data => resolve(JSON.parse(String(data)))))
    ws.on('open', () => ws.send(frame(app.token)))
    expect(await first).toMatchObject({ result: 1, errorCode })
  })
})

it('no name of the envelope is one of these', () => {
  for (const set of Object.values(reservedNames)) expect([...set].filter(isInherited)).toEqual([])
})

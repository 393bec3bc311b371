import { beforeEach, describe, expect, it } from 'vitest'
import { GantryError } from '../../../src/main/contract/error.ts'
import { answers, follows, type Payload, type RouteHandler } from '../../../src/main/handlers/handler.ts'
import type { PluginPort, PortEvents, RequestMessage } from '../../../src/main/plugin-host/plugin.ts'
import { servePort } from '../../../src/main/plugins/printer3d/serve-port.ts'
import { createLogRecorder } from '../../fakes/log.ts'

const groups = (...names: string[]) => ({ groups: names.map(name => ({ id: name, name, printerIds: [] })) })
const namesIn = (message: Payload) => (message.groups as { name: string }[]).map(({ name }) => name)

let sent: Payload[]
let say: { [Name in keyof PortEvents]: (event: PortEvents[Name]) => void }
let log: ReturnType<typeof createLogRecorder>
let tellAll: (payload: ReturnType<typeof groups>) => void
let starts: number
/** The tokens whose owners are over. */
let forgotten: string[]
let serviceTells: () => void
let asked: unknown[]
/** Before a handler that follows is done with its beginning. */
let beginning: Promise<void>

const handlers: RouteHandler[] = [
  answers('GET printergroups/list', (_, call) => {
    asked.push(call)
    return groups('hall')
  }),
  answers('POST printergroups/add', ({ name }) => {
    if (name === 'taken') throw new GantryError('store.conflict', 'This name is taken.')
    if (name === 'bug') throw new TypeError('of /home/anna')
    return { groupId: name }
  }),
  answers('GET 3dprinter/contents', () => {
    throw new GantryError('contents.token-expired', 'The secure token is past its time.')
  }),
  answers('POST printercontrol/pause', () => ({})),
  answers('GET printersetup/drivers', () => ({ drivers: [] })),
  follows('EVENT printergroups/list', async () => {
    await beginning
    return {
      latest: () => groups('latest'),
      follow(emit) {
        starts += 1
        tellAll = emit
        return () => {
          starts -= 1
        }
      },
    }
  }),
  follows('EVENT 3dprinter/status', ({ interval = 0 }, _call, emit) => {
    if (interval === 999) throw new GantryError('printer.unsupported', 'Not so fast.')
    emit({ interval } as never)
    starts += 1
    return () => {
      starts -= 1
    }
  }),
]

const settled = () => new Promise<void>(resolve => setImmediate(resolve))
let codes = 0
async function ask(message: Partial<RequestMessage>) {
  const requestCode = `r${++codes}`
  const about = { api: 'gotapi', product: 'Gantry', version: '1', params: {}, serviceId: 'room' } as const
  say.message({ action: 'GET', profile: 'printergroups', ...about, ...message, requestCode })
  await settled()
  return sent.find(each => each.requestCode === requestCode)
}
const list = { profile: 'printergroups', attribute: 'list' }
const follow = (accessToken: string) => ask({ action: 'PUT', ...list, accessToken })
const events = () => sent.filter(({ action }) => action === 'EVENT')

beforeEach(() => {
  sent = []
  starts = 0
  forgotten = []
  asked = []
  beginning = Promise.resolve()
  log = createLogRecorder()
  say = { message: () => {}, close: () => {} }
  const port: PluginPort = {
    send: message => sent.push(message),
    on(name, listener) {
      say[name] = listener as never
    },
    close: () => {},
  }
  let count = 0
  servePort(port, {
    handlers,
    tellRefusal: refusal => refusal,
    forget: token => forgotten.push(token),
    log: log.log,
    uuid: () => `id-${++count}`,
    services: {
      list: () => [{ id: 'room' }],
      kindOf(id) {
        if (id === 'room') return 'room'
        if (id === 'p1') return 'printer'
        throw new GantryError('printer.unknown', 'There is no such printer.')
      },
      watch(tell) {
        serviceTells = tell
        return () => {
          starts -= 100
        }
      },
    },
  })
})

describe('the plug-in’s side of GotAPI-4', () => {
  it('gotapi 7.3: says its services, and when they changed', async () => {
    const discovery = { profile: 'networkServiceDiscovery', attribute: 'getNetworkServices' }
    expect(await ask(discovery)).toMatchObject({ result: 0, services: [{ id: 'room' }] })
    serviceTells()
    expect(events()).toEqual([{ action: 'EVENT', profile: 'servicediscovery', attribute: 'onservicechange' }])
  })

  it('gotapi 7.4: gives a client and tokens, and no token to a client it does not know', async () => {
    const authorization = { profile: 'authorization' }
    expect(await ask({ ...authorization, attribute: 'createClient' })).toMatchObject({ clientId: 'id-1' })
    const token = { ...authorization, attribute: 'requestAccessToken' }
    expect(await ask({ ...token, clientId: 'id-1' })).toMatchObject({ result: 0, accessToken: 'id-2' })
    expect(await ask({ ...token, clientId: 'id-9' })).toMatchObject({ result: 1, errorCode: 15 })
    expect(await ask(token)).toMatchObject({ result: 1, errorCode: 15 })
  })

  it('gotapi 7.4: keeps a thousand clients and forgets the oldest, which is told so', async () => {
    const authorization = { profile: 'authorization' }
    for (let n = 0; n < 1_001; n += 1) await ask({ ...authorization, attribute: 'createClient' })
    const token = { ...authorization, attribute: 'requestAccessToken' }
    expect(await ask({ ...token, clientId: 'id-1' })).toMatchObject({ errorCode: 15 })
    expect(await ask({ ...token, clientId: 'id-2' })).toMatchObject({ result: 0 })
    expect(await ask({ ...token, clientId: 'id-1001' })).toMatchObject({ result: 0 })
  })

  it('gotapi 7.4: forgets a client that is over: it, its tokens, and what it followed', async () => {
    const authorization = { profile: 'authorization' }
    const end = (clientId: string, accessToken?: string) =>
      ask({
        action: 'DELETE',
        ...authorization,
        attribute: 'forgetClient',
        clientId,
        ...(accessToken && { accessToken }),
      })
    const token = { ...authorization, attribute: 'requestAccessToken' }
    await ask({ ...authorization, attribute: 'createClient' })
    await ask({ ...token, clientId: 'id-1' })
    await ask({ ...token, clientId: 'id-1' })
    await ask({ ...authorization, attribute: 'createClient' })
    await ask({ ...token, clientId: 'id-4' })
    for (const name of ['id-2', 'id-3', 'id-5']) await follow(name)
    await ask({
      action: 'PUT',
      profile: '3dprinter',
      attribute: 'status',
      serviceId: 'p1',
      accessToken: 'id-3',
      params: { interval: '500' },
    })
    expect(starts).toBe(2)
    expect(await end('id-1', 'id-3')).toEqual({
      action: 'RESPONSE',
      requestCode: expect.any(String),
      result: 0,
    })
    expect(forgotten).toEqual(['id-2', 'id-3'])
    expect(starts).toBe(1)
    expect(await ask({ ...token, clientId: 'id-1' })).toMatchObject({ errorCode: 15 })
    expect(await ask({ ...token, clientId: 'id-4' })).toMatchObject({ result: 0 })
    sent = []
    tellAll(groups('new'))
    expect(sent).toHaveLength(1)
    expect(await end('id-4', 'id-6')).toMatchObject({ result: 0 })
    expect([starts, forgotten]).toEqual([0, ['id-2', 'id-3', 'id-5', 'id-6']])
    // One that had to make room for others, or never was.
    expect(await end('id-99', 'late')).toMatchObject({ result: 0 })
    expect(forgotten.at(-1)).toBe('late')
  })

  it('answers a call with its payload, and a question whether it lives', async () => {
    expect(await ask(list)).toEqual({
      action: 'RESPONSE',
      requestCode: expect.any(String),
      result: 0,
      ...groups('hall'),
    })
    say.message({ action: 'KEEPALIVE', requestCode: 'alive' })
    expect(sent.at(-1)).toEqual({ action: 'RESPONSE', requestCode: 'alive', result: 0 })
  })

  it('does what is the owner’s alone for nobody else, whatever the server has let through', async () => {
    const drivers = { profile: 'printersetup', attribute: 'drivers' }
    expect(await ask(drivers)).toMatchObject({ result: 1, errorCode: 14 })
    expect(await ask({ ...drivers, isOwner: true })).toMatchObject({ result: 0, drivers: [] })
  })

  it('tells its handlers who asks: by the token of its own making, and whether it is the owner', async () => {
    await ask({ ...list, accessToken: 't1', origin: 'http://a.test', isOwner: true })
    await ask({ ...list, accessToken: 't2', origin: 'http://b.test' })
    expect(asked).toMatchObject([
      { serviceId: 'room', caller: { id: 't1', origin: 'http://a.test', isOwner: true } },
      { serviceId: 'room', caller: { id: 't2', origin: 'http://b.test', isOwner: false } },
    ])
  })

  it.each([
    [{ attribute: 'add', action: 'POST', params: { name: 'taken' } }, 10, 'store.conflict'],
    [{ attribute: 'add', action: 'POST' }, 10, 'request.invalid'],
    [{ attribute: 'add' }, 3, 'request.wrong-method'],
    [{ attribute: 'list', action: 'POST' }, 3, 'request.wrong-method'],
    [{ attribute: 'nothing' }, 4, 'request.unknown-route'],
    [{ profile: 'settings', attribute: 'list' }, 2, 'request.unknown-profile'],
    // Not of this kind of service.
    [{ ...list, serviceId: 'p1' }, 2, 'request.unknown-profile'],
    [{ action: 'POST', profile: 'printercontrol', attribute: 'pause' }, 2, 'request.unknown-profile'],
    [{ ...list, serviceId: 'p9' }, 6, 'printer.unknown'],
    [{ ...list, serviceId: '' }, 6, 'printer.unknown'],
  ] as const)('refuses %o with %i and says why: %s', async (message, errorCode, reason) => {
    expect(await ask(message)).toMatchObject({ result: 1, errorCode, reason })
  })

  it('names what of the parameters is wrong', async () => {
    const refused = await ask({ action: 'POST', attribute: 'add' })
    expect(refused).toMatchObject({ reasonParams: { name: 'name' } })
  })

  it('has nothing for what names no service', async () => {
    const port = { action: 'PUT', profile: 'system', interface: 'device', attribute: 'wakeup' } as const
    say.message({ ...port, requestCode: 'w', api: 'gotapi', product: 'Gantry', version: '1', params: {} })
    await settled()
    expect(sent).toMatchObject([{ requestCode: 'w', result: 1, errorCode: 2 }])
  })

  it('keeps the words of a mistake of ours for the log', async () => {
    const refused = await ask({ action: 'POST', attribute: 'add', params: { name: 'bug' } })
    expect(refused).toMatchObject({ errorCode: 1, reason: 'internal.bug' })
    expect(JSON.stringify(refused)).not.toContain('anna')
    expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(1)
  })

  it('says of a secure token that has ended that it is no token of its own', async () => {
    const call = { profile: '3dprinter', attribute: 'contents', serviceId: 'p1' }
    expect(await ask(call)).toMatchObject({ errorCode: 12, about: 'parameters' })
  })
})

describe('events of the plug-in', () => {
  it('gotapi 8.2: the latest comes after the answer to the PUT, for whoever asked alone', async () => {
    await follow('t1')
    expect(sent.map(({ action }) => action)).toEqual(['RESPONSE', 'EVENT'])
    expect(events()).toEqual([
      { action: 'EVENT', ...list, serviceId: 'room', accessToken: 't1', ...groups('latest') },
    ])
  })

  it('what is new goes out once for all, with the names as they were asked for', async () => {
    await ask({ action: 'PUT', profile: 'PrinterGroups', attribute: 'List', accessToken: 't1' })
    await follow('t2')
    sent = []
    tellAll(groups('new'))
    const names = { profile: 'PrinterGroups', attribute: 'List' }
    const event = { action: 'EVENT', ...names, serviceId: 'room', ...groups('new') }
    expect(sent).toEqual([{ ...event, _audience: 'applications' }])
    expect(starts).toBe(1)
  })

  it('the others go on to hear when the one who came first leaves', async () => {
    await follow('t1')
    await follow('t2')
    await ask({ action: 'DELETE', ...list, accessToken: 't1' })
    sent = []
    tellAll(groups('new'))
    expect(sent.map(namesIn)).toEqual([['new']])
    await ask({ action: 'DELETE', ...list, accessToken: 't2' })
    expect(starts).toBe(0)
  })

  it('gotapi 59: a second PUT takes the place of the first', async () => {
    await follow('t1')
    await follow('t1')
    expect(starts).toBe(1)
    await ask({ action: 'DELETE', ...list, accessToken: 't1' })
    expect(starts).toBe(0)
  })

  it('a second PUT that is refused leaves the first as it was', async () => {
    const status = { action: 'PUT', profile: '3dprinter', attribute: 'status', serviceId: 'p1' } as const
    await ask({ ...status, accessToken: 't1', params: { interval: '500' } })
    expect(await ask({ ...status, accessToken: 't1', params: { interval: '999' } })).toMatchObject({
      result: 1,
      errorCode: 8,
    })
    expect(starts).toBe(1)
    await ask({ ...status, action: 'DELETE', accessToken: 't1' })
    expect(starts).toBe(0)
  })

  it('a first PUT that is refused leaves nothing', async () => {
    const status = { profile: '3dprinter', attribute: 'status', serviceId: 'p1', accessToken: 't1' }
    await ask({ action: 'PUT', ...status, params: { interval: '999' } })
    expect([starts, events()]).toEqual([0, []])
    expect(await ask({ action: 'DELETE', ...status })).toMatchObject({ result: 0 })
  })

  it('a DELETE that overtakes its PUT ends it all the same, and nothing is told', async () => {
    let begin = () => {}
    beginning = new Promise(resolve => {
      begin = resolve
    })
    const put = follow('t1')
    await ask({ action: 'DELETE', ...list, accessToken: 't1' })
    begin()
    await put
    await settled()
    expect([starts, events()]).toEqual([0, []])
  })

  it.each([
    [
      'is gone',
      () => say.message({ action: 'EVENT_TRANSMIT_DISCONNECT', accessToken: 't1', product: '', version: '' }),
    ],
    [
      'wants no events any more',
      () => ask({ action: 'DELETE', profile: 'system', attribute: 'events', accessToken: 't1' }),
    ],
  ])('end for an application that %s, and for it alone', async (_what, leave) => {
    await follow('t1')
    await ask({
      action: 'PUT',
      profile: '3dprinter',
      attribute: 'status',
      serviceId: 'p1',
      accessToken: 't1',
    })
    await follow('t2')
    expect(starts).toBe(2)
    await leave()
    expect(starts).toBe(1)
    sent = []
    tellAll(groups('new'))
    expect(sent).toHaveLength(1)
  })

  it('a line that went away without a token ends nobody’s', async () => {
    await follow('t1')
    await ask({ action: 'PUT', ...list })
    say.message({ action: 'EVENT_TRANSMIT_DISCONNECT', product: '', version: '' })
    sent = []
    tellAll(groups('new'))
    expect([sent.length, starts]).toEqual([1, 1])
  })

  it('all end when the host wants no more, and services are watched no more', async () => {
    await follow('t1')
    await follow('t2')
    say.close(undefined)
    expect(starts).toBe(-100)
  })
})

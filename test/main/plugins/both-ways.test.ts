import { beforeEach, describe, expect, it } from 'vitest'
import { GantryError } from '../../../src/main/contract/error.ts'
import { answers, follows, type Payload, type RouteHandler } from '../../../src/main/handlers/handler.ts'
import type { BuiltInPlugin } from '../../../src/main/plugin-host/index.ts'
import { servePort } from '../../../src/main/plugins/printer3d/serve-port.ts'
import type { Body } from '../../fakes/gotapi.ts'
import { createLogRecorder } from '../../fakes/log.ts'
import { openDoor } from '../plugin-host/through-gateway.ts'

/** The same handlers twice: as Gantry's own, and behind a plug-in's port. Nobody outside can tell which. */
const groups = (name: string) => ({ groups: [{ id: name, name, printerIds: [] }] })
const news = new Set<(payload: ReturnType<typeof groups>) => void>()

const refusals = {
  busy: () => new GantryError('printer.busy', 'The printer prints.', { path: '/home/anna' }),
  taken: () => new GantryError('store.conflict', 'This name is taken.'),
  unknown: () => new GantryError('printer.unknown', 'There is no such printer.'),
  late: () => new GantryError('wire.timeout', 'It did not answer in time.'),
  bug: () => new TypeError('secret'),
}

const handlers: RouteHandler[] = [
  answers('GET printergroups/list', () => groups('hall')),
  answers('POST printergroups/add', async ({ name }, { caller }) => {
    const refusal = refusals[name as keyof typeof refusals]
    if (refusal) throw refusal()
    return { groupId: `${name} of ${caller.origin}` }
  }),
  answers('POST printergroups/rename', () => {
    throw refusals.busy()
  }),
  follows('EVENT printergroups/list', () => ({
    latest: () => groups('latest'),
    follow(emit) {
      news.add(emit)
      return () => news.delete(emit)
    },
  })),
  follows('EVENT printersetup/found', (_params, _call, emit) => {
    emit({ found: [] })
    return () => {}
  }),
]

const plugin: BuiltInPlugin = {
  manifest: {
    id: 'kit',
    name: 'Kit',
    version: '1.0.0',
    profiles: Object.fromEntries(
      ['printergroups', 'printersetup'].map(title => [
        title,
        { swagger: '2.0', info: { title, version: '1.0.0' }, paths: {} },
      ]),
    ),
    services: [],
  },
  start: port =>
    servePort(port, {
      handlers,
      tellRefusal: refusal => refusal,
      forget: () => {},
      log: createLogRecorder().log,
      uuid: () => '00000000-0000-4000-8000-00000000000a',
      services: {
        list: () => [{ id: 'room', name: 'Room', online: true }],
        kindOf: () => 'room',
        watch: () => () => {},
      },
    }),
}

type Side = Awaited<ReturnType<typeof openSide>>
let sides: readonly [own: Side, service: Side]

async function openSide(isOwn: boolean) {
  const { gotapi, enter, clock } = await openDoor(isOwn ? [] : [plugin])
  if (isOwn) gotapi.add(handlers)
  const app = await enter('all')
  const frames: Body[] = []
  app.connect(frame => frames.push(frame))
  const settled = async () => {
    for (let turn = 0; turn < 5; turn += 1) await new Promise(resolve => setImmediate(resolve))
    await clock.advance(0)
  }
  return {
    frames,
    settled,
    call: (route: string, params: Record<string, string> = {}) =>
      app.call(route, { serviceId: 'room.kit', ...params }),
  }
}

const both = async (route: string, params?: Record<string, string>) =>
  (await Promise.all(sides.map(side => side.call(route, params)))) as [Body, Body]

beforeEach(async () => {
  news.clear()
  sides = [await openSide(true), await openSide(false)]
})

describe('A handler answers alike as Gantry’s own and behind the port of a plug-in', () => {
  it.each([
    ['a success', 'GET printergroups/list', {}, { result: 0, ...groups('hall') }],
    ['in any case', 'GET PrinterGroups/LIST', {}, { result: 0 }],
    [
      'its parameters',
      'POST printergroups/add',
      { name: 'hall' },
      { groupId: 'hall of http://app.example.test' },
    ],
    [
      'a parameter that is missing',
      'POST printergroups/add',
      {},
      { errorCode: 10, reason: 'request.invalid', reasonParams: { name: 'name' } },
    ],
    ['a wrong method', 'GET printergroups/add', {}, { errorCode: 3, reason: 'request.wrong-method' }],
    [
      'a part there is not',
      'GET printergroups/nothing',
      {},
      { errorCode: 4, reason: 'request.unknown-route' },
    ],
    [
      'a busy printer',
      'POST printergroups/rename',
      { groupId: 'g', name: 'n' },
      { errorCode: 16, reason: 'printer.busy', httpStatus: 409 },
    ],
    [
      'a name that is taken',
      'POST printergroups/add',
      { name: 'taken' },
      { errorCode: 10, reason: 'store.conflict' },
    ],
    [
      'a printer there is not',
      'POST printergroups/add',
      { name: 'unknown' },
      { errorCode: 6, reason: 'printer.unknown', httpStatus: 404 },
    ],
    [
      'a wire that is silent',
      'POST printergroups/add',
      { name: 'late' },
      { errorCode: 7, reason: 'wire.timeout' },
    ],
    [
      'a mistake of ours',
      'POST printergroups/add',
      { name: 'bug' },
      { errorCode: 1, reason: 'internal.bug' },
    ],
  ] as const)('%s', async (_what, route, params, expected) => {
    const [own, service] = await both(route, params)
    expect(own).toMatchObject(expected)
    expect(service).toEqual(own)
    expect(JSON.stringify(own)).not.toMatch(/secret|anna/)
  })

  it.each([
    ['what all are told alike', 'printergroups/list', groups('latest')],
    ['what each is told alone', 'printersetup/found', { found: [] }],
    ['under its on… alias', 'printergroups/onlist', groups('latest')],
  ])('and tells the latest after its PUT: %s', async (_what, path, latest) => {
    const answers = await both(`PUT ${path}`)
    expect(answers[1]).toEqual(answers[0])
    for (const { settled } of sides) await settled()
    const [own, service] = sides.map(({ frames }) => frames)
    const [profile, attribute] = path.split('/')
    expect(own).toMatchObject([{ result: 0, profile, attribute, ...latest }])
    // The frame of a service says which one.
    expect(service).toEqual(own?.map(frame => ({ ...frame, serviceId: 'room.kit' })))
  })

  it('and what is new, until DELETE', async () => {
    await both('PUT printergroups/onlist')
    for (const { settled } of sides) await settled()
    for (const emit of news) emit(groups('new'))
    for (const { settled } of sides) await settled()
    const told = () => sides.map(({ frames }) => frames.map(({ groups }) => (groups as Payload[])[0]?.name))
    expect(told()).toEqual([
      ['latest', 'new'],
      ['latest', 'new'],
    ])
    expect(news.size).toBe(2)
    await both('DELETE printergroups/onlist')
    for (const { settled } of sides) await settled()
    expect(news.size).toBe(0)
  })

  it('and under both names of it at once, until the DELETE of each', async () => {
    const names = () => sides.map(({ frames }) => frames.splice(0).map(({ attribute }) => attribute))
    const tell = async () => {
      for (const { settled } of sides) await settled()
      names()
      for (const emit of news) emit(groups('new'))
      for (const { settled } of sides) await settled()
      return names()
    }
    await both('PUT printergroups/list')
    await both('PUT printergroups/onList')
    expect(await tell()).toEqual([
      ['list', 'onList'],
      ['list', 'onList'],
    ])
    await both('DELETE printergroups/list')
    expect(await tell()).toEqual([['onList'], ['onList']])
    await both('DELETE printergroups/onList')
    for (const { settled } of sides) await settled()
    expect(news.size).toBe(0)
  })
})

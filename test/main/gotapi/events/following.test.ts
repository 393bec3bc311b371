import { describe, expect, it } from 'vitest'
import { GantryError } from '../../../../src/main/contract/error.ts'
import { follows } from '../../../../src/main/handlers/handler.ts'
import { type Outcome, refuse, succeed } from '../../../../src/main/handlers/outcome.ts'
import type { ServiceCall } from '../../../../src/main/plugin-host/index.ts'
import { createFakeClock } from '../../../fakes/clock.ts'
import { type Body, createTestApp, createTestDoor } from '../../../fakes/gotapi.ts'
import { echoId, printerId } from '../../../fakes/services.ts'

const settled = () => new Promise<void>(resolve => setImmediate(() => setImmediate(resolve)))
const route = '3dprinter/status'
const params = { serviceId: printerId }
const status = (value: number) => ({
  serviceId: printerId,
  profile: '3dprinter',
  attribute: 'status',
  payload: { status: value },
})

async function openDoor() {
  const clock = createFakeClock()
  const door = await createTestDoor({ clock })
  const app = createTestApp(door)
  await app.beAllowed('all')
  const frames: Body[] = []
  const closed: string[] = []
  const connect = () =>
    app.connect(
      frame => frames.push(frame),
      reason => closed.push(reason),
    )
  const line = connect()
  return { clock, door, app, frames, closed, connect, line, ...holdCalls(door.services) }
}

/** The plug-in takes its time: each call waits until the test answers it, oldest first. */
function holdCalls(services: Awaited<ReturnType<typeof createTestDoor>>['services']) {
  const waiting: { call: ServiceCall; answer: (outcome: Outcome) => void }[] = []
  services.answer = (call, signal) =>
    new Promise(resolve => {
      const giveUp = () => resolve(refuse('cancelled', 'nobody waits'))
      if (signal?.aborted) giveUp()
      signal?.addEventListener('abort', giveUp)
      waiting.push({ call, answer: resolve })
    })
  return {
    waits: () => waiting.map(({ call }) => call.action),
    async answer(outcome: Outcome = succeed()) {
      await settled()
      waiting.shift()?.answer(outcome)
      await settled()
    },
  }
}

describe('PUT and DELETE of one registration take effect in the order they came', () => {
  it('a PUT that comes while a DELETE is under way stands', async () => {
    const { door, app, frames, closed, waits, answer } = await openDoor()
    void app.call(`PUT ${route}`, params)
    await answer()
    const deleted = app.call(`DELETE ${route}`, params)
    const put = app.call(`PUT ${route}`, params)
    await settled()
    expect(waits()).toEqual(['DELETE'])
    await answer()
    expect(waits()).toEqual(['PUT'])
    await answer()
    expect([await deleted, await put]).toMatchObject([{ result: 0 }, { result: 0 }])
    await settled()
    door.services.emit(status(1))
    expect(frames).toMatchObject([{ status: 1 }])
    expect(closed).toEqual([])
  })

  it('a DELETE that comes while the PUT is under way ends it, at the plug-in too', async () => {
    const { door, app, frames, closed, waits, answer } = await openDoor()
    const put = app.call(`PUT ${route}`, params)
    const deleted = app.call(`DELETE ${route}`, params)
    await settled()
    expect(waits()).toEqual(['PUT'])
    door.services.emit(status(1))
    await answer()
    expect(waits()).toEqual(['DELETE'])
    await answer()
    expect([await put, await deleted]).toMatchObject([{ result: 0 }, { result: 0 }])
    door.services.emit(status(2))
    await settled()
    expect(frames).not.toContainEqual(expect.objectContaining({ status: 2 }))
    expect(closed).toEqual(['done'])
  })

  it('gotapi 54: what was held for the answer of a PUT is not sent after the DELETE', async () => {
    const { door, app, frames } = await openDoor()
    door.services.answer = ({ action }) => {
      if (action === 'PUT') door.services.emit(status(1))
      return succeed()
    }
    const put = app.call(`PUT ${route}`, params)
    const deleted = app.call(`DELETE ${route}`, params)
    expect([await put, await deleted]).toMatchObject([{ result: 0 }, { result: 0 }])
    await settled()
    expect(frames).toEqual([])
  })

  it('calls about other things, other services and other applications do not wait', async () => {
    const { door, app, waits } = await openDoor()
    const other = createTestApp(door, 'http://other.test')
    await other.beAllowed('all')
    void app.call(`PUT ${route}`, params)
    void app.call('PUT 3dprinter/printer', params)
    void app.call('PUT echo/status', { serviceId: echoId })
    void other.call(`PUT ${route}`, params)
    await settled()
    expect(waits()).toHaveLength(4)
  })

  it('no more than twenty wait, and those beyond are told at once', async () => {
    const { app, waits, answer } = await openDoor()
    const calls = Array.from({ length: 21 }, () => app.call(`PUT ${route}`, params))
    expect(await app.call(`DELETE ${route}`, params)).toMatchObject({
      result: 1,
      reason: 'auth.too-often',
      httpStatus: 429,
    })
    for (let n = 0; n < 21; n += 1) await answer()
    for (const call of calls) expect(await call).toMatchObject({ result: 0 })
    expect(waits()).toEqual([])
  })

  it('what waited while the permission was taken back reaches no plug-in', async () => {
    const { door, app, waits } = await openDoor()
    const owner = createTestApp(door, 'app://gantry', 'inside')
    await owner.enter('all')
    const first = app.call(`PUT ${route}`, params)
    const second = app.call(`PUT ${route}`, params)
    const third = app.call('DELETE echo/light', { serviceId: echoId })
    const fourth = app.call('DELETE echo/light', { serviceId: echoId })
    await settled()
    const [entry] = (await owner.call('GET apps')).apps as { clientId: string }[]
    await owner.call('DELETE apps/client', { clientId: entry?.clientId ?? '' })
    expect([await first, await second]).toMatchObject([{ reason: 'cancelled' }, { reason: 'cancelled' }])
    expect(door.services.calls.map(({ action }) => action)).toEqual(['PUT', 'DELETE'])
    expect(waits()).toEqual(['PUT', 'DELETE'])
    void third
    void fourth
  })
})

describe('A PUT that is repeated', () => {
  it('and refused leaves the earlier one as it was', async () => {
    const { door, app, frames, answer } = await openDoor()
    void app.call(`PUT ${route}`, params)
    await answer()
    const again = app.call(`PUT ${route}`, params)
    await settled()
    door.services.emit(status(1))
    await answer(refuse('printer.busy', 'no'))
    expect(await again).toMatchObject({ result: 1, errorCode: 16 })
    door.services.emit(status(2))
    expect(frames).toMatchObject([{ status: 1 }, { status: 2 }])
  })

  it('under another spelling is heard under that one, once', async () => {
    const { door, app, frames, answer } = await openDoor()
    void app.call(`PUT ${route}`, params)
    await answer()
    void app.call('PUT 3DPrinter/STATUS', params)
    await answer()
    door.services.emit(status(1))
    expect(frames).toMatchObject([{ profile: '3DPrinter', attribute: 'STATUS' }])
  })

  it('the first time, and is refused, leaves nothing', async () => {
    const { door, app, frames, closed, answer } = await openDoor()
    void app.call(`PUT ${route}`, params)
    await answer(refuse('printer.busy', 'no'))
    door.services.emit(status(1))
    await settled()
    expect(frames).toEqual([])
    // Nothing was followed, so nothing ended (gotapi 9-8).
    await app.call(`DELETE ${route}`, params)
    expect(closed).toEqual([])
  })
})

describe('A PUT whose caller goes away', () => {
  it.each([
    ['while the plug-in has it', false],
    ['before the plug-in has it', true],
  ])('%s is given up, and nothing is followed', async (_when, isEarly) => {
    const { door, app, frames } = await openDoor()
    const away = new AbortController()
    if (isEarly) away.abort()
    const put = app.call(`PUT ${route}`, params, away.signal)
    await settled()
    away.abort()
    expect(await put).toMatchObject({ result: 1, reason: 'cancelled' })
    door.services.emit(status(1))
    await settled()
    expect(frames).toEqual([])
  })
})

describe('What is under way when everything ends', () => {
  it('is not said to be followed, though the plug-in answers in the last moment', async () => {
    const { door, app } = await openDoor()
    let answer = (_outcome: Outcome) => {}
    door.services.answer = () =>
      new Promise(resolve => {
        answer = resolve
      })
    const put = app.call(`PUT ${route}`, params)
    await app.call('DELETE system/events')
    answer(succeed())
    expect(await put).toMatchObject({ result: 1, reason: 'cancelled' })
  })

  it('ends with the application that left: the plug-in is asked no further', async () => {
    const { clock, door, app, line, connect, frames, waits } = await openDoor()
    const put = app.call(`PUT ${route}`, params)
    await settled()
    expect(waits()).toEqual(['PUT'])
    line.close()
    await clock.advance(10_000)
    expect(await put).toMatchObject({ result: 1, reason: 'cancelled' })
    connect()
    await settled()
    door.services.emit(status(1))
    expect(frames).toEqual([])
  })

  it('ends with DELETE system/events; what is followed while the plug-ins answer that stands', async () => {
    const { door, app, frames, answer } = await openDoor()
    void app.call(`PUT ${route}`, params)
    await answer()
    const early = app.call(`PUT ${route}`, params)
    let cleared = () => {}
    door.services.clearing = new Promise(resolve => {
      cleared = resolve
    })
    const all = app.call('DELETE system/events')
    expect(await early).toMatchObject({ reason: 'cancelled' })
    await answer()
    const put = app.call(`PUT ${route}`, params)
    await answer()
    cleared()
    expect([await all, await put]).toMatchObject([{ result: 0 }, { result: 0 }])
    await settled()
    door.services.emit(status(1))
    expect(frames).toMatchObject([{ status: 1 }])
  })
})

describe('A topic of Gantry’s own', () => {
  async function openTopic() {
    const opened = await openDoor()
    const owner = createTestApp(opened.door, 'app://gantry', 'inside')
    await owner.enter('all')
    const told: Body[] = []
    const line = owner.connect(frame => told.push(frame))
    const topic = { running: 0, emit: () => {}, fails: false, open: () => {} }
    opened.door.gotapi.add([
      follows('EVENT notices/changes', async (_params, _call, emit) => {
        await new Promise<void>(resolve => {
          topic.open = resolve
        })
        if (topic.fails) throw new GantryError('data.full', 'The disk is full.')
        topic.running += 1
        const own = topic.emit
        topic.emit = () => {
          own()
          emit({ notices: [] })
        }
        return () => {
          topic.running -= 1
          topic.emit = own
        }
      }),
    ])
    return { ...opened, owner, told, line, topic }
  }

  it('that is being set up when its application leaves ends at once', async () => {
    const { clock, owner, line, topic } = await openTopic()
    const put = owner.call('PUT notices/changes')
    line.close()
    await clock.advance(10_000)
    topic.open()
    expect(await put).toMatchObject({ result: 1, reason: 'cancelled' })
    expect(topic.running).toBe(0)
  })

  it('that fails to be set up anew goes on as it was', async () => {
    const { owner, told, topic } = await openTopic()
    const put = owner.call('PUT notices/changes')
    topic.open()
    await put
    await settled()
    topic.fails = true
    const again = owner.call('PUT notices/changes')
    topic.open()
    expect(await again).toMatchObject({ reason: 'data.full' })
    topic.emit()
    expect(topic.running).toBe(1)
    expect(told).toHaveLength(1)
  })

  it('that is set up anew runs once', async () => {
    const { owner, told, topic } = await openTopic()
    for (let n = 0; n < 3; n += 1) {
      const put = owner.call('PUT notices/changes')
      topic.open()
      await put
    }
    await settled()
    topic.emit()
    expect(topic.running).toBe(1)
    expect(told).toHaveLength(1)
    await owner.call('DELETE notices/changes')
    expect(topic.running).toBe(0)
  })

  it('that could not be set up is not followed', async () => {
    const { owner, closed, topic } = await openTopic()
    topic.fails = true
    const put = owner.call('PUT notices/changes')
    topic.open()
    expect(await put).toMatchObject({ reason: 'data.full' })
    expect((await owner.call('GET apps')).apps).toContainEqual(
      expect.objectContaining({ origin: 'app://gantry', follows: 0 }),
    )
    expect(closed).toEqual([])
  })
})

describe('Two names of one thing are two registrations', () => {
  const onRoute = '3dprinter/onStatus'

  async function followBoth(first: Record<string, string> = {}, second: Record<string, string> = {}) {
    const opened = await openDoor()
    opened.door.services.answer = undefined
    await opened.app.call(`PUT ${route}`, { ...params, ...first })
    await opened.app.call(`PUT ${onRoute}`, { ...params, ...second })
    await settled()
    const asked = () =>
      opened.door.services.calls.map(({ action, attribute, params: { interval } }) => [
        action,
        attribute?.toLowerCase(),
        interval,
      ])
    return { ...opened, asked }
  }

  it('gotapi 57: each event comes under both names, each as it was asked for', async () => {
    const { door, frames } = await followBoth()
    door.services.emit(status(1))
    expect(frames).toEqual([
      { result: 0, serviceId: printerId, profile: '3dprinter', attribute: 'status', status: 1 },
      { result: 0, serviceId: printerId, profile: '3dprinter', attribute: 'onStatus', status: 1 },
    ])
  })

  it.each([
    { ends: route, stays: 'onStatus' },
    { ends: onRoute, stays: 'status' },
  ])(
    'gotapi 54: DELETE $ends leaves the other, and the plug-in hears of the last DELETE only',
    async each => {
      const { door, app, frames, closed, asked } = await followBoth()
      expect(await app.call(`DELETE ${each.ends}`, params)).toMatchObject({ result: 0 })
      await settled()
      door.services.emit(status(1))
      expect(frames.map(({ attribute }) => attribute)).toEqual([each.stays])
      expect(closed).toEqual([])
      expect(asked().map(([action]) => action)).toEqual(['PUT', 'PUT'])
      await app.call(`DELETE 3dprinter/${each.stays}`, params)
      await settled()
      expect(asked().at(-1)).toEqual(['DELETE', 'status', undefined])
      expect(closed).toEqual(['done'])
    },
  )

  it.each([
    { first: '1000', second: '60000', asked: '1000' },
    { first: '60000', second: '1000', asked: '1000' },
    { first: undefined, second: '60000', asked: undefined },
    { first: '60000', second: undefined, asked: undefined },
  ])('neither slows the other down: $first and $second are asked as $asked', async each => {
    const paced = (interval: string | undefined) => (interval === undefined ? {} : { interval })
    const { asked } = await followBoth(paced(each.first), paced(each.second))
    expect(asked().at(-1)).toEqual(['PUT', 'status', each.asked])
  })

  it('wait for each other at the plug-in, which knows but one', async () => {
    const { app, waits, answer } = await openDoor()
    void app.call(`PUT ${onRoute}`, params)
    await answer()
    void app.call(`DELETE ${onRoute}`, params)
    const put = app.call(`PUT ${route}`, params)
    await settled()
    expect(waits()).toEqual(['DELETE'])
    await answer()
    expect(waits()).toEqual(['PUT'])
    await answer()
    expect(await put).toMatchObject({ result: 0 })
  })

  it('the pace of one alone is its newest', async () => {
    const { app, asked } = await followBoth({ interval: '1000' }, { interval: '60000' })
    await app.call(`DELETE ${route}`, params)
    await app.call(`PUT ${onRoute}`, { ...params, interval: '5000' })
    expect(asked().at(-1)).toEqual(['PUT', 'status', '5000'])
  })

  it('what counts of the other is what its newest PUT wished for', async () => {
    const { app, asked } = await followBoth({ interval: '60000' }, { interval: '60000' })
    await app.call(`PUT ${route}`, params)
    await app.call(`PUT ${onRoute}`, { ...params, interval: '60000' })
    expect(asked().at(-1)).toEqual(['PUT', 'status', undefined])
  })

  it('another application’s pace is its own', async () => {
    const { door, asked } = await followBoth({ interval: '1000' })
    const other = createTestApp(door, 'http://other.test')
    await other.beAllowed('all')
    await other.call(`PUT ${onRoute}`, { ...params, interval: '60000' })
    expect(asked().at(-1)).toEqual(['PUT', 'status', '60000'])
  })
})

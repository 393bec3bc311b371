import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../fakes/clock.ts'
import {
  answerEverything,
  type Body,
  createTestApp,
  createTestDoor,
  type TestDoor,
} from '../../fakes/gotapi.ts'
import { echoId, printerId } from '../../fakes/services.ts'

const settled = () => new Promise<void>(resolve => setImmediate(() => setImmediate(resolve)))

const status = (value: number, serviceId = printerId) => ({
  serviceId,
  profile: '3dprinter',
  attribute: 'status',
  payload: { status: { nozzleTemp: value } },
})

async function follower(door: TestDoor, origin = 'http://app.example.test') {
  const app = createTestApp(door, origin)
  await app.beAllowed('all')
  const frames: Body[] = []
  const closed: string[] = []
  const connect = () =>
    app.connect(
      frame => frames.push(frame),
      reason => closed.push(reason),
    )
  return { app, frames, closed, connect }
}

describe('What applications follow', () => {
  it('gotapi 51: with a latest result there is an event at once after the PUT, not before its answer', async () => {
    const door = await createTestDoor()
    const { app, frames, connect } = await follower(door)
    connect()
    door.services.answer = ({ action }) => {
      if (action === 'PUT') door.services.emit(status(210))
      return { result: 0, payload: {} }
    }
    const answer = await app.call('PUT echo/echo', { serviceId: echoId })
    expect(answer.result).toBe(0)
    door.services.answer = call => {
      door.services.emit({ ...status(1, echoId), profile: call.profile, attribute: call.attribute ?? '' })
      return { result: 0, payload: {} }
    }
    await app.call('PUT echo/ticks', { serviceId: echoId })
    expect(frames).toEqual([])
    await settled()
    expect(frames).toEqual([
      { result: 0, serviceId: echoId, profile: 'echo', attribute: 'ticks', status: { nozzleTemp: 1 } },
    ])
  })

  it('gotapi 52: without a result there is silence, then exactly one event', async () => {
    const door = await createTestDoor()
    const { app, frames, connect } = await follower(door)
    connect()
    await app.call('PUT 3dprinter/status', { serviceId: printerId })
    await settled()
    expect(frames).toEqual([])
    door.services.emit(status(20))
    expect(frames).toHaveLength(1)
  })

  it('gotapi 53: each new result is one event', async () => {
    const door = await createTestDoor()
    const { app, frames, connect } = await follower(door)
    connect()
    await app.call('PUT 3dprinter/status', { serviceId: printerId })
    await settled()
    for (let tick = 1; tick <= 50; tick++) door.services.emit(status(tick))
    expect(frames.map(frame => frame.status)).toEqual(
      Array.from({ length: 50 }, (_, i) => ({ nozzleTemp: i + 1 })),
    )
  })

  it('gotapi 54: after the DELETE there are no more events', async () => {
    const door = await createTestDoor()
    const { app, frames, connect } = await follower(door)
    connect()
    await app.call('PUT 3dprinter/status', { serviceId: printerId })
    await app.call('DELETE 3dprinter/status', { serviceId: printerId })
    door.services.emit(status(20))
    await settled()
    expect(frames).toEqual([])
  })

  it('gotapi 55: the plug-in gets the DELETE and its answer is the application’s', async () => {
    const door = await createTestDoor()
    const { app } = await follower(door)
    await app.call('PUT echo/ticks', { serviceId: echoId })
    door.services.answer = ({ action }) => ({ result: 0, payload: { told: action } })
    expect(await app.call('DELETE echo/ticks', { serviceId: echoId })).toMatchObject({ told: 'DELETE' })
    expect(door.services.calls.map(({ action }) => action)).toEqual(['PUT', 'DELETE'])
  })

  it('gotapi 56: the line closes after the last DELETE was answered, not after the one before', async () => {
    const door = await createTestDoor()
    const { app, closed, connect } = await follower(door)
    connect()
    await app.call('PUT 3dprinter/status', { serviceId: printerId })
    await app.call('PUT echo/ticks', { serviceId: echoId })
    await app.call('DELETE echo/ticks', { serviceId: echoId })
    await settled()
    expect(closed).toEqual([])
    await app.call('DELETE 3dprinter/status', { serviceId: printerId })
    expect(closed).toEqual([])
    await settled()
    expect(closed).toEqual(['done'])
  })

  it('gotapi 56: the owner may keep lines open', async () => {
    const door = await createTestDoor()
    door.policy = { ...door.policy, keepLineOpen: true }
    const { app, closed, connect } = await follower(door)
    connect()
    await app.call('PUT 3dprinter/status', { serviceId: printerId })
    await app.call('DELETE 3dprinter/status', { serviceId: printerId })
    await settled()
    expect(closed).toEqual([])
  })

  it('gotapi 57: an event carries the names as they were asked for', async () => {
    const door = await createTestDoor()
    const { app, frames, connect } = await follower(door)
    connect()
    await app.call('PUT 3DPrinter/STATUS', { serviceId: printerId })
    await settled()
    door.services.emit(status(20))
    expect(frames[0]).toMatchObject({ profile: '3DPrinter', attribute: 'STATUS', serviceId: printerId })
    expect(frames[0]).not.toHaveProperty('interface')
  })

  it('gotapi 57: with an interface in the path it stands in the event, too', async () => {
    const door = await createTestDoor()
    const { app, frames, connect } = await follower(door)
    connect()
    await app.call('PUT echo/Left/ticks', { serviceId: echoId })
    await settled()
    const event = { serviceId: echoId, profile: 'echo', attribute: 'ticks', payload: { n: 1 } }
    door.services.emit(event)
    door.services.emit({ ...event, interface: 'right' })
    expect(frames).toEqual([])
    door.services.emit({ ...event, interface: 'left' })
    expect(frames).toEqual([
      { result: 0, serviceId: echoId, profile: 'echo', interface: 'Left', attribute: 'ticks', n: 1 },
    ])
  })

  it('gotapi 58: an event reaches the origin that follows, and no other', async () => {
    const door = await createTestDoor()
    const a = await follower(door, 'http://a.test')
    const b = await follower(door, 'http://b.test')
    a.connect()
    b.connect()
    await a.app.call('PUT 3dprinter/status', { serviceId: printerId })
    await settled()
    door.services.emit(status(20))
    expect([a.frames.length, b.frames.length]).toEqual([1, 0])
  })

  it('gotapi 58: what a plug-in tells one application alone reaches no other that follows the same', async () => {
    const door = await createTestDoor()
    const a = await follower(door, 'http://a.test')
    const b = await follower(door, 'http://b.test')
    for (const { app, connect } of [a, b]) {
      connect()
      await app.call('PUT 3dprinter/status', { serviceId: printerId })
    }
    await settled()
    const callerId = door.services.calls.find(({ caller }) => caller.origin === 'http://a.test')?.caller.id
    door.services.emit({ ...status(20), callerId: callerId ?? '' })
    expect([a.frames.length, b.frames.length]).toEqual([1, 0])
  })

  it('gotapi 58: what is for the owner’s own programs reaches no application, not even one that begins to follow', async () => {
    const door = await createTestDoor()
    const { app, frames, connect } = await follower(door)
    const window = createTestApp(door, 'app://gantry', 'inside')
    await window.enter('3dprinter')
    const shown: Body[] = []
    window.connect(frame => shown.push(frame))
    await window.call('PUT 3dprinter/status', { serviceId: printerId })
    connect()
    door.services.answer = () => {
      // On the heels of the PUT: it would be held for the application until its answer is out.
      door.services.emit({ ...status(1), audience: 'owner' })
      return { result: 0, payload: {} }
    }
    await app.call('PUT 3dprinter/status', { serviceId: printerId })
    await settled()
    door.services.emit({ ...status(2), audience: 'owner' })
    door.services.emit({ ...status(3), audience: 'applications' })
    door.services.emit(status(4))
    const values = (all: readonly Body[]) =>
      all.map(frame => (frame.status as { nozzleTemp: number }).nozzleTemp)
    expect([values(shown), values(frames)]).toEqual([
      [1, 2, 4],
      [3, 4],
    ])
  })

  it('an application that was the owner’s and asks anew as any other hears as any other', async () => {
    const door = await createTestDoor()
    const app = createTestApp(door, 'http://localhost:4035')
    const { clientId } = await app.call('GET authorization/grant')
    const ask = async (extra: Record<string, string>) => {
      const asked = { clientId: String(clientId), scope: '3dprinter', ...extra }
      app.token = String((await app.call('GET authorization/accesstoken', asked)).accessToken)
    }
    await ask({ invitation: door.gotapi.gateway.invite({ about: '', scopes: ['all'], lifeMs: 1_000 }) })
    const frames: Body[] = []
    app.connect(frame => frames.push(frame))
    await app.call('PUT 3dprinter/status', { serviceId: printerId })
    await settled()
    const stop = answerEverything(door, 'allow')
    await ask({})
    stop()
    door.services.emit({ ...status(1), audience: 'owner' })
    door.services.emit({ ...status(2), audience: 'applications' })
    expect(frames.map(({ status: told }) => told)).toEqual([{ nozzleTemp: 2 }])
    await app.call('GET 3dprinter/status', { serviceId: printerId })
    expect(door.services.calls.map(({ caller }) => caller.isOwner)).toEqual([true, false])
  })

  it('gotapi 59: a second PUT is no error and doubles nothing', async () => {
    const door = await createTestDoor()
    const { app, frames, connect } = await follower(door)
    connect()
    for (let i = 0; i < 3; i++) {
      expect(await app.call('PUT 3dprinter/status', { serviceId: printerId })).toMatchObject({ result: 0 })
    }
    await settled()
    door.services.emit(status(20))
    expect(frames).toHaveLength(1)
  })

  it('a DELETE of what is not followed succeeds', async () => {
    const { app } = await follower(await createTestDoor())
    expect(await app.call('DELETE echo/ticks', { serviceId: echoId })).toMatchObject({ result: 0 })
  })

  it('what was not there to be sent waits, the newest only, for the line', async () => {
    const door = await createTestDoor()
    const { app, frames, connect } = await follower(door)
    await app.call('PUT 3dprinter/status', { serviceId: printerId })
    await settled()
    door.services.emit(status(1))
    door.services.emit(status(2))
    expect(connect().answer).toEqual({ result: 0 })
    expect(frames).toEqual([])
    await settled()
    expect(frames.map(frame => frame.status)).toEqual([{ nozzleTemp: 2 }])
  })

  it('a line that comes back within ten seconds goes on; one that does not, ends what it followed', async () => {
    const clock = createFakeClock()
    const door = await createTestDoor({ clock })
    const { app, frames, connect } = await follower(door)
    const first = connect()
    await app.call('PUT 3dprinter/status', { serviceId: printerId })
    first.close()
    await clock.advance(9_000)
    const second = connect()
    await clock.advance(5_000)
    door.services.emit(status(1))
    expect(frames).toHaveLength(1)
    expect(door.services.disconnects).toEqual([])
    second.close()
    await clock.advance(10_000)
    expect(door.services.disconnects).toEqual(['http://app.example.test'])
    connect()
    await settled()
    door.services.emit(status(2))
    expect(frames).toHaveLength(1)
  })

  it('nothing is heard of a profile whose permission ran out', async () => {
    const clock = createFakeClock()
    const door = await createTestDoor({ clock })
    door.policy = { ...door.policy, grantedDays: 1 / 24 }
    const { app, frames, connect } = await follower(door)
    connect()
    await app.call('PUT 3dprinter/status', { serviceId: printerId })
    await settled()
    await clock.advance(60 * 60_000)
    door.services.emit(status(1))
    expect(frames).toEqual([])
  })

  it('nothing is heard any more of a profile that the application’s newest token does not cover', async () => {
    const door = await createTestDoor()
    const app = createTestApp(door)
    const { clientId } = await app.call('GET authorization/grant')
    const ask = async (scope: string) => {
      const stop = answerEverything(door, 'allow')
      const asked = { clientId: String(clientId), scope }
      app.token = String((await app.call('GET authorization/accesstoken', asked)).accessToken)
      stop()
    }
    const frames: Body[] = []
    const heard = () => frames.splice(0).map(({ profile }) => profile)
    const tell = () => {
      door.services.emit(status(1))
      door.services.emit({ serviceId: echoId, profile: 'echo', attribute: 'ticks', payload: {} })
      return heard()
    }
    await ask('3dprinter,echo')
    app.connect(frame => frames.push(frame))
    await app.call('PUT 3dprinter/status', { serviceId: printerId })
    await app.call('PUT echo/ticks', { serviceId: echoId })
    await settled()
    expect(tell()).toEqual(['3dprinter', 'echo'])
    await ask('echo')
    expect(tell()).toEqual(['echo'])
    await ask('3dprinter')
    expect(tell()).toEqual(['3dprinter'])
  })

  it('an event with a name of the envelope or a secret of the server loses it', async () => {
    const door = await createTestDoor()
    const { app, frames, connect } = await follower(door)
    connect()
    await app.call('PUT 3dprinter/status', { serviceId: printerId })
    await settled()
    door.services.emit({
      ...status(1),
      payload: { accessToken: 's', requestCode: 'x', result: 9, value: 1 },
    })
    expect(frames).toEqual([
      { result: 0, serviceId: printerId, profile: '3dprinter', attribute: 'status', value: 1 },
    ])
  })

  it('allowed once ends when the application leaves', async () => {
    const clock = createFakeClock()
    const door = await createTestDoor({ clock })
    const app = createTestApp(door)
    await app.beAllowed('system', 'once')
    app.connect(() => {}).close()
    await clock.advance(10_000)
    expect(await app.call('GET system')).toMatchObject({ errorCode: 15 })
  })

  it('a topic of Gantry’s own gives its latest result at once and each change', async () => {
    const door = await createTestDoor()
    const owner = createTestApp(door, 'app://gantry', 'inside')
    await owner.enter('all')
    const frames: Body[] = []
    owner.connect(frame => frames.push(frame))
    await owner.call('PUT approvals')
    await settled()
    expect(frames).toEqual([{ result: 0, profile: 'approvals', approvals: [] }])
    void createTestApp(door).ask('system')
    await expect.poll(() => frames.length).toBe(2)
    expect(frames[1]).toMatchObject({ approvals: [{ kind: 'access', origin: 'http://app.example.test' }] })
  })
})

describe('GotAPI-5 without a socket', () => {
  it('gotapi 63: the token of another origin is error 3', async () => {
    const door = await createTestDoor()
    const { app } = await follower(door, 'http://a.test')
    const thief = createTestApp(door, 'http://b.test')
    thief.token = app.token
    expect(thief.connect(() => {}).answer).toMatchObject({ result: 1, errorCode: 3 })
  })

  it('gotapi 65: a second line of an application is error 4 and the first lives on', async () => {
    const door = await createTestDoor()
    const { app, frames, closed, connect } = await follower(door)
    connect()
    await app.call('PUT 3dprinter/status', { serviceId: printerId })
    expect(app.connect(() => {}).answer).toMatchObject({ errorCode: 4 })
    await settled()
    door.services.emit(status(1))
    expect(frames).toHaveLength(1)
    expect(closed).toEqual([])
  })
})

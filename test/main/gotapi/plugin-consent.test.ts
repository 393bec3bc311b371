import { describe, expect, it } from 'vitest'
import type { ThirdPartyPlugin } from '../../../src/main/plugin-host/index.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { answerEverything, type Body, createTestApp, createTestDoor } from '../../fakes/gotapi.ts'
import { echoId, printerId } from '../../fakes/services.ts'

const echo: ThirdPartyPlugin = {
  id: 'echo',
  name: 'Echo',
  manufacturer: 'Tick & Co',
  profiles: ['echo'],
  identity: 'echo 1',
}
const lamp: ThirdPartyPlugin = { ...echo, id: 'lamp', name: 'Lamp', profiles: ['lamp'], identity: 'lamp 1' }
const origin = 'http://app.example.test'
const call = ['GET echo/say', { serviceId: echoId }] as const

/** An application that was let in to everything, before the owner is asked about third-party plug-ins. */
async function setUp(decision: 'allow' | 'once' = 'allow') {
  const clock = createFakeClock()
  const door = await createTestDoor({ clock, foreign: [echo, lamp] })
  const app = createTestApp(door)
  await app.beAllowed('echo,lamp,3dprinter,system', decision)
  const owner = createTestApp(door, 'http://127.0.0.1:4035')
  await owner.enter('all')
  const { desk } = door.gotapi
  const question = () => desk.pending()[0]
  const asked = async () => {
    await clock.advance(0)
    const open = question()
    if (!open) throw new Error('Nobody was asked.')
    return open
  }
  const decide = async (answer: 'allow' | 'once' | 'deny') => desk.decide((await asked()).id, answer)
  const apps = async () => (await owner.call('GET apps')).apps as { plugins: Body[]; clientId: string }[]
  const mine = async () => (await apps()).find(each => each.clientId !== '' && 'plugins' in each)
  return { door, clock, app, owner, desk, question, asked, decide, apps, mine, services: door.services }
}

describe('the question whether an application may use a plug-in', () => {
  it('gotapi 7.4: comes before the first request, and says which application and which plug-in', async () => {
    const { app, asked, desk, services } = await setUp()
    const answer = app.call(...call)
    expect(await asked()).toMatchObject({
      kind: 'plugin',
      origin,
      name: origin,
      plugin: { id: 'echo', name: 'Echo', manufacturer: 'Tick & Co', profiles: ['echo'] },
    })
    expect(services.calls).toEqual([])
    desk.decide((await asked()).id, 'allow')
    expect(await answer).toMatchObject({ result: 0 })
    expect(services.calls).toHaveLength(1)
  })

  it('is asked once for each application and plug-in', async () => {
    const { app, decide, asked, door, question } = await setUp()
    const first = app.call(...call)
    await decide('allow')
    await first
    expect(await app.call(...call)).toMatchObject({ result: 0 })
    const other = app.call('GET lamp/level', { serviceId: 'x1.lamp' })
    expect(await asked()).toMatchObject({ plugin: { id: 'lamp' } })
    await decide('allow')
    expect(await other).toMatchObject({ result: 0 })
    const neighbour = createTestApp(door, 'http://other.example.test')
    await neighbour.beAllowed('echo')
    const theirs = neighbour.call(...call)
    expect(await asked()).toMatchObject({ origin: 'http://other.example.test', plugin: { id: 'echo' } })
    await decide('deny')
    await theirs
    expect(question()).toBeUndefined()
  })

  it('is not asked for what came with Gantry', async () => {
    const { app, desk } = await setUp()
    expect(await app.call('GET 3dprinter', { serviceId: printerId })).toMatchObject({ result: 0 })
    expect(desk.pending()).toEqual([])
  })

  it('is not asked of the owner’s own programs, whatever part of their rights they asked for', async () => {
    const { owner, door, desk } = await setUp()
    expect(await owner.call(...call)).toMatchObject({ result: 0 })
    const phone = createTestApp(door, 'http://phone.example.test')
    await phone.enter('echo')
    expect(await phone.call(...call)).toMatchObject({ result: 0 })
    expect(desk.pending()).toEqual([])
  })

  it('is not asked for a call without a token, beyond its scope, or to nowhere', async () => {
    const { door, desk, app } = await setUp()
    const other = createTestApp(door, 'http://other.example.test')
    expect(await other.call(...call)).toMatchObject({ errorCode: 13 })
    await other.beAllowed('3dprinter')
    expect(await other.call(...call)).toMatchObject({ errorCode: 14 })
    expect(await app.call('GET echo/say', { serviceId: 'x9.nowhere' })).toMatchObject({ errorCode: 6 })
    expect(desk.pending()).toEqual([])
  })

  it('gotapi 42: a no is 11 with 403, reaches nobody, and is not kept', async () => {
    const { app, decide, services } = await setUp()
    for (const _time of [1, 2]) {
      const answer = app.call(...call)
      await decide('deny')
      expect(await answer).toMatchObject({ result: 1, errorCode: 11, httpStatus: 403 })
    }
    expect(services.calls).toEqual([])
    const answer = app.call(...call)
    await decide('allow')
    expect(await answer).toMatchObject({ result: 0 })
  })

  it('is a no when the owner lets its minute pass', async () => {
    const { app, clock, asked, desk, services } = await setUp()
    const answer = app.call(...call)
    await asked()
    await clock.advance(60_000)
    expect(await answer).toMatchObject({ errorCode: 11, errorMessage: 'The owner did not answer in time.' })
    expect(desk.pending()).toEqual([])
    expect(services.calls).toEqual([])
  })

  it('is one question for calls that come together', async () => {
    const { app, decide, desk, services } = await setUp()
    const answers = [1, 2, 3].map(() => app.call(...call))
    await decide('allow')
    expect(desk.pending()).toEqual([])
    for (const answer of answers) expect(await answer).toMatchObject({ result: 0 })
    expect(services.calls).toHaveLength(3)
  })

  it('shares the one open question of its origin: another plug-in has to wait its turn', async () => {
    const { app, asked, decide } = await setUp()
    const first = app.call(...call)
    await asked()
    expect(await app.call('GET lamp/level', { serviceId: 'x1.lamp' })).toMatchObject({
      errorCode: 11,
      errorMessage: 'A question of this application waits for the owner already.',
    })
    await decide('allow')
    expect(await first).toMatchObject({ result: 0 })
  })

  it('is withdrawn when the last of those who wait has gone, and not before', async () => {
    const { app, asked, desk, services, clock } = await setUp()
    const gone = [new AbortController(), new AbortController()]
    const answers = gone.map(({ signal }) => app.call(...call, signal))
    await asked()
    gone[0]?.abort()
    await clock.advance(0)
    expect(desk.pending()).toHaveLength(1)
    gone[1]?.abort()
    expect(desk.pending()).toEqual([])
    for (const answer of answers) expect(await answer).toMatchObject({ errorCode: 11 })
    expect(services.calls).toEqual([])
    expect(await app.call(...call, gone[0]?.signal)).toMatchObject({ errorCode: 11 })
  })

  it('cannot be asked without end: an application that goes on after no is told to wait', async () => {
    const { app, door, clock } = await setUp()
    const stop = answerEverything(door, 'deny')
    const codes: unknown[] = []
    for (let n = 0; n < 12; n++) codes.push((await app.call(...call)).httpStatus)
    // The question at the front door was the first of ten in this minute.
    expect(codes).toEqual([...Array(9).fill(403), ...Array(3).fill(429)])
    await clock.advance(60_000)
    expect(await app.call(...call)).toMatchObject({ httpStatus: 403 })
    stop()
  })

  it('stands before waking a plug-in, too', async () => {
    const { app, decide, services } = await setUp()
    const refused = app.call('PUT system/device/wakeup', { pluginId: 'echo' })
    await decide('deny')
    expect(await refused).toMatchObject({ errorCode: 11, httpStatus: 403 })
    expect(services.wakeups).toEqual([])
    const allowed = app.call('PUT system/device/wakeup', { pluginId: 'echo' })
    await decide('allow')
    expect(await allowed).toMatchObject({ result: 0 })
  })

  it('gives nothing to an application that was revoked while it was open', async () => {
    const { app, asked, desk, owner, mine, services } = await setUp()
    const answer = app.call(...call)
    await asked()
    await owner.call('DELETE apps/client', { clientId: (await mine())?.clientId ?? '' })
    expect(desk.pending()).toEqual([])
    expect(await answer).toMatchObject({ result: 1 })
    expect(services.calls).toEqual([])
  })

  it('gives nothing to a token that was replaced while it was open', async () => {
    const { app, decide, asked, door, services } = await setUp()
    const answer = app.call(...call)
    await asked()
    const again = createTestApp(door)
    await again.enter('echo')
    expect(await answer).toMatchObject({ result: 1 })
    expect(services.calls).toEqual([])
    await expect(decide('allow')).rejects.toThrow('Nobody was asked.')
  })
})

describe('what was allowed', () => {
  async function allowed(decision: 'allow' | 'once' = 'allow') {
    const all = await setUp()
    const answer = all.app.call(...call)
    await all.decide(decision)
    await answer
    return all
  }

  it('stands on the screen of applications under the application', async () => {
    const { mine, clock } = await allowed()
    expect((await mine())?.plugins).toEqual([{ id: 'echo', name: 'Echo', once: false, since: clock.now() }])
  })

  it('survives a restart; once does not', async () => {
    const { door, app, clock } = await allowed()
    const after = await door.again()
    const back = createTestApp(after)
    back.token = app.token
    expect(await back.call(...call)).toMatchObject({ result: 0 })
    const other = createTestApp(after, 'http://other.example.test')
    const stop = answerEverything(after, 'allow')
    await other.ask('echo').then(({ accessToken }) => {
      other.token = String(accessToken)
    })
    stop()
    const once = answerEverything(after, 'once')
    await other.call(...call)
    once()
    expect(await other.call(...call)).toMatchObject({ result: 0 })
    const third = await after.again()
    const again = createTestApp(third, 'http://other.example.test')
    again.token = other.token
    const asking = again.call(...call)
    await clock.advance(0)
    expect(third.gotapi.desk.pending()).toMatchObject([{ kind: 'plugin' }])
    answerEverything(third, 'deny')
    third.gotapi.desk.decide(third.gotapi.desk.pending()[0]?.id ?? '', 'deny')
    expect(await asking).toMatchObject({ errorCode: 11 })
  })

  it.each(['allow', 'once'] as const)(
    '%s goes over to the next token of the same client, or ends',
    async how => {
      const { app, decide, door, asked } = await allowed(how)
      const member = (await createOwnerView(door)).find(each => each.origin === origin)
      const stop = answerEverything(door, 'allow')
      const renewed = await app.call('GET authorization/accesstoken', {
        clientId: String(member?.clientId),
        scope: 'echo',
      })
      stop()
      app.token = String(renewed.accessToken)
      const answer = app.call(...call)
      if (how === 'once') {
        expect(await asked()).toMatchObject({ kind: 'plugin' })
        await decide('allow')
      }
      expect(await answer).toMatchObject({ result: 0 })
    },
  )

  it('ends with the application, and is asked anew after it was let in again', async () => {
    const { app, decide, asked } = await allowed()
    await app.beAllowed('echo')
    const answer = app.call(...call)
    expect(await asked()).toMatchObject({ kind: 'plugin' })
    await decide('deny')
    expect(await answer).toMatchObject({ errorCode: 11 })
  })

  it('is forgotten at once when it is taken back, with what is followed through the plug-in', async () => {
    const { app, owner, mine, services, asked, decide, clock } = await allowed()
    const frames: Body[] = []
    const closes: string[] = []
    app.connect(
      frame => frames.push(frame),
      reason => closes.push(reason),
    )
    await app.call('PUT echo/tick', { serviceId: echoId })
    await app.call('PUT 3dprinter/status', { serviceId: printerId })
    await clock.advance(0)
    const tick = () =>
      services.emit({ serviceId: echoId, profile: 'echo', attribute: 'tick', payload: { n: 1 } })
    tick()
    expect(frames).toHaveLength(1)
    const { clientId = '' } = (await mine()) ?? {}
    expect(await owner.call('DELETE apps/plugin', { clientId, pluginId: 'echo' })).toMatchObject({
      result: 0,
    })
    tick()
    expect(frames).toHaveLength(1)
    expect(services.left).toEqual([{ origin, pluginId: 'echo' }])
    expect((await mine())?.plugins).toEqual([])
    // What it follows elsewhere goes on.
    services.emit({ serviceId: printerId, profile: '3dprinter', attribute: 'status', payload: { n: 2 } })
    expect(frames).toHaveLength(2)
    expect(closes).toEqual([])
    const answer = app.call(...call)
    expect(await asked()).toMatchObject({ kind: 'plugin' })
    await decide('deny')
    expect(await answer).toMatchObject({ errorCode: 11 })
  })

  it('gotapi 56: the line closes when nothing else was followed', async () => {
    const { app, owner, mine, clock } = await allowed()
    const closes: string[] = []
    app.connect(
      () => {},
      reason => closes.push(reason),
    )
    await app.call('PUT echo/tick', { serviceId: echoId })
    await clock.advance(0)
    await owner.call('DELETE apps/plugin', { clientId: (await mine())?.clientId ?? '', pluginId: 'echo' })
    expect(closes).toHaveLength(1)
  })

  it('cannot be taken back twice', async () => {
    const { owner, mine } = await allowed()
    const { clientId = '' } = (await mine()) ?? {}
    await owner.call('DELETE apps/plugin', { clientId, pluginId: 'echo' })
    expect(await owner.call('DELETE apps/plugin', { clientId, pluginId: 'echo' })).toMatchObject({
      errorCode: 10,
    })
    expect(await owner.call('DELETE apps/plugin', { clientId: 'ghost', pluginId: 'echo' })).toMatchObject({
      errorCode: 10,
    })
  })

  it('is void when the plug-in is switched off or removed, even when it comes back', async () => {
    const { app, services, mine, asked, decide } = await allowed()
    services.lose('echo')
    expect((await mine())?.plugins).toEqual([])
    services.foreign.push(echo)
    const answer = app.call(...call)
    expect(await asked()).toMatchObject({ kind: 'plugin' })
    await decide('deny')
    expect(await answer).toMatchObject({ errorCode: 11 })
  })

  it('withdraws a question about a plug-in that goes', async () => {
    const { app, services, asked, desk } = await setUp()
    const answer = app.call(...call)
    await asked()
    services.lose('echo')
    expect(desk.pending()).toEqual([])
    expect(await answer).toMatchObject({ errorCode: 11 })
  })

  it('what the owner allowed outlives a start at which the plug-in cannot be read', async () => {
    const { door } = await allowed()
    const after = await door.again({ foreign: [], unread: ['echo'] })
    const owner = await createOwnerView(after)
    expect(owner.find(each => each.origin === origin)?.plugins).toMatchObject([{ id: 'echo' }])
  })

  it.each([
    ['has another maker', [{ ...echo, manufacturer: 'Somebody', identity: 'echo 2' }]],
    ['is gone', [lamp]],
  ])('is void when Gantry starts and the plug-in %s', async (_how, foreign) => {
    const { door, app, clock } = await allowed()
    const after = await door.again({ foreign })
    const owner = await createOwnerView(after)
    expect(owner.find(each => each.origin === origin)?.plugins).toEqual([])
    after.services.foreign = [...foreign.filter(({ id }) => id !== 'echo'), { ...echo, identity: 'echo 2' }]
    const back = createTestApp(after)
    back.token = app.token
    const answer = back.call(...call)
    await clock.advance(0)
    expect(after.gotapi.desk.pending()).toMatchObject([{ kind: 'plugin', plugin: { id: 'echo' } }])
    after.gotapi.desk.decide(after.gotapi.desk.pending()[0]?.id ?? '', 'deny')
    await answer
  })
})

async function createOwnerView(door: Parameters<typeof createTestApp>[0]) {
  const owner = createTestApp(door, 'http://127.0.0.1:4035')
  await owner.enter('all')
  return (await owner.call('GET apps')).apps as {
    readonly clientId: string
    readonly origin: string
    readonly plugins: readonly Body[]
  }[]
}

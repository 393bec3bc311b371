import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../../src/main/lib/clock.ts'
import { createFakeClock } from '../../../fakes/clock.ts'
import { callLikeNodeGotapi, followFrames } from '../../../fakes/field-clients.ts'
import {
  answerEverything,
  type Body,
  createTestApp,
  createTestDoor,
  type TestDoor,
} from '../../../fakes/gotapi.ts'
import { echoId, printerId } from '../../../fakes/services.ts'

const settled = () => new Promise<void>(resolve => setImmediate(() => setImmediate(resolve)))
const route = '3dprinter/status'
const params = { serviceId: printerId }
const origin = 'http://app.example.test'

async function openOwner(door: TestDoor) {
  const owner = createTestApp(door, 'app://gantry', 'inside')
  await owner.enter('all')
  const find = async (of = origin) => {
    const { apps } = await owner.call('GET apps')
    return (apps as { clientId: string; origin: string; keepLineOpen: boolean }[]).find(
      app => app.origin === of,
    )
  }
  const keep = async (keepOpen: boolean, of = origin) =>
    owner.call('PUT apps/line', {
      clientId: (await find(of))?.clientId ?? '',
      keepOpen: String(keepOpen),
    })
  return { owner, find, keep }
}

async function openDoor() {
  const clock = createFakeClock()
  const door = await createTestDoor({ clock })
  const app = createTestApp(door, origin)
  await app.beAllowed('all')
  const closed: string[] = []
  const connect = () =>
    app.connect(
      () => {},
      reason => closed.push(reason),
    )
  const followOnce = async () => {
    await app.call(`PUT ${route}`, params)
    await app.call(`DELETE ${route}`, params)
    await settled()
  }
  return { clock, door, app, closed, connect, followOnce, ...(await openOwner(door)) }
}

describe('The answer to a PUT', () => {
  it('says when there is no line to send events on, and nothing of it when there is one', async () => {
    const { app, connect } = await openDoor()
    expect(await app.call(`PUT ${route}`, params)).toMatchObject({ result: 0, line: false })
    expect(await app.call('PUT servicediscovery/onservicechange')).toMatchObject({ line: false })
    const line = connect()
    expect(await app.call(`PUT ${route}`, params)).not.toHaveProperty('line')
    expect(await app.call('PUT servicediscovery/onservicechange')).not.toHaveProperty('line')
    line.close()
    expect(await app.call(`PUT ${route}`, params)).toMatchObject({ line: false })
  })

  it('speaks of the application’s own line: neither a DELETE nor a GET does', async () => {
    const { door, app, owner } = await openDoor()
    owner.connect(() => {})
    expect(await app.call(`PUT ${route}`, params)).toMatchObject({ line: false })
    door.services.answer = () => ({ result: 0, payload: {} })
    for (const call of [`DELETE ${route}`, `GET ${route}`]) {
      expect(await app.call(call, params)).not.toHaveProperty('line')
    }
  })
})

describe('The line of one application', () => {
  it('gotapi 56: closes after its last DELETE unless the owner keeps this one open', async () => {
    const { door, closed, connect, followOnce, find, keep } = await openDoor()
    const other = createTestApp(door, 'http://other.test')
    await other.beAllowed('all')
    const otherClosed: string[] = []
    other.connect(
      () => {},
      reason => otherClosed.push(reason),
    )
    expect(await find()).toMatchObject({ keepLineOpen: false })
    expect(await keep(true)).toMatchObject({ result: 0 })
    expect(await find()).toMatchObject({ keepLineOpen: true })
    connect()
    await followOnce()
    expect(closed).toEqual([])
    await other.call(`PUT ${route}`, params)
    await other.call(`DELETE ${route}`, params)
    await settled()
    expect(otherClosed).toEqual(['done'])
    await keep(false)
    await followOnce()
    expect(closed).toEqual(['done'])
  })

  it('stays as the owner said over a restart and when the application is let in anew', async () => {
    const { door, app, keep } = await openDoor()
    await keep(true)
    await app.beAllowed('all')
    const later = await door.again()
    const { find } = await openOwner(later)
    expect(await find()).toMatchObject({ keepLineOpen: true })
    await createTestApp(later, origin).beAllowed('all', 'once')
    expect(await find()).toMatchObject({ keepLineOpen: true })
  })

  it('is not kept for another origin or another way that is let in, nor after the permission ended', async () => {
    const { door, owner, find, keep } = await openDoor()
    await keep(true)
    await createTestApp(door, 'http://other.test').beAllowed('all')
    expect(await find('http://other.test')).toMatchObject({ keepLineOpen: false })
    await createTestApp(door, origin, 'lan').beAllowed('all')
    const { apps } = await owner.call('GET apps')
    expect(apps).toContainEqual(expect.objectContaining({ origin, via: 'lan', keepLineOpen: false }))
    await owner.call('DELETE apps/client', { clientId: (await find())?.clientId ?? '' })
    await createTestApp(door, origin).beAllowed('all')
    expect(await find()).toMatchObject({ keepLineOpen: false })
  })

  it('is for the owner to say, of somebody there is, and not where the disk refuses it', async () => {
    const { door, app, find, keep, owner } = await openDoor()
    const { clientId = '' } = (await find()) ?? {}
    expect(await app.call('PUT apps/line', { clientId, keepOpen: 'true' })).toMatchObject({ errorCode: 14 })
    expect(await owner.call('PUT apps/line', { clientId: 'x', keepOpen: 'true' })).toMatchObject({
      errorCode: 10,
    })
    door.disk.fault = new Error('disk I/O error')
    expect(await keep(true)).toMatchObject({ result: 1 })
    expect(await find()).toMatchObject({ keepLineOpen: false })
  })

  it('tells those who follow the list', async () => {
    const { clock, keep, owner } = await openDoor()
    const told: Body[] = []
    owner.connect(frame => told.push(frame))
    await owner.call('PUT apps')
    await settled()
    await clock.advance(1_000)
    told.length = 0
    await keep(true)
    await clock.advance(1_000)
    expect(told.at(-1)?.apps).toContainEqual(expect.objectContaining({ origin, keepLineOpen: true }))
  })
})

/** It opens its one line in `connect()`, before it follows anything, and never another. Each page that loads is a new grant. */
describe('A client of the node-gotapi kind, which keeps one line for ever', () => {
  async function connect(door: TestDoor) {
    const key = randomBytes(32).toString('hex')
    const call = (method: string, path: string, more: Record<string, string>) =>
      callLikeNodeGotapi({ url: door.url, origin, key }, method, path, more)
    await fetch(`${door.url}/gotapi/availability?key=${key}`, { headers: { Origin: origin } })
    const { clientId } = await call('GET', 'authorization/grant', {})
    const asked = { clientId: String(clientId), scope: 'all' }
    const accessToken = String((await call('GET', 'authorization/accesstoken', asked)).accessToken)
    const line = followFrames({ url: door.url, origin }, accessToken)
    await line.first
    const heard = () => line.frames.slice(1).map(({ n }) => n)
    const request = (method: string) => call(method, 'echo/ticktack', { accessToken, serviceId: echoId })
    return { ...line, heard, request }
  }

  async function openDoorOnSockets() {
    const door = await createTestDoor({ clock: systemClock, listens: true })
    answerEverything(door, 'allow')
    const tick = async (n: number) => {
      await settled()
      door.services.emit({ serviceId: echoId, profile: 'echo', attribute: 'ticktack', payload: { n } })
    }
    return { door, tick, ...(await openOwner(door)) }
  }

  it('gotapi 56: is deaf after its last DELETE, and its next PUT is told so', async () => {
    const { door, tick } = await openDoorOnSockets()
    const client = await connect(door)
    expect(await client.request('PUT')).not.toHaveProperty('line')
    await tick(1)
    await expect.poll(client.heard).toEqual([1])
    await client.request('DELETE')
    expect(await client.closed).toBe(1000)
    expect(await client.request('PUT')).toMatchObject({ result: 0, line: false })
    await tick(2)
    expect(client.heard()).toEqual([1])
  })

  it('hears again where the owner keeps its line open, after its page was loaded anew as well', async () => {
    const { door, tick, keep } = await openDoorOnSockets()
    const early = await connect(door)
    await keep(true)
    early.ws.close()
    await early.closed
    const client = await connect(door)
    for (const n of [1, 2, 3]) {
      expect(await client.request('PUT')).not.toHaveProperty('line')
      await tick(n)
      await expect.poll(() => client.heard().at(-1)).toBe(n)
      await client.request('DELETE')
      await tick(-n)
    }
    expect(client.heard()).toEqual([1, 2, 3])
    expect(client.ws.readyState).toBe(client.ws.OPEN)
  })
})

import { randomBytes } from 'node:crypto'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { systemClock } from '../../../src/main/lib/clock.ts'
import { callLikeDeviceConnect, callLikeNodeGotapi, followFrames } from '../../fakes/field-clients.ts'
import { createTestDoor, type TestDoor } from '../../fakes/gotapi.ts'
import { echoId, printerId } from '../../fakes/services.ts'

/** The owner says yes to everything, as the hook of a client's own test run does. */
async function friendlyDoor(): Promise<TestDoor> {
  const door = await createTestDoor({ clock: systemClock, listens: true })
  onTestFinished(
    door.gotapi.desk.onChange(pending => {
      for (const { id } of pending) door.gotapi.desk.decide(id, 'allow')
    }),
  )
  return door
}

describe('A client of the node-gotapi kind', () => {
  const origin = 'http://localhost:8080'
  const key = randomBytes(32).toString('hex')

  const call = (door: TestDoor, method: string, path: string, params: Record<string, string>) =>
    callLikeNodeGotapi({ url: door.url, origin, key }, method, path, params)

  async function connect(door: TestDoor) {
    const greeting = await fetch(`${door.url}/gotapi/availability?key=${key}`, {
      headers: { Origin: origin },
    })
    expect(greeting.status).toBe(200)
    const { clientId } = await call(door, 'GET', 'authorization/grant', {})
    const { accessToken } = await call(door, 'GET', 'authorization/accesstoken', {
      clientId: String(clientId),
      scope: 'all',
    })
    const token = String(accessToken)
    const { services } = await call(door, 'GET', 'servicediscovery', { accessToken: token })
    const line = followFrames({ url: door.url, origin }, token)
    await line.first
    return { token, services, ...line }
  }

  it('connects in its own order and checks the signature of every answer', async () => {
    const { services } = await connect(await friendlyDoor())
    expect(services).toMatchObject([{ serviceId: printerId }, { serviceId: echoId }])
  })

  it('calls a service, follows it and stops, with its PUT in a urlencoded body', async () => {
    const door = await friendlyDoor()
    const { token, frames } = await connect(door)
    const params = { accessToken: token, serviceId: echoId }
    expect(await call(door, 'GET', 'echo/echo', params)).toMatchObject({ result: 0 })
    await call(door, 'PUT', 'echo/ticktack', params)
    await new Promise(resolve => setImmediate(resolve))
    door.services.emit({ serviceId: echoId, profile: 'echo', attribute: 'ticktack', payload: { time: 1 } })
    await expect.poll(() => frames.length).toBe(2)
    // Only frames with result 0 are messages to it.
    expect(frames[1]).toMatchObject({ result: 0, profile: 'echo', attribute: 'ticktack', time: 1 })
    await call(door, 'DELETE', 'echo/ticktack', params)
  })

  it('rejects a server that does not know its key', async () => {
    const door = await friendlyDoor()
    await expect(call(door, 'GET', 'authorization/grant', {})).rejects.toThrow()
  })
})

describe('A client of the Device Connect kind', () => {
  const origin = 'http://sdk.example.test'

  const call = (
    door: TestDoor,
    method: string,
    path: string,
    params: Record<string, string>,
    nonce?: string,
  ) => callLikeDeviceConnect({ url: door.url, origin }, method, path, params, nonce)

  async function authorise(door: TestDoor, scope: string): Promise<string> {
    const { clientId } = await call(door, 'GET', 'authorization/grant', {})
    const { accessToken } = await call(door, 'GET', 'authorization/accessToken', {
      clientId: String(clientId),
      scope,
      applicationName: 'SDK Auto Test',
    })
    return String(accessToken)
  }

  it('checks, authorises, discovers, asks for information and for the system', async () => {
    const door = await friendlyDoor()
    expect(await call(door, 'GET', 'availability', { accessToken: 'stale' })).toMatchObject({
      result: 0,
      version: '1.2.3',
    })
    const accessToken = await authorise(door, 'servicediscovery,serviceinformation,system,3dprinter')
    const { services } = await call(door, 'GET', 'serviceDiscovery', { accessToken })
    const ids = (services as { id: string }[]).map(({ id }) => id)
    expect(ids).toEqual([printerId, echoId])
    expect(
      await call(door, 'GET', 'serviceInformation', { accessToken, serviceId: printerId }),
    ).toMatchObject({
      supports: ['3dprinter'],
    })
    expect(await call(door, 'GET', 'system', { accessToken })).toMatchObject({ result: 0 })
  })

  it('authorises again with one profile more when a call is outside its scopes', async () => {
    const door = await friendlyDoor()
    const first = await authorise(door, 'servicediscovery')
    const params = { serviceId: echoId }
    const refused = await call(door, 'POST', 'echo/echo', { ...params, accessToken: first })
    expect(refused).toMatchObject({ result: 1, errorCode: 14 })
    const second = await authorise(door, 'servicediscovery,echo')
    expect(await call(door, 'POST', 'echo/echo', { ...params, accessToken: second })).toMatchObject({
      result: 0,
    })
    expect(await call(door, 'GET', 'servicediscovery', { accessToken: first })).toMatchObject({
      errorCode: 15,
    })
  })

  it('finds its listener by the lower-case path of a frame, and ends with a DELETE and an empty form', async () => {
    const door = await friendlyDoor()
    const accessToken = await authorise(door, '3dprinter')
    const line = followFrames({ url: door.url, origin }, accessToken)
    await line.first
    expect(line.frames[0]).toEqual({ result: 0 })
    const params = { accessToken, serviceId: printerId }
    expect(await call(door, 'PUT', '3dprinter/onStatusChange', params)).toMatchObject({ result: 0 })
    await new Promise(resolve => setImmediate(resolve))
    door.services.emit({
      serviceId: printerId,
      profile: '3dprinter',
      attribute: 'onstatuschange',
      payload: { n: 1 },
    })
    await expect.poll(() => line.frames.length).toBe(2)
    const frame = line.frames[1] ?? {}
    expect(`/gotapi/${frame.profile}/${frame.attribute}`.toLowerCase()).toBe(
      '/gotapi/3dprinter/onstatuschange',
    )
    const closed = new Promise(resolve => line.ws.once('close', resolve))
    expect(await call(door, 'DELETE', '3dprinter/onStatusChange', params)).toMatchObject({ result: 0 })
    expect(await closed).toBe(1000)
  })

  it('sends its nonce empty and expects the hmac of the empty message, in hex mode', async () => {
    const door = await friendlyDoor()
    const key = '00112233445566778899aabbccddeeff'
    door.gotapi.gateway.deliverKey(`gotapi://start/?origin=${encodeURIComponent(origin)}&key=${key}`)
    await expect
      .poll(async () => (await call(door, 'GET', 'availability', {}, '')).hmac)
      .toBe('e8a06537f096ccf1a3c425a56cea054072c4a8db67bd28cfb02fbeaf84b35f6c')
  })
})

describe('Both kinds at once', () => {
  it('a client of before 1.1, with sessionKey at /websocket, is refused', async () => {
    const door = await friendlyDoor()
    const ws = new WebSocket(`${door.url.replace('http', 'ws')}/websocket`)
    expect(await new Promise(resolve => ws.on('error', error => resolve(error.message)))).toContain('404')
  })
})

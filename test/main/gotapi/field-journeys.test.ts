import { randomBytes } from 'node:crypto'
import { join, resolve } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { forkNodeProcess } from '../../../src/main/engine/node-child-process.ts'
import { systemClock } from '../../../src/main/lib/clock.ts'
import { callLikeDeviceConnect, callLikeNodeGotapi, followFrames } from '../../fakes/field-clients.ts'
import { createTestApp } from '../../fakes/gotapi.ts'
import { openDoor } from '../plugin-host/through-gateway.ts'

const root = resolve(import.meta.dirname, '../../..')
const GOING_AWAY_REVOKED = 1008
const clockId = 'clock.clock'

/** The real server on real sockets, the sample plug-ins in processes of their own, and an owner who says yes. */
async function openRoom() {
  const { gotapi, url } = await openDoor([], {
    cliSecret: randomBytes(32).toString('hex'),
    clock: systemClock,
    dir: join(root, 'examples/plugins'),
    runner: join(root, 'src/main/plugin-host/runner.js'),
    processes: { fork: forkNodeProcess },
    limits: { stopMs: 500 },
  })
  const asked: string[] = []
  onTestFinished(
    gotapi.desk.onChange(pending => {
      for (const { id, origin } of pending) {
        asked.push(origin)
        gotapi.desk.decide(id, 'allow')
      }
    }),
  )
  const owner = createTestApp({ gotapi }, 'app://gantry', 'inside')
  await owner.enter('all')
  const revoke = async (origin: string) => {
    const { apps } = await owner.call('GET apps')
    const found = (apps as { origin: string; clientId: string }[]).find(app => app.origin === origin)
    return owner.call('DELETE apps/client', { clientId: found?.clientId ?? '' })
  }
  return { url, asked, revoke }
}

describe('A client of the field, unmodified, with the clock plug-in', () => {
  it('of the node-gotapi kind: connects, is authorised, discovers, subscribes, hears, and is revoked', async () => {
    const { url, asked, revoke } = await openRoom()
    const origin = 'http://localhost:8080'
    const key = randomBytes(32).toString('hex')
    const call = (method: string, path: string, params: Record<string, string>) =>
      callLikeNodeGotapi({ url, origin, key }, method, path, params)

    await fetch(`${url}/gotapi/availability?key=${key}`, { headers: { Origin: origin } })
    const { clientId } = await call('GET', 'authorization/grant', {})
    const allowed = await call('GET', 'authorization/accesstoken', {
      clientId: String(clientId),
      scope: 'all',
    })
    expect(asked).toEqual([origin])
    const accessToken = String(allowed.accessToken)
    const { services } = await call('GET', 'servicediscovery', { accessToken })
    expect(services).toContainEqual(expect.objectContaining({ serviceId: clockId, online: true }))
    const line = followFrames({ url, origin }, accessToken)
    await line.first

    const params = { accessToken, serviceId: clockId }
    expect(await call('GET', 'clock/ticktack', params)).toMatchObject({ result: 0, serviceId: clockId })
    await call('PUT', 'clock/ticktack', { ...params, interval: '100' })
    await expect.poll(() => line.frames.length, { timeout: 5_000 }).toBeGreaterThan(3)
    expect(line.frames.at(-1)).toMatchObject({
      result: 0,
      serviceId: clockId,
      profile: 'clock',
      attribute: 'ticktack',
    })

    expect(await revoke(origin)).toMatchObject({ result: 0 })
    expect(await line.closed).toBe(GOING_AWAY_REVOKED)
    await expect(call('GET', 'clock/ticktack', params)).rejects.toThrow('not known')
  })

  it('of the Device Connect kind: connects, is authorised, discovers, subscribes, hears, and is revoked', async () => {
    const { url, asked, revoke } = await openRoom()
    const origin = 'http://sdk.example.test'
    const call = (method: string, path: string, params: Record<string, string>) =>
      callLikeDeviceConnect({ url, origin }, method, path, params)

    expect(await call('GET', 'availability', {})).toMatchObject({ result: 0 })
    const { clientId } = await call('GET', 'authorization/grant', {})
    const allowed = await call('GET', 'authorization/accessToken', {
      clientId: String(clientId),
      scope: 'servicediscovery,serviceinformation,clock',
      applicationName: 'SDK Auto Test',
    })
    expect(asked).toEqual([origin])
    const accessToken = String(allowed.accessToken)
    const { services } = await call('GET', 'serviceDiscovery', { accessToken })
    expect(services).toContainEqual(expect.objectContaining({ id: clockId, name: expect.any(String) }))
    const params = { accessToken, serviceId: clockId }
    expect(await call('GET', 'serviceInformation', params)).toMatchObject({ supports: ['clock'] })
    const line = followFrames({ url, origin }, accessToken)
    await line.first
    expect(line.frames).toEqual([{ result: 0 }])

    expect(await call('PUT', 'clock/tickTack', { ...params, interval: '100' })).toMatchObject({ result: 0 })
    await expect.poll(() => line.frames.length, { timeout: 5_000 }).toBeGreaterThan(3)
    const { profile, attribute } = line.frames.at(-1) ?? {}
    // It looks its listener up by the path in lower case.
    expect(`${profile}/${attribute}`.toLowerCase()).toBe('clock/ticktack')

    expect(await revoke(origin)).toMatchObject({ result: 0 })
    expect(await line.closed).toBe(GOING_AWAY_REVOKED)
    // It reads every answer under 200, and asks for access again on any code from 11 to 15.
    expect(await call('GET', 'clock/tickTack', params)).toMatchObject({ result: 1, errorCode: 15 })
  })
})

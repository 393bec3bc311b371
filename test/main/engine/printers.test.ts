import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Engine } from '../../../src/main/engine/index.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { createTestEngine } from '../../fakes/engine.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'

vi.setConfig({ testTimeout: 30_000 })

/** The engine with its demonstration fleet, on real time, used as the dashboard uses it. */
async function demo() {
  const engine = createTestEngine(makeTempDir(), { config: { demo: true } })
  await engine.start()
  return signIn(engine, ['servicediscovery', 'printers', 'printersetup', 'printercontrol', '3dprinter'])
}

async function signIn(engine: Engine, scopes: readonly string[]) {
  const send = async (route: string, params: Record<string, string>) => {
    const [method = '', path = ''] = route.split(' ')
    const origin = { origin: 'app://gantry' }
    return (await engine.gateway.handle({ method, path: `/gotapi/${path}`, params, origin, via: 'inside' }))
      .body
  }
  const invitation = engine.gateway.invite({ about: 'a test', scopes, lifeMs: 60_000 })
  const { clientId } = await send('GET authorization/grant', {})
  const asked = { clientId: String(clientId), scope: scopes.join(','), invitation, applicationName: 'test' }
  const accessToken = String((await send('GET authorization/accesstoken', asked)).accessToken)
  const call = (route: string, params: Record<string, string> = {}) => send(route, { accessToken, ...params })
  return { call, engine, accessToken }
}

interface Frame {
  readonly printers: readonly { serviceId: string; driver: string; snapshot: { label: string } }[]
}

describe('printers, through the gateway', () => {
  it('stand in the room within seconds of a first start with the demonstration fleet, and print', async () => {
    const { call, engine, accessToken } = await demo()
    const room = { serviceId: 'room.printer3d' }
    const list = async () => (await call('GET printers/list', room)) as unknown as Frame
    await vi.waitFor(
      async () => {
        const labels = (await list()).printers.map(({ snapshot }) => snapshot.label)
        expect(labels.length).toBeGreaterThan(2)
        expect(new Set(labels)).toEqual(new Set(['idle']))
      },
      { timeout: 15_000, interval: 100 },
    )
    const octoprint = (await list()).printers.find(({ driver }) => driver === 'octoprint')
    const serviceId = octoprint?.serviceId ?? ''

    const frames: unknown[] = []
    const line = engine.gateway.connect(
      { accessToken, origin: { origin: 'app://gantry' }, via: 'inside' },
      { onFrame: frame => frames.push(frame), onClose: () => {} },
    )
    onTestFinished(line.close)
    expect(await call('PUT 3dprinter/status', { serviceId })).toMatchObject({ result: 0 })
    expect(await call('PUT 3dprinter/print', { serviceId, uri: 'printer:/benchy.gcode' })).toMatchObject({
      result: 0,
      queue: [{ order: 0, uri: 'printer:/benchy.gcode' }],
    })
    await vi.waitFor(() => expect(JSON.stringify(frames)).toContain('preparing'), { timeout: 10_000 })
    expect(await call('DELETE 3dprinter/print', { serviceId })).toMatchObject({ result: 0, queue: [] })
    expect(await call('POST printersetup/simulate', { ...room, make: 'prusalink' })).toMatchObject({
      result: 0,
    })
  })

  it('gotapi 108: whoever looks after Gantry reads that the clock of this machine is not synchronised', async () => {
    const clock = createFakeClock()
    const clockIsSynchronised = async () => false
    const engine = createTestEngine(makeTempDir(), { platform: { clock, clockIsSynchronised } })
    await engine.start()
    await clock.advance(300_000)
    const { call } = await signIn(engine, ['notices'])
    const { notices } = await call('GET notices')
    expect(notices).toMatchObject([{ sentence: 'clock-unsynchronised' }])
  })
})

import { describe, expect, it, vi } from 'vitest'
import type { BuiltInPlugin } from '../../../src/main/plugin-host/index.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { answerEverything, createTestApp, createTestDoor } from '../../fakes/gotapi.ts'
import { isRequest, refuse } from '../../fakes/plugins.ts'
import { printerId } from '../../fakes/services.ts'
import { openDoor } from '../plugin-host/through-gateway.ts'
import { settled } from '../printers/driver-kit.ts'
import { recorded, startRoom } from './printer-room.ts'

vi.setConfig({ testTimeout: 30_000 })

/** gotapi 11.3: each call with each of its methods. */
const calls: readonly (readonly [route: string, params: Record<string, string>])[] = [
  ['GET 3dprinter/printer', {}],
  ['PUT 3dprinter/printer', {}],
  ['DELETE 3dprinter/printer', {}],
  ['GET 3dprinter/status', {}],
  ['PUT 3dprinter/status', {}],
  ['DELETE 3dprinter/status', {}],
  ['GET 3dprinter/contents', {}],
  ['PUT 3dprinter/print', { uri: 'cube.gcode' }],
  ['DELETE 3dprinter/print', {}],
  ['GET 3dprinter/queue', {}],
]
const origin = 'http://app.example.test'

/** The plug-in as it is, but that it lets nobody in (gotapi 7.4). */
function closed(plugin: BuiltInPlugin): BuiltInPlugin {
  return {
    manifest: plugin.manifest,
    start: port =>
      plugin.start({
        ...port,
        on(name, listener) {
          port.on(name, event => {
            const message = name === 'message' ? (event as Parameters<typeof isRequest>[0]) : undefined
            if (message && isRequest(message) && message.profile === 'authorization')
              port.send(refuse(message, 11))
            else listener(event)
          })
        },
      }),
  }
}

async function openPrinter(wrap: (plugin: BuiltInPlugin) => BuiltInPlugin = plugin => plugin) {
  const room = await startRoom()
  const plugin = recorded(wrap(room.plugin))
  const door = await openDoor([plugin])
  const heard = () => plugin.heard.filter(({ profile }) => profile === '3dprinter')
  return { ...door, ...room, plugin, heard }
}

describe('No call of the profile 3dprinter goes through', () => {
  it('gotapi 107: without a token, whichever it is, and nothing of it reaches the plug-in', async () => {
    const { gotapi, serviceId, heard, sim } = await openPrinter()
    const app = createTestApp({ gotapi })
    for (const [route, params] of calls) {
      const asked = { serviceId, ...params }
      expect([route, await app.call(route, asked)]).toMatchObject([route, { errorCode: 13, httpStatus: 403 }])
      const forged = { ...asked, accessToken: 'f'.repeat(64) }
      expect([route, await app.call(route, forged)]).toMatchObject([route, { errorCode: 15 }])
    }
    expect(heard()).toEqual([])
    expect(sim.state().machine).toBe('idle')
  })

  it('gotapi 107: without the scope, whichever it is, and nothing of it reaches the plug-in', async () => {
    const { enter, serviceId, heard, sim } = await openPrinter()
    const app = await enter('system,servicediscovery,printers')
    for (const [route, params] of calls) {
      const answer = await app.call(route, { serviceId, ...params })
      expect([route, answer]).toMatchObject([route, { errorCode: 14, httpStatus: 403 }])
    }
    expect(heard()).toEqual([])
    expect(sim.state().machine).toBe('idle')
  })

  it('gotapi 107: without the approval of the plug-in, whichever it is', async () => {
    const { enter, serviceId, sim, printers } = await openPrinter(closed)
    const app = await enter('3dprinter')
    const changes: string[] = []
    printers.on('changed', id => changes.push(id))
    for (const [route, params] of calls) {
      // Nothing is followed, so there is nothing to ask the plug-in about.
      const isFree = route === 'DELETE 3dprinter/printer' || route === 'DELETE 3dprinter/status'
      const answer = await app.call(route, { serviceId, ...params })
      expect([route, answer]).toMatchObject([route, isFree ? { result: 0 } : { errorCode: 11 }])
    }
    expect(changes).toEqual([])
    expect(sim.state().machine).toBe('idle')
  })

  it('gotapi 107: without the owner’s yes to a plug-in that did not come with Gantry, whichever it is', async () => {
    const clock = createFakeClock()
    const foreign = [
      { id: 'sim', name: 'Sim', manufacturer: 'Sims', profiles: ['3dprinter'], identity: 'sim 1' },
    ]
    const door = await createTestDoor({ clock, foreign })
    const app = createTestApp(door, origin)
    await app.beAllowed('3dprinter')
    for (const [route, params] of calls) {
      const stop = answerEverything(door, 'deny')
      const isFree = route === 'DELETE 3dprinter/printer' || route === 'DELETE 3dprinter/status'
      const answer = await settled(clock, app.call(route, { serviceId: printerId, ...params }))
      expect([route, answer]).toMatchObject([route, isFree ? { result: 0 } : { errorCode: 11 }])
      stop()
      await clock.advance(60_000)
    }
    expect(door.services.calls).toEqual([])
  })

  it('and with all three every one of them does', async () => {
    const { enter, serviceId, heard, sim } = await openPrinter()
    const app = await enter('3dprinter')
    for (const [route, params] of calls.filter(
      ([each]) => !each.endsWith('/print') && !each.endsWith('/contents'),
    )) {
      expect([route, await app.call(route, { serviceId, ...params })]).toMatchObject([route, { result: 0 }])
    }
    expect(heard()).toHaveLength(7)
    expect(sim.state().machine).toBe('idle')
  })
})

describe('The person is asked before anything of an application reaches the printer', () => {
  it('gotapi 125: until the owner has let it in, nothing does', async () => {
    const { gotapi, serviceId, heard, sim, clock } = await openPrinter()
    const app = createTestApp({ gotapi })
    const print = { serviceId, uri: 'cube.gcode' }
    const asking = app.ask('3dprinter')
    await expect.poll(() => gotapi.desk.pending()).toHaveLength(1)
    for (const [route, params] of calls) {
      expect(await app.call(route, { serviceId, ...params })).toMatchObject({ errorCode: 13 })
    }
    expect(heard()).toEqual([])
    const [question] = gotapi.desk.pending()
    gotapi.desk.decide(question?.id ?? '', 'allow')
    app.token = String((await asking).accessToken)
    await settled(clock, app.call('PUT 3dprinter/print', print))
    expect(sim.state().machine).not.toBe('idle')
  })

  it('gotapi 125: of a plug-in that did not come with Gantry it is asked once more, and the same holds', async () => {
    const clock = createFakeClock()
    const foreign = [
      { id: 'sim', name: 'Sim', manufacturer: 'Sims', profiles: ['3dprinter'], identity: 'sim 1' },
    ]
    const door = await createTestDoor({ clock, foreign })
    const { desk } = door.gotapi
    const app = createTestApp(door, origin)
    await app.beAllowed('3dprinter')
    const [print, status] = ['PUT 3dprinter/print', 'GET 3dprinter/status'].map(route =>
      app.call(route, { serviceId: printerId, uri: 'cube.gcode' }),
    )
    await clock.advance(59_000)
    expect(desk.pending()).toMatchObject([{ kind: 'plugin', origin, plugin: { id: 'sim' } }])
    expect(door.services.calls).toEqual([])
    desk.decide(desk.pending()[0]?.id ?? '', 'allow')
    expect([await print, await status]).toMatchObject([{ result: 0 }, { result: 0 }])
    expect(door.services.calls).toHaveLength(2)
    const other = createTestApp(door, 'http://other.example.test')
    await other.beAllowed('3dprinter')
    const theirs = other.call('GET 3dprinter/status', { serviceId: printerId })
    await clock.advance(0)
    expect(desk.pending()).toMatchObject([{ kind: 'plugin', origin: 'http://other.example.test' }])
    desk.decide(desk.pending()[0]?.id ?? '', 'deny')
    expect(await theirs).toMatchObject({ errorCode: 11 })
    expect(door.services.calls).toHaveLength(2)
  })
})

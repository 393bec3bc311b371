import { beforeEach, describe, expect, it } from 'vitest'
import { callChannel, followChannel } from '../../../src/main/contract/bridge-wire.ts'
import { createBridge } from '../../../src/main/shell/bridge.ts'
import { createGatewayClient } from '../../../src/main/shell/gateway-client.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { createFakeContents, createFakeIpc, createFakePort } from '../../fakes/electron.ts'
import { createFakeDoor } from '../../fakes/gateway.ts'
import { createLogRecorder } from '../../fakes/log.ts'

function setUp() {
  const gateway = createFakeDoor()
  const clock = createFakeClock()
  const { log, lines } = createLogRecorder()
  const ipc = createFakeIpc()
  const contents = createFakeContents(7)
  const client = createGatewayClient({
    gateway,
    clock,
    log,
    about: 't',
    device: 'test-window',
    scopes: ['all'],
  })
  createBridge({ ipc, log }).admit(contents, client)
  const own = {
    sender: { id: 7 },
    senderFrame: { url: 'app://gantry/index.html#/queue', parent: null },
  }
  const follow = (event: typeof own, route = 'EVENT settings/changes') => {
    const port = createFakePort()
    ipc.post(followChannel, event, { route, params: {} }, [port])
    return port
  }
  return { gateway, clock, ipc, contents, own, follow, lines, settle: () => clock.advance(0) }
}

let world: ReturnType<typeof setUp>
beforeEach(() => {
  world = setUp()
})

const system = { route: 'GET system', params: {} }

describe('the bridge', () => {
  it('answers on two channels and no other', () => {
    expect(world.ipc.channels()).toEqual([callChannel, followChannel])
  })

  it('lets the window’s own page call', async () => {
    expect(await world.ipc.invoke(callChannel, world.own, system)).toMatchObject({ result: 0 })
  })

  it('refuses what is not in the route map before the engine sees it', async () => {
    const answer = await world.ipc.invoke(callChannel, world.own, { route: 'GET nothing', params: {} })
    expect(answer).toMatchObject({ result: 1, errorCode: 2 })
    expect(world.gateway.calls).toEqual([])
  })

  it.each([
    ['another window', { sender: { id: 8 } }],
    ['a frame inside the page', { senderFrame: { url: 'app://gantry/index.html', parent: {} } }],
    ['another origin', { senderFrame: { url: 'https://gantry/index.html', parent: null } }],
    [
      'an origin that begins like ours',
      { senderFrame: { url: 'app://gantry.evil/index.html', parent: null } },
    ],
    ['ours as somebody’s name', { senderFrame: { url: 'https://x/?app://gantry/', parent: null } }],
    ['an empty page', { senderFrame: { url: 'about:blank', parent: null } }],
    ['a page without an address', { senderFrame: { url: '', parent: null } }],
    ['a frame that is gone', { senderFrame: null }],
  ])('refuses %s, on both channels', async (_who, difference) => {
    const event = { ...world.own, ...difference }
    expect(await world.ipc.invoke(callChannel, event, system)).toMatchObject({
      result: 1,
      errorCode: 18,
      reason: 'auth.origin',
    })
    const port = createFakePort()
    world.ipc.post(followChannel, event, { route: 'EVENT settings/changes', params: {} }, [port])
    expect(port.messages).toMatchObject([{ kind: 'refused', answer: { errorCode: 18 } }])
    expect(world.gateway.calls).toEqual([])
    expect(world.lines.filter(line => line.level === 'warn')).toHaveLength(2)
  })

  it('refuses a window that is gone', async () => {
    world.contents.emit('destroyed')
    expect(await world.ipc.invoke(callChannel, world.own, system)).toMatchObject({ errorCode: 18 })
  })

  it('sends events over the port of the one who follows', async () => {
    const port = world.follow(world.own)
    await world.settle()
    world.gateway.emit('settings/changes', { theme: 'dark' })
    expect(port.messages).toMatchObject([{ kind: 'event', frame: { theme: 'dark' } }])
  })

  it('says no over the port, with the engine’s words', async () => {
    world.gateway.answers['PUT settings/changes'] = () => ({ result: 1, errorCode: 6, errorMessage: 'gone' })
    const port = world.follow(world.own)
    await world.settle()
    expect(port.messages).toMatchObject([{ kind: 'refused', answer: { errorCode: 6, errorMessage: 'gone' } }])
    expect(world.follow(world.own, 'EVENT nothing').messages).toMatchObject([{ answer: { errorCode: 2 } }])
  })

  it.each([
    ['the page unsubscribes', (port: ReturnType<typeof createFakePort>) => port.close()],
    ['the page is loaded again', () => world.contents.emit('did-navigate')],
    ['the page crashes', () => world.contents.emit('render-process-gone')],
    ['the window is closed', () => world.contents.emit('destroyed')],
  ])('ends a subscription when %s', async (_when, happen) => {
    const port = world.follow(world.own)
    await world.settle()
    expect(world.gateway.registrations()).toHaveLength(1)
    happen(port)
    await world.settle()
    expect(world.gateway.registrations()).toEqual([])
    expect(port.isClosed()).toBe(true)
  })

  it('stops waiting for a call whose page went away, and serves the next page', async () => {
    const signals: (AbortSignal | undefined)[] = []
    world.gateway.answers['GET system'] = ({ leaving }) => {
      signals.push(leaving?.())
      return {}
    }
    await world.ipc.invoke(callChannel, world.own, system)
    world.contents.emit('did-navigate')
    await world.ipc.invoke(callChannel, world.own, system)
    expect(signals.map(signal => signal?.aborted)).toEqual([true, false])
  })

  it('ignores a wish to follow that brings no port', () => {
    world.ipc.post(followChannel, world.own, { route: 'EVENT settings/changes', params: {} }, [])
    expect(world.gateway.calls).toEqual([])
  })
})

import { describe, expect, it } from 'vitest'
import { GantryError } from '../../../src/main/contract/error.ts'
import { defaultLimits } from '../../../src/main/plugin-host/limits.ts'
import { createRuntime } from '../../../src/main/plugin-host/runtime.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { createLogRecorder } from '../../fakes/log.ts'
import { createEchoPlugin, createMutePlugin } from '../../fakes/plugins.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'
import { writePlugin } from './plugin-folder.ts'
import { answered, callOf, startHost } from './start-host.ts'

async function startEcho() {
  const plugin = createEchoPlugin()
  const started = await startHost([plugin])
  await started.clock.advance(0)
  const states: string[] = []
  started.host.onChange(([echo]) => {
    if (echo && states.at(-1) !== echo.state) states.push(echo.state)
  })
  const launches = () => plugin.heard.filter(({ action }) => action === 'MANAGER_LAUNCHED').length
  return { ...started, plugin, states, launches, echo: () => started.host.list()[0] }
}

describe('a plug-in that its owner starts anew', () => {
  it('begins a new life and is told so, though it ran', async () => {
    const { host, plugin, launches, states, clock } = await startEcho()
    plugin.heard.length = 0
    await host.restart('echo')
    await clock.advance(0)
    expect(plugin.heard[0]).toMatchObject({ action: 'DEVICEPLUGIN_RESET', product: 'Gantry' })
    expect(launches()).toBe(1)
    expect(states).toEqual(['running'])
    expect(await host.call(callOf('echo'))).toMatchObject({ result: 0 })
  })

  it('does not wait any more, and is not started once more when the wait would have ended', async () => {
    const { host, plugin, launches, echo, clock } = await startEcho()
    plugin.crash()
    plugin.heard.length = 0
    await host.restart('echo')
    expect(echo()).toMatchObject({ state: 'running', restarts: 0 })
    await clock.advance(60_000)
    expect(launches()).toBe(1)
    expect(echo()).toMatchObject({ state: 'running', restarts: 0 })
  })

  it('has its crashes forgiven', async () => {
    const { host, plugin, echo, clock } = await startEcho()
    for (let crash = 0; crash < 4; crash += 1) {
      plugin.crash()
      await clock.advance(10_000)
    }
    await host.restart('echo')
    plugin.crash()
    expect(echo()).toMatchObject({ state: 'waiting' })
    await clock.advance(1_000)
    expect(echo()).toMatchObject({ state: 'running', restarts: 5 })
  })

  it('is not switched on by that', async () => {
    const { host, plugin, launches, echo, clock } = await startEcho()
    await host.setEnabled('echo', false)
    plugin.heard.length = 0
    await host.restart('echo')
    await clock.advance(0)
    expect([launches(), echo()?.state]).toEqual([0, 'off'])
  })
})

describe('a plug-in that is switched off', () => {
  it('is not started with Gantry, and its going is no third party’s', async () => {
    const plugin = createEchoPlugin()
    const off = new Set(['echo'])
    const { host } = await startHost([plugin], {
      switches: {
        isEnabled: id => !off.has(id),
        setEnabled: (id, enabled) => void (enabled ? off.delete(id) : off.add(id)),
      },
    })
    const left: string[] = []
    host.on('thirdPartyLeft', ({ pluginId }) => left.push(pluginId))
    expect(host.list()).toMatchObject([{ state: 'off', enabled: false }])
    expect(plugin.heard).toEqual([])
    await host.setEnabled('echo', true)
    expect(host.list()).toMatchObject([{ state: 'running', enabled: true }])
    await host.setEnabled('echo', false)
    expect(left).toEqual([])
  })

  it('while it waits to be started again, stays off', async () => {
    const { host, plugin, launches, echo, clock } = await startEcho()
    plugin.crash()
    await host.setEnabled('echo', false)
    plugin.heard.length = 0
    await clock.advance(60_000)
    expect([launches(), echo()]).toMatchObject([0, { state: 'off', enabled: false, restarts: 0 }])
    expect(echo()).not.toHaveProperty('startsAgainAt')
  })

  it('did not crash, and begins with a clean record', async () => {
    const { host, plugin, states, echo } = await startEcho()
    await host.setEnabled('echo', false)
    plugin.crash()
    await host.setEnabled('echo', true)
    expect(states).toEqual(['off', 'running'])
    expect(echo()).toMatchObject({ state: 'running', reason: '', restarts: 0, enabled: true })
  })

  it('tells nothing more, and owes no answers', async () => {
    const { host, plugin, clock } = await startEcho()
    const told: unknown[] = []
    host.on('event', event => told.push(event))
    await host.discover()
    plugin.send({ action: 'EVENT', profile: 'echo', serviceId: 'one' })
    await clock.advance(0)
    expect(told).toHaveLength(1)
    await host.setEnabled('echo', false)
    plugin.send({ action: 'EVENT', profile: 'echo', serviceId: 'one' })
    await clock.advance(0)
    expect(told).toHaveLength(1)
    expect(clock.waiting()).toEqual([])
  })

  it('keeps the wishes of its owner in their order', async () => {
    const { host, states } = await startEcho()
    await Promise.all([host.setEnabled('echo', false), host.restart('echo'), host.setEnabled('echo', true)])
    expect(states).toEqual(['off', 'running'])
    await expect(host.restart('ghost')).rejects.toMatchObject({
      code: 'plugin.unknown',
      details: { id: 'ghost' },
    })
    expect(await host.call(callOf('echo'))).toMatchObject({ result: 0 })
  })
})

describe('the services that applications are told of', () => {
  it('are those of plug-ins that run, and nobody else is asked for them', async () => {
    const { host, plugin, clock } = await startEcho()
    const told: string[][] = []
    host.on('services', services => told.push(services.map(({ id }) => id)))
    plugin.crash()
    await clock.advance(0)
    expect(told).toEqual([[]])
    expect(host.list()).toMatchObject([{ state: 'waiting', services: [] }])
    expect(await host.discover()).toEqual([])
    await clock.advance(1_000)
    expect(told.at(-1)).toEqual(['one.echo'])
    await host.setEnabled('echo', false)
    await clock.advance(0)
    expect(told.at(-1)).toEqual([])
  })
})

it('a plug-in that sends without end is stopped, and its owner reads why', async () => {
  const plugin = createEchoPlugin()
  const { host, clock } = await startHost([plugin], { limits: { messagesPerSecond: 5 } })
  await clock.advance(0)
  for (let count = 0; count < 9; count += 1) plugin.send({ action: 'EVENT', profile: 'echo' })
  await clock.advance(0)
  expect(host.list()).toMatchObject([
    { state: 'waiting', reason: 'It sent more messages than anybody could read.' },
  ])
})

it('a plug-in that does not run is asked and told nothing', async () => {
  const { log } = createLogRecorder()
  const runtime = createRuntime({
    clock: createFakeClock(),
    log,
    limits: defaultLimits,
    uuid: () => 'code',
    chance: () => 0.5,
    keepAlive: true,
    sender: { product: 'Gantry', version: '0' },
    open: () => {
      throw new Error('nobody switched it on')
    },
    onEvent: () => undefined,
    onState: () => undefined,
  })
  expect(await runtime.ask({ action: 'KEEPALIVE' }, 1_000)).toEqual({ kind: 'closed' })
  runtime.tell({ action: 'DEVICEPLUGIN_RESET' })
  await runtime.restart()
  await runtime.switchOff()
  expect([runtime.state(), runtime.restarts(), runtime.startsAgainAt()]).toEqual([
    { kind: 'off' },
    0,
    undefined,
  ])
})

describe('the host', () => {
  it('does not start where it cannot know what its owner switched off', async () => {
    const dir = makeTempDir()
    writePlugin(dir, 'lamp')
    const fault = new GantryError('data.unwritable', 'The database cannot be read.')
    const isEnabled = () => {
      throw fault
    }
    await expect(startHost([], { dir, switches: { isEnabled, setEnabled: () => undefined } })).rejects.toBe(
      fault,
    )
  })

  it('gives a plug-in up without a word where nobody wants to hear of it', async () => {
    const { host, plugin, lines, clock } = await startEcho()
    expect(host.name).toBe('plug-ins')
    const errors = () => lines.filter(({ level }) => level === 'error').map(({ sentence }) => sentence)
    for (let crash = 0; crash < 5; crash += 1) {
      expect(errors()).toEqual([])
      plugin.crash()
      await clock.advance(60_000)
    }
    expect(host.list()).toMatchObject([{ state: 'given-up' }])
    expect(errors()).toEqual(['a plug-in keeps stopping and is not started again'])
    expect(lines.map(({ sentence }) => sentence)).not.toContain('a listener of the plug-in host failed')
  })

  it('tells nobody of anything after its end, and its plug-ins are asked nothing', async () => {
    const { host, plugin, clock } = await startEcho()
    const told: unknown[] = []
    host.onChange(plugins => told.push(plugins))
    host.on('services', services => told.push(services))
    await host.stop()
    plugin.heard.length = 0
    await clock.advance(60_000)
    expect([told, plugin.heard, host.list()]).toEqual([[], [], []])
    expect(answered(await host.call(callOf('echo')))).toMatchObject({ errorCode: 6 })
  })

  it('tells nothing of services that a plug-in still owed at its end', async () => {
    const { host, clock } = await startHost([createMutePlugin(true)])
    await clock.advance(0)
    const told: unknown[] = []
    host.on('services', services => told.push(services))
    await host.stop()
    await clock.advance(0)
    expect(told).toEqual([])
  })

  it('says why a plug-in of its own could not start', async () => {
    const broken = { ...createEchoPlugin('broken'), start: () => Promise.reject(new Error('no oil')) }
    const { host, lines, clock } = await startHost([broken, createEchoPlugin()])
    await clock.advance(0)
    expect(host.list()).toMatchObject([
      { id: 'broken', state: 'waiting', reason: 'It ended by itself.' },
      { id: 'echo', state: 'running' },
    ])
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 'error', sentence: 'a built-in plug-in failed to start' }),
    )
  })
})

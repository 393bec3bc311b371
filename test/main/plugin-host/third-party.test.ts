import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Refusal, refuse } from '../../../src/main/handlers/outcome.ts'
import type { ServiceEvent } from '../../../src/main/plugin-host/index.ts'
import type { PluginMessage } from '../../../src/main/plugin-host/plugin.ts'
import { createPluginChildren, saying } from '../../fakes/children.ts'
import { respond } from '../../fakes/plugins.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'
import { writePlugin } from './plugin-folder.ts'
import { alice, answered, bob, callOf, owner, startHost } from './start-host.ts'
import { answering, startThirdParty } from './start-third-party.ts'

describe('a third-party plug-in', () => {
  it('gotapi 7.4: is asked for nothing until the guard has said yes', async () => {
    const dir = makeTempDir()
    writePlugin(dir, 'lamp', '', { manufacturer: 'Tick & Co' })
    const { host, childOf } = await startThirdParty(dir, { lamp: answering })
    const asked: unknown[] = []
    let answer: Refusal | undefined = refuse('auth.denied', 'The owner said no.')
    host.guard((plugin, caller) => {
      asked.push([plugin.name, plugin.manufacturer, plugin.profiles, caller.origin])
      return answer
    })
    const before = childOf('lamp').heard.length
    expect(await host.call(callOf('lamp'))).toEqual(answer)
    expect(await host.wakeup('lamp', callOf('lamp').caller)).toEqual(answer)
    expect(childOf('lamp').heard).toHaveLength(before)
    answer = undefined
    expect(await host.call(callOf('lamp'))).toMatchObject({ payload: { heard: 'GET' } })
    expect(asked).toEqual(Array(3).fill(['lamp', 'Tick & Co', ['lamp'], callOf('lamp').caller.origin]))
  })

  it('has the services of its manifest where it does not answer discovery', async () => {
    const dir = makeTempDir()
    writePlugin(dir, 'lamp')
    const { host } = await startThirdParty(dir, { lamp: answering })
    expect(await host.discover()).toMatchObject([{ id: 'one.lamp', name: 'lamp', scopes: ['lamp'] }])
  })

  it('is closed to everybody while nobody guards it', async () => {
    const dir = makeTempDir()
    writePlugin(dir, 'lamp')
    const { host, unguard } = await startThirdParty(dir, { lamp: answering })
    unguard()
    expect(answered(await host.call(callOf('lamp')))).toMatchObject({ errorCode: 11 })
  })

  it('is not reached when it was switched off while the owner was asked', async () => {
    const dir = makeTempDir()
    writePlugin(dir, 'lamp')
    const { host } = await startThirdParty(dir, { lamp: answering })
    host.guard(async () => {
      await host.setEnabled('lamp', false)
      return undefined
    })
    expect(answered(await host.call(callOf('lamp')))).toMatchObject({ errorCode: 21 })
  })

  it('is not reached when another took its place while the owner was asked', async () => {
    const dir = makeTempDir()
    writePlugin(dir, 'lamp')
    const { host, childOf } = await startThirdParty(dir, { lamp: answering })
    host.guard(async () => {
      writePlugin(dir, 'lamp', '', { manufacturer: 'Somebody' })
      await host.rescan()
      return undefined
    })
    expect(answered(await host.call(callOf('lamp')))).toMatchObject({ errorCode: 6 })
    expect(JSON.stringify(childOf('lamp').heard)).not.toContain(alice.origin)
  })

  it('is not reached when the application went away while the owner was asked', async () => {
    const dir = makeTempDir()
    writePlugin(dir, 'lamp')
    const { host, childOf } = await startThirdParty(dir, { lamp: answering })
    const leaving = new AbortController()
    host.guard(() => {
      leaving.abort()
      return undefined
    })
    expect(await host.call(callOf('lamp'), leaving.signal)).toMatchObject({ result: 1, code: 'cancelled' })
    expect(JSON.stringify(childOf('lamp').heard)).not.toContain(alice.origin)
  })

  it('leaves when it is switched off, removed, or not who it was; a new version stays', async () => {
    const dir = makeTempDir()
    writePlugin(dir, 'lamp')
    const { host, left } = await startThirdParty(dir, { lamp: answering })
    const before = host.thirdParty()
    writePlugin(dir, 'lamp', '', { version: '2.0.0', about: 'brighter' })
    await host.rescan()
    expect(left).toEqual([])
    expect(host.thirdParty()).toEqual(before)
    writePlugin(dir, 'lamp', '', { manufacturer: 'Somebody' })
    await host.rescan()
    expect(left).toEqual(['lamp'])
    await host.setEnabled('lamp', false)
    expect(host.thirdParty()).toEqual([])
    await host.setEnabled('lamp', true)
    rmSync(join(dir, 'lamp'), { recursive: true })
    await host.rescan()
    expect(left).toEqual(['lamp', 'lamp', 'lamp'])
  })

  it('is the same one whoever made it is not said, and in whatever order it names its profiles', async () => {
    const dir = makeTempDir()
    const described = { swagger: '2.0', info: { title: 'x', version: '1' }, paths: {} }
    writePlugin(dir, 'lamp', '', { profiles: { sound: described, light: described } })
    const { host, left } = await startThirdParty(dir, { lamp: answering })
    const shown = { id: 'lamp', name: 'lamp', manufacturer: '', profiles: ['light', 'sound'] }
    const same = [{ ...shown, identity: '["lamp","lamp","",["light","sound"]]' }]
    expect(host.thirdParty()).toEqual(same)
    writePlugin(dir, 'lamp', '', { profiles: { light: described, sound: described } })
    await host.rescan()
    expect([host.thirdParty(), left]).toEqual([same, []])
  })

  it('leaves when its manifest makes no sense any more', async () => {
    const dir = makeTempDir()
    writePlugin(dir, 'lamp')
    const { host, left } = await startThirdParty(dir, { lamp: answering })
    writePlugin(dir, 'lamp', '', { version: 'new' })
    await host.rescan()
    expect(left).toEqual(['lamp'])
    expect(host.list()).toMatchObject([{ id: 'lamp', state: 'invalid' }])
  })

  it('does not leave because it fell over or because Gantry ends', async () => {
    const dir = makeTempDir()
    writePlugin(dir, 'bomb')
    const { host, left, clock } = await startThirdParty(dir, {
      bomb: (_request, child) => child.end({ signal: 'SIGKILL' }),
    })
    expect(answered(await host.call(callOf('bomb')))).toMatchObject({ errorCode: 1 })
    await clock.advance(1_000)
    expect(host.list()).toMatchObject([{ state: 'running', restarts: 1 }])
    await host.stop()
    expect(left).toEqual([])
  })

  it('is not told whether the owner asks, and cannot say who of those who follow may hear', async () => {
    const dir = makeTempDir()
    writePlugin(dir, 'nosy')
    const { host } = await startThirdParty(dir, {
      nosy(request, child) {
        const event = { action: 'EVENT', profile: 'nosy', serviceId: 'one', _audience: 'owner' }
        child.say(event as PluginMessage)
        child.say(respond(request, { message: request }))
      },
    })
    const told: ServiceEvent[] = []
    host.on('event', event => told.push(event))
    const answers = []
    for (const caller of [owner, alice]) answers.push(await host.call(callOf('nosy', { caller })))
    const names = answers.map(answer =>
      answer.result === 0 ? Object.keys(answer.payload.message as object).sort() : answer,
    )
    expect(names[0]).toEqual(names[1])
    expect(JSON.stringify(answers)).not.toContain('isOwner')
    expect(told.map(({ audience }) => audience)).toEqual([undefined, undefined])
  })

  it('sends events of each of its profiles, with the names of their place as it says them', async () => {
    const dir = makeTempDir()
    const described = { swagger: '2.0', info: { title: 'x', version: '1' }, paths: {} }
    writePlugin(dir, 'lamp', '', { profiles: { light: described, Sound: described } })
    const { host, childOf, clock } = await startThirdParty(dir, {})
    const told: ServiceEvent[] = []
    host.on('event', event => told.push(event))
    const child = childOf('lamp')
    child.say({ action: 'EVENT', profile: 'LIGHT', interface: 'Hall', attribute: 'On', serviceId: 'one' })
    child.say({ action: 'EVENT', profile: 'sound', volume: 3 })
    child.say({ action: 'EVENT', profile: 'lamp' })
    await clock.advance(0)
    const serviceId = 'one.lamp'
    expect(told).toStrictEqual([
      { serviceId, profile: 'LIGHT', interface: 'Hall', attribute: 'On', payload: {} },
      { serviceId, profile: 'sound', payload: { volume: 3 } },
    ])
  })

  it('says why it refuses in numbers: Gantry’s codes are not its to use', async () => {
    const dir = makeTempDir()
    writePlugin(dir, 'sly')
    const refusal = { errorMessage: 'Bed full.', reason: 'auth.denied', reasonParams: { profile: 'x' } }
    const { host } = await startThirdParty(dir, {
      sly: (request, child) => child.say(respond(request, { result: 1, errorCode: 16, ...refusal })),
    })
    expect(answered(await host.call(callOf('sly')))).toEqual({
      result: 1,
      errorCode: 16,
      errorMessage: 'Bed full.',
      reason: 'plugin.refused',
    })
  })

  it('hears nothing of applications that never called it', async () => {
    const dir = makeTempDir()
    writePlugin(dir, 'nosy')
    const { host, childOf } = await startThirdParty(dir, { nosy: saying({}) })
    const told = () => {
      const { heard } = childOf('nosy')
      return JSON.stringify(heard).match(/EVENT_TRANSMIT_DISCONNECT|"attribute":"events"/g)?.length ?? 0
    }
    host.disconnected(bob)
    await host.clearEvents(bob)
    expect(told()).toBe(0)
    await host.call(callOf('nosy'))
    host.disconnected(bob)
    await host.clearEvents(bob)
    expect(told()).toBe(0)
    host.disconnected(alice)
    await host.clearEvents(alice)
    expect(told()).toBe(2)
  })
})

describe('the process of a third-party plug-in', () => {
  it('that the system does not start is a crash like any other, and keeps nobody from anything', async () => {
    const dir = makeTempDir()
    writePlugin(dir, 'lamp')
    const { processes } = createPluginChildren({ lamp: answering })
    let refusals = 2
    const fork: typeof processes.fork = (module, options) => {
      refusals -= 1
      if (refusals >= 0) throw new Error('spawn ENOMEM')
      return processes.fork(module, options)
    }
    const { host, clock } = await startHost([], { dir, processes: { fork } })
    await clock.advance(0)
    expect(host.list()).toMatchObject([{ state: 'waiting', reason: 'It could not be started.', restarts: 0 }])
    await clock.advance(1_000)
    expect(host.list()).toMatchObject([{ state: 'waiting', restarts: 1 }])
    await clock.advance(2_000)
    expect(host.list()).toMatchObject([{ state: 'running', restarts: 2 }])
    expect(await host.call(callOf('lamp'))).toMatchObject({ result: 0 })
  })

  it('is told its folder, its program and its limits, and nothing of our environment', async () => {
    const dir = makeTempDir()
    const folder = writePlugin(dir, 'lamp', '', { protocol: 'node-gotapi' })
    const { children } = await startThirdParty(dir, { lamp: answering })
    expect(children.map(({ module, options }) => ({ module, ...options }))).toEqual([
      {
        module: '/runner.js',
        args: [folder, 'plugin.mjs', 'node-gotapi'],
        env: { LANG: 'C' },
        dir: folder,
        name: 'Gantry plug-in lamp',
        memoryMb: 128,
      },
    ])
  })

  const asksOf = (heard: readonly unknown[]) => JSON.stringify(heard).split('KEEPALIVE').length - 1

  it('is asked every quarter of a minute whether it lives', async () => {
    const dir = makeTempDir()
    writePlugin(dir, 'lamp')
    const { host, childOf, clock } = await startThirdParty(dir, { lamp: answering })
    await clock.advance(14_999)
    expect(asksOf(childOf('lamp').heard)).toBe(0)
    await clock.advance(45_001)
    expect(asksOf(childOf('lamp').heard)).toBe(4)
    expect(host.list()).toMatchObject([{ state: 'running', restarts: 0 }])
    expect(clock.waiting()).not.toContain('plug-in answer')
  })

  it('may miss one such question, as when the machine slept; two in a row end it', async () => {
    const dir = makeTempDir()
    writePlugin(dir, 'lamp')
    const { host, childOf, clock, stuck } = await startThirdParty(dir, { lamp: answering })
    const child = childOf('lamp')
    for (let turn = 0; turn < 2; turn += 1) {
      stuck.add(child)
      await clock.advance(15_000)
      stuck.delete(child)
      await clock.advance(15_000)
    }
    expect(host.list()).toMatchObject([{ state: 'running', restarts: 0 }])
    stuck.add(child)
    await clock.advance(39_999)
    expect(host.list()).toMatchObject([{ state: 'running' }])
    await clock.advance(1)
    expect(host.list()).toMatchObject([{ state: 'waiting', reason: 'It did not answer any more.' }])
    expect(child.heard.at(-1)).toEqual({ action: 'CLOSE' })
    expect(child.wasKilled()).toBe(false)
    await clock.advance(2_000)
    expect(child.wasKilled()).toBe(true)
    const asks = asksOf(child.heard)
    await clock.advance(60_000)
    expect(asksOf(child.heard), 'nobody asks the dead').toBe(asks)
    expect(host.list()).toMatchObject([{ state: 'running', restarts: 1 }])
  })
})

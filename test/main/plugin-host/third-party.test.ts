import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Refusal, refuse } from '../../../src/main/handlers/outcome.ts'
import type { PluginHost, ServiceEvent } from '../../../src/main/plugin-host/index.ts'
import type { PluginMessage } from '../../../src/main/plugin-host/plugin.ts'
import { type ChildReply, createPluginChildren, saying } from '../../fakes/children.ts'
import { respond } from '../../fakes/plugins.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'
import { block, writePlugin } from './plugin-folder.ts'
import { alice, answered, bob, callOf, owner, startHost } from './start-host.ts'

/** Third-party plug-ins, in processes that the test plays. */
async function startThirdParty(dir: string, replies: Readonly<Record<string, ChildReply>>) {
  const { processes, children, stuck } = createPluginChildren(replies)
  const started = await startHost([], { dir, processes, runner: '/runner.js', childEnv: { LANG: 'C' } })
  const childOf = (id: string) => {
    const child = children.findLast(({ options }) => options.dir === join(dir, id))
    if (!child) throw new Error(`there is no process of ${id}`)
    return child
  }
  return { ...started, children, childOf, stuck, left: leftOf(started.host) }
}

function leftOf(host: PluginHost) {
  const ids: string[] = []
  host.on('thirdPartyLeft', ({ pluginId }) => ids.push(pluginId))
  return ids
}

const answering: ChildReply = (request, child) => child.say(respond(request, { heard: request.action }))

describe('the folder of plug-ins', () => {
  it('keeps a plug-in with a bad manifest out and says what is wrong', async () => {
    const dir = makeTempDir()
    writePlugin(dir, 'good')
    writePlugin(dir, 'bad', '', { version: 'one', profiles: { system: {} } })
    mkdirSync(join(dir, 'empty'))
    writePlugin(dir, 'lost')
    writeFileSync(join(dir, 'lost', 'plugin.json'), '{')
    const { host } = await startThirdParty(dir, {})
    const list = Object.fromEntries(host.list().map(({ id, state, reason }) => [id, { state, reason }]))
    expect(list.good).toMatchObject({ state: 'running' })
    expect(list.bad).toMatchObject({
      state: 'invalid',
      reason: expect.stringMatching(/^bad\/plugin\.json is not right: version: three numbers/),
    })
    expect(list.empty).toMatchObject({
      state: 'invalid',
      reason: 'empty/plugin.json is missing.',
    })
    expect(list.lost).toMatchObject({ state: 'invalid', reason: expect.stringContaining('not JSON') })
  })

  it('is read again on request: new ones start, changed ones start anew, lost ones end', async () => {
    const dir = makeTempDir()
    writePlugin(dir, 'first')
    const { host, children } = await startThirdParty(dir, {
      first: saying({ who: 'first' }),
      second: saying({ who: 'second' }),
    })
    const [edition1] = children
    writePlugin(dir, 'second')
    writePlugin(dir, 'first', '', { version: '2.0.0' })
    await host.rescan()
    expect(edition1?.heard.slice(-2)).toMatchObject([{ action: 'MANAGER_TERMINATED' }, { action: 'CLOSE' }])
    expect(host.list().map(({ id, version }) => [id, version])).toEqual([
      ['first', '2.0.0'],
      ['second', '1.0.0'],
    ])
    expect(await host.call(callOf('first'))).toMatchObject({ payload: { who: 'first' } })
    expect(await host.call(callOf('second'))).toMatchObject({ payload: { who: 'second' } })
    writeFileSync(join(dir, 'second', 'plugin.json'), '')
    await host.rescan()
    expect(answered(await host.call(callOf('second')))).toMatchObject({ errorCode: 6 })
  })

  it('leaves a plug-in alone whose manifest did not change', async () => {
    const dir = makeTempDir()
    writePlugin(dir, 'lamp')
    const { host, children } = await startThirdParty(dir, { lamp: answering })
    await host.rescan()
    expect(children).toHaveLength(1)
    expect(children[0]?.heard).not.toContainEqual(expect.objectContaining({ action: 'MANAGER_TERMINATED' }))
    expect(await host.call(callOf('lamp'))).toMatchObject({ result: 0 })
  })
})

describe('a folder of plug-ins that cannot be read', () => {
  it('is no empty one: its plug-ins go on, and none has left', async () => {
    const dir = join(makeTempDir(), 'plugins')
    writePlugin(dir, 'lamp')
    const { host, left } = await startThirdParty(dir, { lamp: answering })
    expect(await host.call(callOf('lamp'))).toMatchObject({ result: 0 })
    const unblock = block(dir)
    await expect(host.rescan()).rejects.toMatchObject({ code: 'plugin.unreadable' })
    expect(host.isUnread('lamp')).toBe(true)
    expect(await host.call(callOf('lamp'))).toMatchObject({ result: 0 })
    unblock()
    await host.rescan()
    expect([left, host.isUnread('lamp')]).toEqual([[], false])
  })

  it('does not keep Gantry from starting, and nobody is said to have left', async () => {
    const dir = join(makeTempDir(), 'plugins')
    writePlugin(dir, 'lamp')
    const unblock = block(dir)
    const { host } = await startThirdParty(dir, { lamp: answering })
    expect([host.list(), host.isUnread('lamp')]).toEqual([[], true])
    unblock()
    await host.rescan()
    expect(host.isUnread('lamp')).toBe(false)
    expect(await host.call(callOf('lamp'))).toMatchObject({ result: 0 })
  })

  it('a single plug-in that cannot be read goes on as well; one that is gone has left', async () => {
    const dir = join(makeTempDir(), 'plugins')
    writePlugin(dir, 'lamp')
    const { host, left } = await startThirdParty(dir, { lamp: answering })
    const unblock = block(join(dir, 'lamp', 'plugin.json'))
    await host.rescan()
    expect([left, host.isUnread('lamp'), host.isUnread('other')]).toEqual([[], true, false])
    expect(await host.call(callOf('lamp'))).toMatchObject({ result: 0 })
    unblock()
    rmSync(join(dir, 'lamp'), { recursive: true })
    await host.rescan()
    expect([left, host.isUnread('lamp')]).toEqual([['lamp'], false])
  })
})

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
    host.disconnected(alice)
    await host.clearEvents(alice)
    expect(told()).toBe(2)
  })
})

describe('the process of a third-party plug-in', () => {
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

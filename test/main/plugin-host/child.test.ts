import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { forkNodeProcess } from '../../../src/main/engine/node-child-process.ts'
import { systemClock } from '../../../src/main/lib/clock.ts'
import type { PluginHost, PluginRecord, ServiceEvent } from '../../../src/main/plugin-host/index.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'
import { writePlugin } from './plugin-folder.ts'
import { alice, answered, callOf, startHost } from './start-host.ts'

/** Third-party plug-ins in real processes. */
const root = resolve(import.meta.dirname, '../../..')
const examples = join(root, 'examples/plugins')
const runner = join(root, 'src/main/plugin-host/runner.js')

const startChildren = (dir: string, limits: Parameters<typeof startHost>[1] = {}) =>
  startHost([], {
    dir,
    runner,
    clock: systemClock,
    processes: { fork: forkNodeProcess },
    ...limits,
    limits: { firstRestartMs: 5, longestRestartMs: 5, stopMs: 500, ...limits.limits },
  })

function until(host: PluginHost, id: string, fits: (plugin: PluginRecord) => boolean): Promise<PluginRecord> {
  return new Promise(found => {
    const look = () => {
      const plugin = host.list().find(each => each.id === id)
      if (plugin === undefined || !fits(plugin)) return
      stop()
      found(plugin)
    }
    const stop = host.onChange(look)
    look()
  })
}

/** A plug-in of one line: `reply` is code that may use `message`, `port` and `say`. */
const onRequest = (reply: string) => `export function start(port) {
  port.on('message', message => {
    if (message.requestCode === undefined) return
    const say = answer => port.send({ action: 'RESPONSE', requestCode: message.requestCode, ...answer })
    if (message.profile === 'networkServiceDiscovery' || message.profile === 'authorization')
      return say({ result: 1, errorCode: 2 })
    ${reply}
  })
}`

describe('the sample plug-ins', () => {
  it('gotapi 38: echo answers from a process of its own', async () => {
    const { host } = await startChildren(examples)
    expect((await host.discover()).map(({ id }) => id).sort()).toEqual(['clock.clock', 'echo.echo'])
    const echo = callOf('echo', { serviceId: 'echo.echo', attribute: 'echo', params: { msg: 'Grüße' } })
    expect(await host.call(echo)).toEqual({ result: 0, payload: { data: 'Grüße' } })
    expect(answered(await host.call({ ...echo, params: {} }))).toMatchObject({ errorCode: 10 })
    const information = await host.information('echo.echo')
    expect(information?.supportApis.echo).toMatchObject({ swagger: '2.0' })
  })

  it('gotapi 51, 54: clock tells the time at once, then regularly, until it is told to stop', async () => {
    const { host } = await startChildren(examples)
    const tick = callOf('clock', { serviceId: 'clock.clock', attribute: 'ticktack' })
    const told: ServiceEvent[] = []
    const third = new Promise<void>(done =>
      host.on('event', event => {
        told.push(event)
        if (told.length === 3) done()
      }),
    )
    expect(await host.call({ ...tick, action: 'PUT', params: { interval: '100' } })).toMatchObject({
      result: 0,
    })
    await third
    expect(told[0]).toMatchObject({
      serviceId: 'clock.clock',
      profile: 'clock',
      attribute: 'ticktack',
      callerId: 'a',
    })
    expect(await host.call({ ...tick, action: 'DELETE' })).toMatchObject({ result: 0 })
    const before = told.length
    expect(await host.call(tick)).toMatchObject({ result: 0 })
    expect(told.length).toBe(before)
  })

  it.each([
    ['GET', 'other', 4],
    ['POST', 'ticktack', 3],
    ['PUT', 'ticktack', 10],
  ] as const)('clock refuses %s %s with code %i', async (action, attribute, errorCode) => {
    const { host } = await startChildren(examples)
    const call = callOf('clock', { serviceId: 'clock.clock', action, attribute, params: { interval: '0' } })
    expect(answered(await host.call(call))).toMatchObject({ errorCode })
  })
})

describe('a plug-in in a process of its own', () => {
  it('gotapi 47: one that kills itself is started again, and its call is answered', async () => {
    const dir = makeTempDir()
    writePlugin(dir, 'bomb', onRequest('process.kill(process.pid, "SIGKILL")'))
    writePlugin(dir, 'calm', onRequest('say({ result: 0, calm: true })'))
    const { host } = await startChildren(dir)
    expect(answered(await host.call(callOf('bomb')))).toMatchObject({ errorCode: 1 })
    expect(await host.call(callOf('calm'))).toMatchObject({ payload: { calm: true } })
    expect(await until(host, 'bomb', ({ restarts }) => restarts === 1)).toMatchObject({ state: 'running' })
  })

  it('is given up when it dies at once, again and again, and says why', async () => {
    const dir = makeTempDir()
    writePlugin(dir, 'stillborn', 'throw new Error("no arms, no biscuits")')
    const { host, lines } = await startChildren(dir)
    const plugin = await until(host, 'stillborn', ({ state }) => state === 'given-up')
    expect(plugin).toMatchObject({ reason: 'It stopped with code 1.', restarts: 4 })
    const printed = lines.filter(({ sentence }) => sentence === 'plug-in prints').map(({ fields }) => fields)
    expect(JSON.stringify(printed)).toContain('no arms, no biscuits')
    expect(printed[0]).toMatchObject({ plugin: 'stillborn' })
  })

  it('is told nothing of our environment', async () => {
    const dir = makeTempDir()
    writePlugin(dir, 'nosy', onRequest('say({ result: 0, env: Object.keys(process.env) })'))
    process.env.GANTRY_TEST_SECRET = 'hush'
    onTestFinished(() => void delete process.env.GANTRY_TEST_SECRET)
    const { host } = await startChildren(dir)
    const answer = await host.call(callOf('nosy'))
    expect(JSON.stringify(answer)).not.toContain('GANTRY_TEST_SECRET')
    expect(answer).toMatchObject({ result: 0 })
  })

  it('that never yields is found out by its silence and stopped', async () => {
    const dir = makeTempDir()
    writePlugin(dir, 'busy', onRequest('for (;;);'))
    const { host } = await startChildren(dir, {
      limits: { keepAlivePeriodMs: 300, keepAliveLimitMs: 1_500, stopMs: 50 },
    })
    await until(host, 'busy', ({ state }) => state === 'running')
    expect(answered(await host.call(callOf('busy')))).toMatchObject({ errorCode: 1 })
    expect(host.list()[0]?.reason).toBe('It did not answer any more.')
  })

  it('that wants more memory than it may have ends alone', async () => {
    const dir = makeTempDir()
    writePlugin(
      dir,
      'glutton',
      onRequest('const all = []; for (;;) all.push(new Array(1e5).fill(Math.random()))'),
    )
    const { host } = await startChildren(dir, { limits: { memoryMb: 16, crashes: 1 } })
    expect(answered(await host.call(callOf('glutton')))).toMatchObject({ errorCode: 1 })
    expect(host.list()[0]).toMatchObject({ state: 'given-up' })
  }, 20_000)

  it('that sends an answer too large is answered for', async () => {
    const dir = makeTempDir()
    writePlugin(dir, 'wordy', onRequest('say({ result: 0, text: "x".repeat(3_000_000) })'))
    const { host } = await startChildren(dir)
    expect(answered(await host.call(callOf('wordy')))).toMatchObject({ errorCode: 1 })
    expect(answered(await host.call(callOf('wordy')))).toMatchObject({ errorCode: 1 })
    expect(host.list()[0]).toMatchObject({ state: 'running', restarts: 0 })
  })

  it('may clean up before it ends', async () => {
    const dir = makeTempDir()
    const code = `import { writeFileSync } from 'node:fs'
${onRequest('say({ result: 0 })').replace('(port) {', "(port) { port.on('close', () => writeFileSync('clean', 'yes'))")}`
    const folder = writePlugin(dir, 'tidy', code)
    const { host } = await startChildren(dir)
    await host.call(callOf('tidy'))
    await host.stop()
    expect(readFileSync(join(folder, 'clean'), 'utf8')).toBe('yes')
  })
})

describe('the plug-in of the manual', () => {
  const page = readFileSync(join(root, 'docs/writing-a-plug-in.md'), 'utf8')
  const block = (language: string, start: string) => {
    const blocks = [...page.matchAll(/```(\w+)\n([\s\S]*?)```/g)]
    return blocks.find(([, named, text = '']) => named === language && text.startsWith(start))?.[2] ?? ''
  }

  it('runs as it stands there: read, followed, left', async () => {
    const dir = makeTempDir()
    mkdirSync(join(dir, 'scale'))
    writeFileSync(join(dir, 'scale', 'plugin.json'), block('json', '{'))
    writeFileSync(join(dir, 'scale', 'plugin.mjs'), block('js', '// plugin.mjs'))
    const { host } = await startChildren(dir)
    expect(host.list()).toMatchObject([{ id: 'scale', state: 'running', reason: '' }])
    expect((await host.discover()).map(({ id }) => id)).toEqual(['shelf.scale'])
    const weight = callOf('scale', { serviceId: 'shelf.scale', attribute: 'weight' })
    expect(await host.call(weight)).toMatchObject({ result: 0, payload: { grams: expect.any(Number) } })
    const told = new Promise<ServiceEvent>(done => host.on('event', done))
    expect(await host.call({ ...weight, action: 'PUT', follows: true })).toMatchObject({ result: 0 })
    expect(await told).toMatchObject({
      serviceId: 'shelf.scale',
      attribute: 'weight',
      callerId: alice.id,
      payload: { grams: expect.any(Number) },
    })
    expect(await host.call({ ...weight, action: 'DELETE', follows: true })).toMatchObject({ result: 0 })
    expect(answered(await host.call({ ...weight, action: 'POST' }))).toMatchObject({ errorCode: 3 })
    expect(answered(await host.call({ ...weight, attribute: 'colour' }))).toMatchObject({ errorCode: 4 })
  })
})

describe('a plug-in written for node-gotapi', () => {
  const code = `'use strict'
const Plugin = function (util) {
  this.util = util
  this.info = { name: 'Hello', services: [{ serviceId: 'hello', name: 'Hello', online: true, scopes: ['hello'] }] }
}
Plugin.prototype.init = function (callback) {
  this.util.init(this.info)
  this.util.onmessage = message => {
    message.result = message.method === 'get' ? 0 : 400
    message.data = message.params.msg
    if (message.result) message.errorMessage = 'only get'
    this.util.returnMessage(message)
    this.util.pushMessage(message)
  }
  callback(this.info)
}
module.exports = Plugin`

  it('runs unchanged', async () => {
    const dir = makeTempDir()
    writePlugin(dir, 'hello', code, { main: 'index.cjs', protocol: 'node-gotapi', services: [] })
    const { host } = await startChildren(dir)
    expect((await host.discover()).map(({ id }) => id)).toEqual(['hello.hello'])
    const told = new Promise<ServiceEvent>(done => host.on('event', done))
    const call = callOf('hello', { serviceId: 'hello.hello', attribute: 'say', params: { msg: 'hi' } })
    expect(await host.call(call)).toEqual({ result: 0, payload: { data: 'hi' } })
    expect(await told).toMatchObject({ attribute: 'say', callerId: 'a', payload: { data: 'hi' } })
    expect(answered(await host.call({ ...call, action: 'PUT' }))).toMatchObject({
      errorCode: 400,
      errorMessage: 'only get',
    })
  })
})

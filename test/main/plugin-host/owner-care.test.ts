import { expect, it } from 'vitest'
import type { Payload } from '../../../src/main/handlers/handler.ts'
import { callHandler, eventHandler, followAlone, ownCall } from '../../fakes/handlers.ts'
import { createEchoPlugin } from '../../fakes/plugins.ts'
import { startHost } from './start-host.ts'

async function setUp() {
  const plugin = createEchoPlugin()
  const { host, clock } = await startHost([plugin])
  await clock.advance(0)
  const ask = async (route: string, params: Record<string, string> = {}) =>
    callHandler(host.endpoints, route).answer(params, ownCall)
  return { plugin, host, clock, ask }
}
const stateOf = (answer: Payload) => (answer.plugins as { state: string }[]).map(({ state }) => state)

it('the owner sees each plug-in, of its services only what tells them apart', async () => {
  const { ask } = await setUp()
  expect(await ask('GET plugins')).toEqual({
    plugins: [
      {
        id: 'echo',
        name: 'Fake echo',
        version: '1.0.0',
        about: '',
        builtIn: true,
        enabled: true,
        state: 'running',
        reason: '',
        restarts: 0,
        profiles: ['echo'],
        services: [{ id: 'one.echo', name: 'The echo service', online: true }],
      },
    ],
  })
})

it('what the owner does is answered with how all plug-ins are then', async () => {
  const { ask, plugin } = await setUp()
  expect(stateOf(await ask('PUT plugins/enabled', { id: 'echo', enabled: 'false' }))).toEqual(['off'])
  expect(stateOf(await ask('PUT plugins/enabled', { id: 'echo', enabled: 'true' }))).toEqual(['running'])
  plugin.crash()
  expect(stateOf(await ask('GET plugins'))).toEqual(['waiting'])
  expect(stateOf(await ask('POST plugins/restart', { id: 'echo' }))).toEqual(['running'])
  expect(stateOf(await ask('POST plugins/search'))).toEqual(['running'])
  await expect(ask('POST plugins/restart', { id: 'ghost' })).rejects.toMatchObject({ code: 'plugin.unknown' })
})

it('who follows is told at once, then of every change, until they leave', async () => {
  const { host, clock, plugin } = await setUp()
  const told: string[][] = []
  const stop = await followAlone(eventHandler(host.endpoints, 'EVENT plugins'), all =>
    told.push(stateOf(all)),
  )
  expect(told).toEqual([['running']])
  plugin.crash()
  expect(told.at(-1)).toEqual(['waiting'])
  await clock.advance(0)
  stop()
  const count = told.length
  await host.restart('echo')
  expect(told).toHaveLength(count)
})

it('who follows hears of a search once it is through', async () => {
  const { host } = await setUp()
  let told = 0
  host.onChange(() => {
    told += 1
  })
  await host.rescan()
  expect(told).toBe(1)
})

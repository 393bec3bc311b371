import { expect, it } from 'vitest'
import type { NoticeBoard } from '../../../src/main/contract/notice.ts'
import type { PluginRecord } from '../../../src/main/plugin-host/index.ts'
import { tellOfStoppedPlugins } from '../../../src/main/plugin-host/notices.ts'
import { createEchoPlugin } from '../../fakes/plugins.ts'
import { startHost } from './start-host.ts'

const record = (state: PluginRecord['state']): PluginRecord => ({
  id: 'clock',
  name: 'Clock',
  version: '1.0.0',
  about: '',
  builtIn: false,
  enabled: true,
  state,
  reason: '',
  restarts: 0,
  profiles: [],
  services: [],
})

function setUp() {
  let tell: (plugins: readonly PluginRecord[]) => void = () => undefined
  const told: string[] = []
  const board: NoticeBoard = {
    raise: ({ id, severity, sentence, params }) => told.push(`${severity} ${id}: ${sentence} ${params.name}`),
    withdraw: id => told.push(`withdraw ${id}`),
  }
  const stop = tellOfStoppedPlugins(
    {
      onChange(listener) {
        tell = listener
        return () => {
          tell = () => undefined
        }
      },
    },
    board,
  )
  const become = (...states: PluginRecord['state'][]) => {
    for (const state of states) tell([record(state)])
  }
  return { told, become, stop }
}

it('a plug-in that was given up is told once, and no more when it runs again', () => {
  const { told, become } = setUp()
  become('running', 'waiting', 'given-up', 'given-up')
  expect(told).toEqual(['warning plugin clock: plugin-stopped Clock'])
  become('running', 'running')
  expect(told.slice(1)).toEqual(['withdraw plugin clock'])
})

it('a plug-in that crashes but comes back, or is switched off, is no news', () => {
  const { told, become } = setUp()
  become('running', 'waiting', 'running', 'off')
  expect(told).toEqual([])
})

it('the host tells the board it was given of a plug-in that cannot stay up', async () => {
  const raised: string[] = []
  const notices: NoticeBoard = { raise: ({ id }) => raised.push(id), withdraw: () => undefined }
  const { clock } = await startHost([{ ...createEchoPlugin(), start: port => port.close() }], { notices })
  for (let crash = 0; crash < 5; crash++) await clock.advance(60_000)
  expect(raised).toEqual(['plugin echo'])
})

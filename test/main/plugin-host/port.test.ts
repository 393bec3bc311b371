import { describe, expect, it } from 'vitest'
import type { HostMessage, PluginMessage } from '../../../src/main/plugin-host/plugin.ts'
import { createPortPair } from '../../../src/main/plugin-host/port.ts'

const settle = () => new Promise<void>(resolve => setImmediate(resolve))
const hello = (version: string): HostMessage => ({ action: 'MANAGER_LAUNCHED', product: 'Gantry', version })
const event = (profile: string): PluginMessage => ({ action: 'EVENT', profile })

function setUp() {
  const { host, plugin } = createPortPair()
  const heard = { host: [] as unknown[], plugin: [] as unknown[], ends: [] as string[], closes: 0 }
  host.onMessage(message => heard.host.push(message))
  host.onClose(reason => heard.ends.push(reason))
  plugin.on('close', () => {
    heard.closes += 1
  })
  return { host, plugin, heard }
}

describe('the line to a plug-in in this process', () => {
  it('carries copies both ways, never in the same turn', async () => {
    const { host, plugin, heard } = setUp()
    plugin.on('message', message => heard.plugin.push(message))
    const [down, up] = [{ ...hello('1') }, event('lamp')]
    host.send(down)
    plugin.send(up)
    Object.assign(down, { version: '2' })
    Object.assign(up, { profile: 'scale' })
    expect([heard.plugin, heard.host]).toEqual([[], []])
    await settle()
    expect([heard.plugin, heard.host]).toEqual([[hello('1')], [event('lamp')]])
  })

  it('keeps what was sent before the plug-in listened, and tells it once', async () => {
    const { host, plugin, heard } = setUp()
    host.send(hello('1'))
    host.send(hello('2'))
    await settle()
    plugin.on('message', message => heard.plugin.push(message))
    await settle()
    expect(heard.plugin).toEqual([hello('1'), hello('2')])
    plugin.on('message', () => undefined)
    await settle()
    expect(heard.plugin).toHaveLength(2)
  })

  it('ends once, with the reason of the first who ended it, and is silent afterwards', async () => {
    const { host, plugin, heard } = setUp()
    plugin.on('message', message => heard.plugin.push(message))
    plugin.close()
    await host.close()
    host.send(hello('1'))
    plugin.send(event('lamp'))
    await settle()
    expect(heard).toEqual({ host: [], plugin: [], ends: ['It ended by itself.'], closes: 1 })
  })

  it('is heard to its last word when the host asks it to end', async () => {
    const { host, plugin, heard } = setUp()
    plugin.on('message', message => heard.plugin.push(message))
    host.send(hello('last'))
    await host.close()
    expect(heard).toMatchObject({ plugin: [hello('last')], ends: ['It was asked to end.'], closes: 1 })
  })

  it.each<[unknown, string]>([
    [new Error('lost a glove'), 'It failed: lost a glove'],
    ['words', 'It failed: words'],
  ])('ends when the plug-in fails at a message', async (thrown, reason) => {
    const { host, plugin, heard } = setUp()
    plugin.on('message', () => {
      throw thrown
    })
    host.send(hello('1'))
    await settle()
    expect(heard).toMatchObject({ ends: [reason], closes: 1 })
  })
})

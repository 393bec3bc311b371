import { describe, expect, it } from 'vitest'
import { full, lamp, startClients } from './start-clients.ts'

describe('what was taken back and is not written yet', () => {
  it('is each end by itself: of clients, and of each plug-in that one may not use any more', async () => {
    const { ask, letIn, clients, disk, clock, kept } = await startClients()
    const [a, b, c] = [ask('a'), ask('b'), ask('c')]
    for (const member of [a, b, c]) letIn(member)
    for (const pluginId of ['lamp', 'scale'])
      if (c.grant) clients.allowPlugin(c, c.grant, { ...lamp, pluginId })
    disk.fault = full()
    for (const member of [a, b]) expect(clients.end(member, 'taken back')).toBe(false)
    expect(clients.endPlugins(() => true)).toBe(false)
    expect(clients.unwritten().map(({ origin, plugin }) => [origin, plugin?.id])).toEqual([
      ['http://a.test', undefined],
      ['http://b.test', undefined],
      ['http://c.test', 'lamp'],
      ['http://c.test', 'scale'],
    ])
    disk.fault = undefined
    await clock.advance(15_000)
    expect(kept()).toEqual([{ origin: 'http://c.test', plugins: [], keepsLine: false }])
  })
})

describe('when Gantry stops', () => {
  it('what was taken back is written at last, and nothing waits any more', async () => {
    const { ask, letIn, clients, disk, clock, kept } = await startClients()
    const [gone, stays] = [ask('a'), ask('b')]
    for (const member of [gone, stays]) letIn(member)
    disk.fault = full()
    clients.end(gone, 'taken back')
    disk.fault = undefined
    clients.stop()
    expect(clock.waiting().filter(name => name.startsWith('gotapi'))).toEqual([])
    expect(kept().map(({ origin }) => origin)).toEqual(['http://b.test'])
  })

  it('a disk that refused is tried once, not twice, and each permission left on it is an error of the log', async () => {
    const { ask, letIn, clients, disk, lines } = await startClients()
    const [gone, stays] = [ask('a'), ask('b')]
    for (const member of [gone, stays]) letIn(member)
    clients.countUse(stays)
    disk.fault = full()
    clients.end(gone, 'taken back')
    lines.length = 0
    clients.stop()
    expect(lines.filter(({ level }) => level === 'error')).toMatchObject([
      { fields: { origin: 'http://a.test' } },
    ])
    expect(
      lines.filter(({ level }) => level === 'warn'),
      'the use is not tried',
    ).toEqual([])
  })
})

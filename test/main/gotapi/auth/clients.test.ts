import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { isKept, type Member } from '../../../../src/main/gotapi/auth/client.ts'
import { full, lamp, startClients } from './start-clients.ts'

describe('a client', () => {
  it('is nobody on the disk before it has a token, nor on a visit', async () => {
    const { ask, letIn, kept } = await startClients()
    const member = ask('a')
    expect([isKept(member), kept()]).toEqual([false, []])
    letIn(member, true)
    expect([isKept(member), kept()]).toEqual([false, []])
    letIn(member)
    expect(isKept(member)).toBe(true)
    expect(kept()).toEqual([{ origin: 'http://a.test', plugins: [], keepsLine: false }])
  })

  it('that asks anew ends its own earlier try, told once, and leaves who was let in', async () => {
    const { ask, letIn, told, clients } = await startClients()
    const [first, other] = [ask('a'), ask('b')]
    letIn(other)
    told.length = 0
    const second = ask('a')
    expect(told).toEqual(['ended http://a.test: a new grant', 'changed'])
    expect([first, second, other].map(clients.has)).toEqual([false, true, true])
  })

  it('has a token that is found where it was given, and no other way', async () => {
    const { ask, letIn, clients, asker } = await startClients()
    const member = ask('a')
    const token = letIn(member)
    expect(token).toMatch(/^([0-9a-f]{2})\1{31}$/)
    expect(clients.find(token, asker('a'))).toBe(member)
    expect(clients.find(token, { ...asker('a'), via: 'lan' })).toBeUndefined()
    expect(clients.find(token, asker('b'))).toBeUndefined()
    expect(clients.find(`${token}0`, asker('a'))).toBeUndefined()
    expect(clients.letIn(asker('a'))).toBe(member)
    expect(clients.letIn({ ...asker('a'), via: 'lan' })).toBeUndefined()
  })

  it('gotapi 10.4: is known by the SHA-256 of its token, in memory as on the disk', async () => {
    const { ask, letIn, store } = await startClients()
    const member = ask('a')
    const tokenHash = createHash('sha256').update(letIn(member)).digest('hex')
    expect(member.grant?.tokenHash).toBe(tokenHash)
    expect(store.clients('2030-01-01').map(({ grant }) => grant.tokenHash)).toEqual([tokenHash])
  })

  it('loses its token with the next one, and is told of nobody’s end', async () => {
    const { ask, letIn, clients, asker, told } = await startClients()
    const member = ask('a')
    const early = letIn(member)
    told.length = 0
    const late = letIn(member)
    expect(clients.find(early, asker('a'))).toBeUndefined()
    expect(clients.find(late, asker('a'))).toBe(member)
    expect(told).toEqual(['changed'])
  })

  it('takes the place of the earlier one when it is let in, and keeps what the owner said of its line', async () => {
    const { ask, asker, letIn, clients, told, kept } = await startClients()
    const first = ask('a')
    letIn(first)
    clients.keepLine(first, true)
    const second = ask('a')
    told.length = 0
    letIn(second)
    expect(told).toEqual(['ended http://a.test: a new grant', 'changed'])
    expect(clients.has(first)).toBe(false)
    expect(clients.letIn(asker('a'))).toBe(second)
    expect(second.keepsLine).toBe(true)
    expect(kept()).toEqual([{ origin: 'http://a.test', plugins: [], keepsLine: true }])
  })

  it('ends once: a second end is true, tells nobody and writes nothing', async () => {
    const { ask, asker, letIn, clients, told, disk, kept } = await startClients()
    const member = ask('a')
    const token = letIn(member)
    told.length = 0
    expect(clients.end(member, 'taken back')).toBe(true)
    expect([clients.letIn(asker('a')), clients.find(token, asker('a'))]).toEqual([undefined, undefined])
    expect([clients.byId(member.client.id), clients.list()]).toEqual([undefined, []])
    disk.fault = full()
    expect(clients.end(member, 'taken back')).toBe(true)
    disk.fault = undefined
    expect(told).toEqual(['ended http://a.test: taken back', 'changed'])
    expect([clients.unwritten(), kept()]).toEqual([[], []])
  })

  it('that is not on the disk ends though that takes nothing, and nothing is left to write', async () => {
    const { ask, letIn, clients, disk } = await startClients()
    const [asking, visiting] = [ask('a'), ask('b')]
    letIn(visiting, true)
    disk.fault = full()
    expect([asking, visiting].map(member => clients.end(member, 'unused'))).toEqual([true, true])
    expect(clients.unwritten()).toEqual([])
  })

  it('that is on it ends all the same, and the owner sees who it was until that is written', async () => {
    const { ask, letIn, clients, disk, clock, told } = await startClients()
    const member = ask('a')
    letIn(member)
    disk.fault = full()
    expect(clients.end(member, 'taken back')).toBe(false)
    expect(clients.has(member)).toBe(false)
    expect(clients.unwritten()).toEqual([
      { clientId: member.client.id, origin: 'http://a.test', name: 'http://a.test', since: clock.now() },
    ])
    told.length = 0
    await clock.advance(14_999)
    disk.fault = undefined
    expect(clients.unwritten()).toHaveLength(1)
    await clock.advance(1)
    expect([clients.unwritten(), told]).toEqual([[], ['changed']])
    await clock.advance(60_000)
    expect(told, 'nothing is tried without need').toEqual(['changed'])
  })
})

describe('one application too many', () => {
  it('ends the one unused longest, as unused, and tells so once', async () => {
    const { ask, letIn, clients, told, clock } = await startClients()
    const members: Member[] = []
    for (let count = 0; count < 100; count += 1) {
      const member = ask(`a${count}`)
      letIn(member, true)
      members.push(member)
      await clock.advance(1)
    }
    const newcomer = ask('late')
    told.length = 0
    letIn(newcomer, true)
    expect(told).toEqual(['ended http://a0.test: unused', 'changed', 'changed'])
    expect(clients.has(newcomer)).toBe(true)
    expect(members.filter(clients.has)).toHaveLength(99)
  })
})

describe('the line that a client keeps open', () => {
  it('is remembered of whoever is kept, and only in memory of a visit', async () => {
    const { ask, letIn, clients, disk, told, kept } = await startClients()
    const [app, visitor] = [ask('a'), ask('b')]
    letIn(app)
    letIn(visitor, true)
    told.length = 0
    clients.keepLine(app, true)
    disk.fault = full()
    clients.keepLine(visitor, true)
    expect([app, visitor].map(each => each.keepsLine)).toEqual([true, true])
    expect(told).toEqual(['changed', 'changed'])
    expect(() => clients.keepLine(app, false)).toThrow(full().message)
    expect(app.keepsLine, 'first the disk, then memory').toBe(true)
    disk.fault = undefined
    expect(kept()).toEqual([{ origin: 'http://a.test', plugins: [], keepsLine: true }])
  })
})

describe('the use of a plug-in', () => {
  it('is given to the token that asked, kept unless once, and ends for those meant', async () => {
    const { ask, letIn, clients, told, kept } = await startClients()
    const [a, b] = [ask('a'), ask('b')]
    for (const member of [a, b]) letIn(member)
    const allow = (member: Member, more: Partial<typeof lamp> = {}) =>
      member.grant && clients.allowPlugin(member, member.grant, { ...lamp, ...more })
    told.length = 0
    expect([allow(a), allow(a, { pluginId: 'scale', isOnce: true }), allow(b)]).toEqual([true, true, true])
    expect(told).toEqual(['changed', 'changed', 'changed'])
    expect(kept().map(({ plugins }) => plugins)).toEqual([['lamp'], ['lamp']])
    told.length = 0
    expect(clients.endPlugins(member => member === a)).toBe(true)
    expect(told).toEqual(['lamp of http://a.test', 'scale of http://a.test', 'changed'])
    expect([[...a.plugins.keys()], [...b.plugins.keys()]]).toEqual([[], ['lamp']])
    expect(kept().map(({ plugins }) => plugins)).toEqual([[], ['lamp']])
    told.length = 0
    expect(clients.endPlugins(() => false)).toBe(true)
    expect(told).toEqual([])
  })

  it('is not given to one that ended, nor to a token that was replaced meanwhile', async () => {
    const { ask, letIn, clients, kept } = await startClients()
    const [gone, renewed] = [ask('a'), ask('b')]
    for (const member of [gone, renewed]) letIn(member)
    const [ended, replaced] = [gone.grant, renewed.grant]
    if (!ended || !replaced) throw new Error('they were let in')
    clients.end(gone, 'taken back')
    letIn(renewed)
    expect(clients.allowPlugin(gone, ended, lamp)).toBe(false)
    expect(clients.allowPlugin(renewed, replaced, lamp)).toBe(false)
    expect([gone.plugins.size, renewed.plugins.size]).toEqual([0, 0])
    expect(kept().map(({ plugins }) => plugins)).toEqual([[]])
  })

  it('of a visit is in memory only, once or not, and its end needs no disk', async () => {
    const { ask, letIn, clients, disk } = await startClients()
    const visitor = ask('a')
    letIn(visitor, true)
    disk.fault = full()
    for (const isOnce of [true, false]) {
      expect(visitor.grant && clients.allowPlugin(visitor, visitor.grant, { ...lamp, isOnce })).toBe(true)
      expect(clients.endPlugins(() => true)).toBe(true)
    }
    expect([visitor.plugins.size, clients.unwritten()]).toEqual([0, []])
  })

  it('is kept over a new token unless it was once', async () => {
    const { ask, letIn, clients, told, kept } = await startClients()
    const member = ask('a')
    letIn(member)
    for (const isOnce of [true, false]) {
      const permission = { ...lamp, pluginId: isOnce ? 'scale' : 'lamp', isOnce }
      if (member.grant) clients.allowPlugin(member, member.grant, permission)
    }
    told.length = 0
    letIn(member)
    expect([...member.plugins.keys()]).toEqual(['lamp'])
    expect(told).toEqual(['scale of http://a.test', 'changed'])
    expect(kept().map(({ plugins }) => plugins)).toEqual([['lamp']])
  })

  it('given anew is not taken back by a write that was still to come', async () => {
    const { ask, letIn, clients, disk, clock, kept } = await startClients()
    const member = ask('a')
    letIn(member)
    const allow = () => member.grant && clients.allowPlugin(member, member.grant, lamp)
    allow()
    disk.fault = full()
    expect(clients.endPlugins(() => true)).toBe(false)
    expect(clients.unwritten()).toMatchObject([{ plugin: { id: 'lamp', name: 'Lamp' } }])
    disk.fault = undefined
    allow()
    expect(clients.unwritten()).toEqual([])
    await clock.advance(60_000)
    expect(kept().map(({ plugins }) => plugins)).toEqual([['lamp']])
  })
})

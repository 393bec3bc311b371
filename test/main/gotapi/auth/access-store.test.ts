import { describe, expect, it } from 'vitest'
import { createAccessStore, type StoredClient } from '../../../../src/main/gotapi/auth/access-store.ts'
import { createFakeClock } from '../../../fakes/clock.ts'
import { openTestStore } from '../../../fakes/store.ts'

const day = '2030-01-31'

async function setUp() {
  const store = await openTestStore(createFakeClock())
  const access = createAccessStore(store, {
    protect: text => `sealed ${text}`,
    reveal(text) {
      if (!text.startsWith('sealed ')) throw new Error('another key ring')
      return text.slice('sealed '.length)
    },
  })
  return { store, access }
}

const known = (id: string, more: Partial<StoredClient> = {}): StoredClient => ({
  client: { id, origin: `http://${id}.test`, device: '', via: 'loopback', name: id },
  grant: {
    tokenHash: `hash of ${id}`,
    issuedAt: 1,
    usedAt: 2,
    isVisit: false,
    isInvited: false,
    scopes: new Map([['system', 10]]),
  },
  answerKey: undefined,
  keepsLine: false,
  requestsToday: 0,
  plugins: [],
  ...more,
})
const lamp = { pluginId: 'lamp', name: 'Lamp', identity: 'lamp 1', since: 3, isOnce: false }

describe('what is kept of an application', () => {
  it('comes back as it was', async () => {
    const { access } = await setUp()
    const plain = known('a')
    const rich = known('b', {
      client: { id: 'b', origin: 'app://gantry', device: 'd', via: 'lan', name: 'Phone' },
      grant: {
        ...plain.grant,
        tokenHash: 'another',
        issuedAt: 5,
        usedAt: 6,
        isInvited: true,
        scopes: new Map([
          ['*', 7],
          ['system', 8],
        ]),
      },
      answerKey: 'secret',
      keepsLine: true,
      plugins: [lamp, { ...lamp, pluginId: 'scale', identity: 'scale 1' }],
    })
    access.save(plain)
    access.save(rich)
    expect(access.clients(day)).toEqual([plain, rich])
  })

  it('takes the place of whoever had its identity, and of nobody else', async () => {
    const { access } = await setUp()
    const others = [{ via: 'lan' as const }, { device: 'd' }, { origin: 'http://other.test' }].map(
      (change, n) => known(`o${n}`, { client: { ...known('a').client, id: `o${n}`, ...change } }),
    )
    for (const each of [known('a', { plugins: [lamp] }), ...others]) access.save(each)
    const newer = known('newer', { client: { ...known('a').client, id: 'newer' } })
    access.save(newer)
    expect(access.clients(day)).toEqual([...others, newer])
  })

  it('goes with its scopes and plug-ins, or its identity with whoever has it; or its use of one plug-in', async () => {
    const { store, access } = await setUp()
    const scale = { ...lamp, pluginId: 'scale' }
    for (const id of ['a', 'b', 'c']) access.save(known(id, { plugins: [lamp, scale] }))
    access.remove([{ clientId: 'a' }, { clientId: 'b', plugin: { id: 'lamp' } }])
    access.removeIdentity(known('c').client)
    expect(access.clients(day)).toEqual([known('b', { plugins: [scale] })])
    for (const table of ['client_scope', 'client_plugin']) {
      expect(store.run(`DELETE FROM ${table} WHERE client_id <> 'b'`)).toBe(0)
    }
  })

  it('has a key that another machine’s key ring sealed no more, and signs nothing with it', async () => {
    const { store, access } = await setUp()
    access.save(known('a', { answerKey: 'secret' }))
    access.saveKey({ origin: 'http://a.test', key: 'paired', since: 1 })
    access.saveKey({ origin: 'http://b.test', key: 'other', since: 2 })
    store.run("UPDATE client SET answer_key = 'moved'")
    store.run("UPDATE paired_key SET key = 'moved' WHERE origin = 'http://a.test'")
    expect(access.clients(day)).toEqual([known('a')])
    expect(access.keys()).toEqual([{ origin: 'http://b.test', key: 'other', since: 2 }])
  })

  it('stands sealed on the disk where it is secret', async () => {
    const { store, access } = await setUp()
    access.save(known('a', { answerKey: 'secret' }))
    access.saveKey({ origin: 'http://a.test', key: 'secret', since: 1 })
    expect(store.run("UPDATE client SET name = '' WHERE answer_key = 'sealed secret'")).toBe(1)
    expect(store.run("UPDATE paired_key SET since_at = 2 WHERE key = 'sealed secret'")).toBe(1)
  })

  it('says later whether its line is kept open', async () => {
    const { access } = await setUp()
    for (const id of ['a', 'b']) access.save(known(id))
    const kept = () => access.clients(day).map(({ keepsLine }) => keepsLine)
    access.saveKeepsLine('a', true)
    expect(kept()).toEqual([true, false])
    access.saveKeepsLine('a', false)
    expect(kept()).toEqual([false, false])
  })
})

describe('the use that is kept', () => {
  const use = (clientId: string, requests: number, usedAt = 100) => ({ clientId, requests, usedAt })

  it('is of its day and its application, and the newest count of a day counts', async () => {
    const { access } = await setUp()
    for (const id of ['a', 'b']) access.save(known(id))
    access.count('2030-01-30', [use('a', 9, 50)])
    access.count(day, [use('a', 1, 60), use('b', 2, 70)])
    access.count(day, [use('a', 3, 80)])
    const told = (on: string) =>
      access.clients(on).map(({ requestsToday, grant }) => [requestsToday, grant.usedAt])
    expect(told(day)).toEqual([
      [3, 80],
      [2, 70],
    ])
    expect(told('2030-01-30')).toEqual([
      [9, 80],
      [0, 70],
    ])
  })

  it('of an application that is gone is left out, and that of the others is kept', async () => {
    const { access } = await setUp()
    access.save(known('a'))
    access.count(day, [use('ghost', 1), use('a', 2)])
    expect(access.clients(day).map(({ requestsToday }) => requestsToday)).toEqual([2])
  })

  it('goes after 31 days', async () => {
    const { access } = await setUp()
    access.save(known('a'))
    for (const on of ['2029-12-30', '2029-12-31']) access.count(on, [use('a', 1)])
    access.count(day, [])
    expect(['2029-12-30', '2029-12-31'].map(on => access.clients(on)[0]?.requestsToday)).toEqual([0, 1])
  })
})

describe('what else is kept of who may come in', () => {
  it('one key for each origin, the newest', async () => {
    const { access } = await setUp()
    access.saveKey({ origin: 'http://a.test', key: 'one', since: 1 })
    access.saveKey({ origin: 'http://b.test', key: 'two', since: 2 })
    access.saveKey({ origin: 'http://a.test', key: 'three', since: 3 })
    access.removeKey('http://b.test')
    expect(access.keys()).toEqual([{ origin: 'http://a.test', key: 'three', since: 3 }])
  })

  it('who is not to ask again, by origin and way', async () => {
    const { access } = await setUp()
    const silenced = (['loopback', 'lan'] as const).map(via => ({ origin: 'http://a.test', via, since: 1 }))
    for (const each of silenced) access.saveSilenced(each)
    access.removeSilenced('http://a.test', 'loopback')
    access.removeSilenced('http://b.test', 'lan')
    expect(access.silenced()).toEqual([{ origin: 'http://a.test', via: 'lan', since: 1 }])
  })

  it('facts, by their name', async () => {
    const { access } = await setUp()
    access.setFact('keyword', 'heron')
    access.setFact('keyword', 'stork')
    expect([access.fact('keyword'), access.fact('other')]).toEqual(['stork', undefined])
  })
})

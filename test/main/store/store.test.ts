import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { isGantryError } from '../../../src/main/contract/error.ts'
import { openStore } from '../../../src/main/store/index.ts'
import { loadSqlite } from '../../../src/main/store/sqlite.ts'
import { createStore } from '../../../src/main/store/store.ts'
import { catchFrom } from '../../fakes/catch-from.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { createLogRecorder } from '../../fakes/log.ts'
import { firstSteps } from '../../fakes/migrations.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'

const item = z.object({ id: z.number(), name: z.string() })

async function openTestStore() {
  const { store, close } = await openStore({
    file: join(makeTempDir(), 'gantry.sqlite'),
    clock: createFakeClock(),
    log: createLogRecorder().log,
    migrations: firstSteps,
  })
  onTestFinished(close)
  const count = () => store.all('SELECT id, name FROM item', [], item).length
  const add = (name: string) => store.run('INSERT INTO item (name) VALUES (:name)', { name })
  return { store, count, add }
}

describe('the store', () => {
  it('gives rows as their schema says, or nothing', async () => {
    const { store, add } = await openTestStore()
    expect(add('bed')).toBe(1)
    expect(store.get('SELECT id, name FROM item WHERE name = ?', ['bed'], item)).toEqual({
      id: 1,
      name: 'bed',
    })
    expect(store.get('SELECT id, name FROM item WHERE name = ?', ['sun'], item)).toBeUndefined()
  })

  it('refuses a row that is not of the form its room expects', async () => {
    const { store, add } = await openTestStore()
    add('bed')
    expect(() => store.all('SELECT id FROM item', [], item)).toThrow(/name/)
  })

  it('takes back all of a transaction that fails', async () => {
    const { store, add, count } = await openTestStore()
    expect(() =>
      store.transaction(() => {
        add('one')
        add('two')
        throw new Error('no')
      }),
    ).toThrow('no')
    expect(count()).toBe(0)
    store.transaction(() => add('three'))
    expect(count()).toBe(1)
  })

  it('takes back only the inner part when that alone fails', async () => {
    const { store, add, count } = await openTestStore()
    store.transaction(() => {
      add('outer')
      expect(() =>
        store.transaction(() => {
          add('inner')
          throw new Error('no')
        }),
      ).toThrow('no')
    })
    expect(count()).toBe(1)
  })

  it('refuses a transaction that waits', async () => {
    const { store, add, count } = await openTestStore()
    const refused = catchFrom(() =>
      store.transaction(async () => {
        add('late')
      }),
    )
    expect(refused).toMatchObject({
      code: 'internal.bug',
      message: 'A transaction must not wait for anything.',
    })
    expect(count()).toBe(0)
  })

  it('keeps an inner transaction together with the outer one, or not at all', async () => {
    const { store, add, count } = await openTestStore()
    expect(() =>
      store.transaction(() => {
        store.transaction(() => add('inner'))
        store.transaction(() => store.transaction(() => add('innermost')))
        throw new Error('no')
      }),
    ).toThrow('no')
    expect(count()).toBe(0)
    expect(
      store.transaction(() => {
        store.transaction(() => store.transaction(() => add('innermost')))
        return store.transaction(() => 'the result')
      }),
    ).toBe('the result')
    expect(count()).toBe(1)
  })

  it('saves nothing of a transaction that goes on although the disk was full in the middle of it', async () => {
    const { store, add, count } = await openTestStore()
    const full = catchFrom(() =>
      store.transaction(() => {
        add('before')
        store.get('PRAGMA max_page_count = 1', [], z.unknown())
        // SQLite has taken back `before` by itself now; what follows would be saved alone.
        catchFrom(() => store.transaction(() => add('x'.repeat(100_000))))
        store.get('PRAGMA max_page_count = 100000', [], z.unknown())
        add('after')
      }),
    )
    expect(isGantryError(full, 'data.full')).toBe(true)
    expect(count()).toBe(0)
    add('again')
    store.transaction(() => add('and again'))
    expect(count()).toBe(2)
  })

  it.each([
    [13, 'data.full'],
    [10, 'data.unwritable'],
    [11, 'store.damaged'],
  ])(
    'goes on after the disk failed (result %i of SQLite), but not in the transaction it failed in',
    async (errcode, code) => {
      const database = (await loadSqlite()).open(join(makeTempDir(), 'a.sqlite'))
      onTestFinished(() => database.close())
      const failing = {
        ...database,
        prepare(sql: string) {
          if (sql === 'FAIL') throw Object.assign(new Error('no'), { errcode })
          return database.prepare(sql)
        },
      }
      const store = createStore(failing, '/d/a.sqlite', 0)
      const fail = () => catchFrom(() => store.run('FAIL'))
      store.run('CREATE TABLE item (name TEXT)')
      expect(fail()).toMatchObject({ code, details: { file: '/d/a.sqlite' } })
      store.run(`INSERT INTO item VALUES ('alone')`)
      const outcome = catchFrom(() =>
        store.transaction(() => {
          fail()
          store.run(`INSERT INTO item VALUES ('lost')`)
        }),
      )
      expect(outcome).toMatchObject({ code })
      expect(store.run('DELETE FROM item')).toBe(1)
    },
  )

  it('begins a transaction as one that writes, and a part of it as a part', () => {
    const said: string[] = []
    const database = {
      exec: (sql: string) => void said.push(sql),
      prepare: () => expect.fail('nothing to prepare'),
      ask: () => null,
      close: () => undefined,
    }
    const store = createStore(database, 'a.sqlite', 0)
    store.transaction(() => store.transaction(() => store.transaction(() => undefined)))
    expect(said.splice(0)).toEqual([
      'BEGIN IMMEDIATE',
      'SAVEPOINT s1',
      'SAVEPOINT s2',
      'RELEASE s2',
      'RELEASE s1',
      'COMMIT',
    ])
    const failing = () => {
      throw new Error('no')
    }
    catchFrom(() => store.transaction(() => store.transaction(failing)))
    expect(said).toEqual(['BEGIN IMMEDIATE', 'SAVEPOINT s1', 'ROLLBACK TO s1; RELEASE s1', 'ROLLBACK'])
  })

  it('goes on after a mistake that harms nothing but itself', async () => {
    const { store, add, count } = await openTestStore()
    store.transaction(() => {
      add('bed')
      catchFrom(() => add('bed'))
      add('belt')
    })
    expect(count()).toBe(2)
    catchFrom(() => store.get('no SQL at all', [], item))
    expect(count()).toBe(2)
  })

  it('takes values in the order of their marks, or by name, and changes none of what it was given', async () => {
    const { store } = await openTestStore()
    expect(store.run('INSERT INTO item (id, name) VALUES (?, ?)', [7, 'seven'])).toBe(1)
    expect(
      store.run('INSERT INTO item (id, name) VALUES (:id, :name)', Object.freeze({ id: 8, name: 'eight' })),
    ).toBe(1)
    expect(store.all('SELECT id, name FROM item ORDER BY id', [], item)).toEqual([
      { id: 7, name: 'seven' },
      { id: 8, name: 'eight' },
    ])
    expect(store.run('DELETE FROM item')).toBe(2)
    expect(store.run('DELETE FROM item')).toBe(0)
  })

  it('prepares a statement once, and lets go of all when there are five hundred', async () => {
    let prepared = 0
    const database = (await loadSqlite()).open(join(makeTempDir(), 'a.sqlite'))
    onTestFinished(() => database.close())
    const counting = {
      ...database,
      prepare(sql: string) {
        prepared++
        return database.prepare(sql)
      },
    }
    const store = createStore(counting, 'a.sqlite', 3)
    const ask = (n: number) => store.get(`SELECT ${n} AS n`, [], z.object({ n: z.literal(n) }))
    for (let turn = 0; turn < 3; turn++) for (let n = 0; n < 500; n++) ask(n)
    expect(prepared).toBe(500)
    ask(500)
    ask(500)
    expect(prepared).toBe(501)
    ask(0)
    expect(prepared).toBe(502)
    expect(store.schemaVersion).toBe(3)
  })

  it('tells a doubled row from other mistakes', async () => {
    const { add } = await openTestStore()
    add('bed')
    const doubled = catchFrom(() => add('bed'))
    expect(isGantryError(doubled, 'store.conflict')).toBe(true)
  })

  it('keeps foreign keys', async () => {
    const { store } = await openTestStore()
    expect(() => store.run('INSERT INTO shelf (item_id) VALUES (99)')).toThrow(/FOREIGN KEY/)
  })

  it('says that the disk is full, keeps what was there, and goes on when there is room again', async () => {
    const { store, add, count } = await openTestStore()
    add('before')
    // SQLite's own limit ends in the same result code as a full disk.
    store.get('PRAGMA max_page_count = 1', [], z.unknown())
    const full = catchFrom(() =>
      store.transaction(() => {
        for (let turn = 0; turn < 500; turn++) add(`${turn} ${'x'.repeat(500)}`)
      }),
    )
    expect(isGantryError(full, 'data.full')).toBe(true)
    expect(count()).toBe(1)
    store.get('PRAGMA max_page_count = 100000', [], z.unknown())
    expect(add('after')).toBe(1)
  })
})

import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { isGantryError } from '../../../src/main/contract/error.ts'
import { openStore } from '../../../src/main/store/index.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { createLogRecorder } from '../../fakes/log.ts'
import { firstSteps } from '../../fakes/migrations.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'

const item = z.object({ id: z.number(), name: z.string() })

async function openTestStore() {
  const { store } = await openStore({
    file: join(makeTempDir(), 'gantry.sqlite'),
    clock: createFakeClock(),
    log: createLogRecorder().log,
    migrations: firstSteps,
  })
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
    expect(() =>
      store.transaction(async () => {
        add('late')
      }),
    ).toThrow(/must not wait/)
    expect(count()).toBe(0)
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

function catchFrom(work: () => unknown): unknown {
  try {
    work()
  } catch (thrown) {
    return thrown
  }
  return undefined
}

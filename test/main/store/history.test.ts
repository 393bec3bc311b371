import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { migrations } from '../../../src/main/store/index.ts'
import { latestVersion, type Migration } from '../../../src/main/store/migrate.ts'
import {
  contentAt,
  contentFrom,
  contentOf,
  inOrder,
  migrateFrom,
  missingRows,
  withEmptyTables,
} from './history.ts'
import { history } from './history-rows.ts'

const row = z.unknown()
const next = latestVersion(migrations) + 1
const step = (up: Migration['up']): readonly Migration[] => [
  ...migrations,
  { version: next, name: 'the next step', up },
]

/** A new `printer` without what it was told, as somebody makes who forgets a column. */
const forgetful = step(sql => {
  sql('CREATE TABLE printer_new (id TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT')
  sql('INSERT INTO printer_new SELECT id, name FROM printer')
  sql('DROP TABLE printer')
  sql('ALTER TABLE printer_new RENAME TO printer')
})

describe('rows of every version', () => {
  it('are written down in test/main/store/history-rows.ts, a value for each column', async () => {
    expect(await missingRows(migrations, history)).toEqual([])
  })

  it.each(migrations.map(({ version }) => version))(
    'of version %i are there after all the steps that follow, and mean the same',
    async version => {
      const { store, kept, recovery } = await migrateFrom(version, migrations, history)
      expect(kept).toEqual(inOrder(contentAt(history, version)))
      expect(contentOf(store)).toEqual(inOrder(withEmptyTables(contentFrom(history, version), store)))
      expect(store.all('PRAGMA foreign_key_check', [], row)).toEqual([])
      expect(store.schemaVersion).toBe(latestVersion(migrations))
      expect(recovery).toBeUndefined()
    },
  )

  it('go with the rows they belong to, after every step', async () => {
    const { store } = await migrateFrom(2, migrations, history)
    store.run(`DELETE FROM client WHERE id = 'c-app'`)
    expect(contentOf(store)).toMatchObject({
      client: [{ id: 'c-window' }],
      client_scope: [{ client_id: 'c-window' }],
      client_use: [],
    })
  })
})

describe('the harness of the history', () => {
  it('misses an entry for a step, a row for a table, a value for a column, and an empty one', async () => {
    const future = step(sql => {
      sql('CREATE TABLE job (id TEXT PRIMARY KEY) STRICT')
      sql('ALTER TABLE notice ADD COLUMN place INTEGER')
      sql(`ALTER TABLE setting ADD COLUMN by TEXT`)
    })
    const version = `version ${next}`
    expect(await missingRows(future, history)).toEqual([
      `${version} has no entry`,
      `${version}: “setting.by” is empty in every row`,
      `${version}: “notice.place” is empty in every row`,
      `${version}: the table “job” has no row`,
    ])
    const notice = { id: 'a', severity: 'error', sentence: 's', params: '{}', since_at: 1, place: 7 }
    const setting = { name: 'a', value: '1', changed_at: 1, by: 'me' }
    const told = {
      version: next,
      rows: { job: [{ id: 'a' }], notice: [notice], setting: [setting, { ...setting, by: null }] },
    }
    expect(await missingRows(future, [...history, told])).toEqual([
      `${version}: “notice.place” is empty in no row`,
    ])
  })

  it('sees what a step forgot', async () => {
    const { store } = await migrateFrom(next - 1, forgetful, history)
    expect(contentOf(store)).not.toEqual(inOrder(withEmptyTables(contentFrom(history, next - 1), store)))
    expect(contentOf(store)).toMatchObject({ printer: [{ id: 'p-network' }, { id: 'p-usb' }] })
  })
})

import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { latestVersion, type Migration, migrate, readSchemaVersion } from '../../../src/main/store/migrate.ts'
import { loadSqlite, type SqliteDatabase } from '../../../src/main/store/sqlite.ts'
import { catchFrom } from '../../fakes/catch-from.ts'
import { firstSteps } from '../../fakes/migrations.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'

/** Two items and their three shelves. */
async function setUp() {
  const file = join(makeTempDir(), 'gantry.sqlite')
  const sqlite = await loadSqlite()
  const database = sqlite.open(file)
  onTestFinished(() => database.close())
  const all = (sql: string) =>
    database
      .prepare(sql)
      .all()
      .map(row => ({ ...(row as object) }))
  const steps: number[] = []
  const run = (migrations: readonly Migration[], on = database) =>
    migrate(on, file, migrations, ({ version }) => steps.push(version))
  run(firstSteps)
  database.exec(
    `INSERT INTO item VALUES (1, 'bed'), (2, 'belt'); INSERT INTO shelf VALUES (1, 1), (2, 1), (3, 2)`,
  )
  return { database, run, all, steps }
}

const step = (version: number, up: Migration['up'], name = `step ${version}`): Migration => ({
  version,
  name,
  up,
})

/** As SQLite's own recipe says (sqlite.org/lang_altertable.html 7). */
const rebuild = step(3, sql => {
  sql('CREATE TABLE item_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, weight_g REAL) STRICT')
  sql('INSERT INTO item_new SELECT id, name, NULL FROM item')
  sql('DROP TABLE item')
  sql('ALTER TABLE item_new RENAME TO item')
})

/** The same database, except that what it is asked to do can go wrong. */
function failingAt(database: SqliteDatabase, sql: string, thrown: unknown): SqliteDatabase {
  return {
    ...database,
    exec(text) {
      if (text === sql) throw thrown
      database.exec(text)
    },
  }
}

describe('bringing the schema up to date', () => {
  it('makes a table anew that others point to, and their rows stay', async () => {
    const { database, run, all } = await setUp()
    run([...firstSteps, rebuild])
    expect(all('SELECT * FROM item')).toEqual([
      { id: 1, name: 'bed', weight_g: null },
      { id: 2, name: 'belt', weight_g: null },
    ])
    expect(all('SELECT * FROM shelf')).toEqual([
      { id: 1, item_id: 1 },
      { id: 2, item_id: 1 },
      { id: 3, item_id: 2 },
    ])
    expect(readSchemaVersion(database)).toBe(3)
  })

  it('keeps foreign keys again afterwards, to the table made anew', async () => {
    const { database, run } = await setUp()
    run([...firstSteps, rebuild])
    expect(database.ask('foreign_keys')).toBe(1)
    expect(() => database.exec('INSERT INTO shelf VALUES (4, 99)')).toThrow(/FOREIGN KEY/)
    database.exec('INSERT INTO shelf VALUES (4, 2)')
  })

  it('refuses a step that leaves rows pointing nowhere, says which, and changes nothing', async () => {
    const { database, run, all } = await setUp()
    const orphaning = step(3, sql => sql('DELETE FROM item WHERE id = 1'), 'tidy up')
    expect(catchFrom(() => run([...firstSteps, orphaning]))).toMatchObject({
      code: 'store.migration',
      message:
        'Bringing the database up to date failed at step 3 (tidy up): rows of shelf (to item) would point to rows that are not there. Nothing was changed. Go back to the Gantry you had and report this.',
      details: { version: 3, name: 'tidy up' },
    })
    expect(all('SELECT id FROM item')).toHaveLength(2)
    expect(readSchemaVersion(database)).toBe(2)
    expect(database.ask('foreign_keys')).toBe(1)
  })

  it('takes all steps or none, so that the Gantry of before can go on', async () => {
    const { database, run, all, steps } = await setUp()
    steps.length = 0
    const broken = step(4, sql => sql('ALTER TABLE nowhere ADD COLUMN x TEXT'), 'broken')
    expect(catchFrom(() => run([...firstSteps, rebuild, broken]))).toMatchObject({
      code: 'store.migration',
      message: expect.stringContaining(
        'failed at step 4 (broken): no such table: nowhere. Nothing was changed.',
      ),
      details: { version: 4, name: 'broken' },
    })
    expect(readSchemaVersion(database)).toBe(2)
    expect(all('SELECT * FROM item LIMIT 1')).toEqual([{ id: 1, name: 'bed' }])
    expect(database.ask('foreign_keys')).toBe(1)
    expect(steps).toEqual([])
  })

  it('takes the steps in the order of their numbers, each once, and tells of each', async () => {
    const { run, steps } = await setUp()
    const order: number[] = []
    const list = [5, 3, 4].map(version => step(version, () => void order.push(version)))
    run([...list, ...firstSteps])
    run([...list, ...firstSteps])
    expect(order).toEqual([3, 4, 5])
    expect(steps).toEqual([1, 2, 3, 4, 5])
    expect(latestVersion(list)).toBe(5)
    expect(latestVersion([])).toBe(0)
  })

  it('does nothing at all when nothing is missing', async () => {
    const { database, run } = await setUp()
    run(firstSteps, failingAt(database, 'PRAGMA foreign_keys = OFF', new Error('asked for nothing')))
  })

  it.each([
    [13, 'data.full'],
    [10, 'data.unwritable'],
    [11, 'store.damaged'],
  ])('tells a disk in trouble (result %i of SQLite) from a step that is wrong', async (errcode, code) => {
    const { database, run } = await setUp()
    const thrown = Object.assign(new Error('no'), { errcode })
    const troubled = step(3, () => {
      throw thrown
    })
    expect(catchFrom(() => run([...firstSteps, troubled]))).toMatchObject({ code })
    expect(
      catchFrom(() => run([...firstSteps, rebuild], failingAt(database, 'COMMIT', thrown))),
    ).toMatchObject({ code })
    expect(readSchemaVersion(database)).toBe(2)
    expect(database.ask('foreign_keys')).toBe(1)
    run([...firstSteps, rebuild])
  })

  it('says what was thrown even if it is no error', async () => {
    const { run } = await setUp()
    const odd = step(3, () => {
      throw 'a word'
    })
    expect(catchFrom(() => run([...firstSteps, odd]))).toMatchObject({
      message: expect.stringContaining('step 3 (step 3): a word.'),
    })
  })
})

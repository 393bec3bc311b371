import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import type { Migration } from '../../../src/main/store/migrate.ts'
import { openStore } from '../../../src/main/store/open-store.ts'
import { loadSqlite } from '../../../src/main/store/sqlite.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { createDiskWith } from '../../fakes/disk.ts'
import { createLogRecorder } from '../../fakes/log.ts'
import { firstSteps } from '../../fakes/migrations.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'
import { buildProgram, runProgram } from '../../fakes/typescript-child.ts'

const names = z.object({ name: z.string() })
const third: Migration = {
  version: 3,
  name: 'colour',
  up: sql => sql('ALTER TABLE item ADD COLUMN colour TEXT'),
}

function setUp() {
  const dir = makeTempDir()
  const file = join(dir, 'gantry.sqlite')
  const clock = createFakeClock()
  const { log, lines } = createLogRecorder()
  const open = async (migrations: readonly Migration[] = firstSteps) => {
    const opened = await openStore({ file, clock, log, migrations })
    onTestFinished(opened.close)
    const add = (name: string) => opened.store.run('INSERT INTO item (name) VALUES (?)', [name])
    const items = () =>
      opened.store.all('SELECT name FROM item ORDER BY id', [], names).map(({ name }) => name)
    return { ...opened, add, items }
  }
  const backups = () => readdirSync(join(dir, 'backups')).sort()
  return { dir, file, clock, lines, open, backups }
}

describe('opening the store', () => {
  it('migrates from nothing and finds its rows again', async () => {
    const { open } = setUp()
    const first = await open()
    expect(first.store.schemaVersion).toBe(2)
    first.add('hotend')
    await first.close()
    const second = await open()
    expect(second.items()).toEqual(['hotend'])
    expect(second.recovery).toBeUndefined()
  })

  it('backs up before it migrates, and keeps the last three of those', async () => {
    const { open, backups, clock } = setUp()
    await (await open()).close()
    const steps = [...firstSteps]
    for (let version = 3; version <= 7; version++) {
      steps.push({ version, name: `step ${version}`, up: sql => sql(`CREATE TABLE t${version} (x INTEGER)`) })
      await clock.advance(1_000)
      await (await open(steps)).close()
    }
    expect(backups().filter(name => name.endsWith('-migration.sqlite'))).toHaveLength(3)
    expect(backups().filter(name => name.endsWith('.draft'))).toEqual([])
  })

  it('leaves everything as it was when a step fails, and names the step', async () => {
    const { open } = setUp()
    const before = await open()
    before.add('belt')
    await before.close()
    const broken: Migration = {
      version: 3,
      name: 'broken',
      up(sql) {
        sql('DELETE FROM item')
        sql('ALTER TABLE nowhere ADD COLUMN x TEXT')
      },
    }
    await expect(open([...firstSteps, broken])).rejects.toMatchObject({
      code: 'store.migration',
      details: { version: 3, name: 'broken' },
    })
    const after = await open()
    expect(after.items()).toEqual(['belt'])
    expect(after.store.schemaVersion).toBe(2)
  })

  it('refuses a database from a newer Gantry and touches nothing', async () => {
    const { open, file, dir } = setUp()
    const newer = await open([...firstSteps, third])
    newer.add('nozzle')
    await newer.close()
    const bytes = readFileSync(file)
    const listing = readdirSync(dir).sort()
    await expect(open()).rejects.toMatchObject({
      code: 'store.future',
      message: expect.stringContaining('newer Gantry (schema 3, this one knows 2)'),
    })
    expect(readFileSync(file).equals(bytes)).toBe(true)
    expect(readdirSync(dir).sort()).toEqual(listing)
  })

  it('tells the log which steps it took, and where the database of before lies', async () => {
    const { open, dir, clock, lines } = setUp()
    await (await open()).close()
    expect(lines.splice(0)).toEqual([
      { level: 'info', sentence: 'database migrated', fields: { version: 1, name: 'items' } },
      { level: 'info', sentence: 'database migrated', fields: { version: 2, name: 'shelves' } },
    ])
    await (await open([...firstSteps, third])).close()
    const backup = join(dir, 'backups', `gantry-000001-${clock.now()}-migration.sqlite`)
    expect(lines).toEqual([
      { level: 'info', sentence: 'database backed up before migrating', fields: { backup, version: 2 } },
      { level: 'info', sentence: 'database migrated', fields: { version: 3, name: 'colour' } },
    ])
  })

  it('says what is a mistake of Gantry as it is', async () => {
    const { open, file, clock } = setUp()
    await (await open()).close()
    const mistake = new TypeError('a mistake')
    const disk = createDiskWith((verb, path) => {
      if (verb === 'makeFolder' && path.endsWith('backups')) throw mistake
    })
    const { log } = createLogRecorder()
    const options = { file, clock, log, migrations: [...firstSteps, third] }
    await expect(openStore(options, { loadSqlite, disk })).rejects.toBe(mistake)
  })

  it('does not migrate what it could not back up, and says what to do', async () => {
    const { open, dir, file } = setUp()
    const before = await open()
    before.add('belt')
    await before.close()
    writeFileSync(join(dir, 'backups'), 'in the way')
    await expect(open([...firstSteps, third])).rejects.toMatchObject({
      code: 'data.unwritable',
      message: `The database was not brought up to date, as it could not be backed up before: ${join(dir, 'backups')} cannot be read or written. Check the folder and the disk.`,
      details: { file: join(dir, 'backups') },
    })
    rmSync(join(dir, 'backups'))
    const database = (await loadSqlite()).open(file)
    database.exec('PRAGMA foreign_keys = OFF; INSERT INTO shelf (item_id) VALUES (99)')
    database.close()
    await expect(open([...firstSteps, third])).rejects.toMatchObject({
      code: 'store.damaged',
      message: expect.stringMatching(
        /^The database was not brought up to date.*foreign keys of shelf \(to item\)/,
      ),
    })
    const after = await open()
    expect([after.items(), after.store.schemaVersion]).toEqual([['belt'], 2])
  })

  it('takes the daily backup itself where there is no program for it', async () => {
    const { open, clock, backups, lines } = setUp()
    const { add } = await open()
    add('bed')
    await clock.advance(60_000)
    expect(backups()).toEqual([`gantry-000001-${clock.now()}-daily.sqlite`])
    expect(lines.at(-1)).toMatchObject({ level: 'debug', sentence: 'database backed up' })
  })

  it('closes the file itself, so that nothing of it is left beside the database', async () => {
    const { open, dir } = setUp()
    const { add, items, close } = await open()
    add('bed')
    items()
    await close()
    expect(readdirSync(dir)).toEqual(['gantry.sqlite'])
  })

  it('keeps the database from every other person of the machine', async () => {
    const { open, file } = setUp()
    const { add } = await open()
    add('bed')
    expect([file, `${file}-wal`].map(part => statSync(part).mode & 0o777)).toEqual([0o600, 0o600])
  })

  it('closes in peace while another program looks at the database', async () => {
    const { open, lines } = setUp()
    const ours = await open()
    const theirs = await open()
    theirs.items()
    await ours.close()
    expect(lines.at(-1)).toEqual({
      level: 'warn',
      sentence: 'database stays in several files, as somebody else reads it',
      fields: { cause: expect.any(Error) },
    })
    expect(theirs.items()).toEqual([])
  })

  it('leaves no timer behind when it closes', async () => {
    const { open, clock } = setUp()
    const { close } = await open()
    await close()
    expect(clock.waiting()).toEqual([])
    await close()
  })

  it('says so when the database cannot be opened at all', async () => {
    const { open, file } = setUp()
    mkdirSync(file)
    await expect(open()).rejects.toMatchObject({ code: 'data.unwritable' })
  })
})

describe('a Gantry killed during a migration', async () => {
  const program = await buildProgram('test/fakes/programs/slow-migration.ts')

  it('finds the database as it was before that step, and can take the step then', async () => {
    const { open, file, backups } = setUp()
    const before = await open()
    before.add('filament')
    await before.close()

    const { child, nextLine, exit } = runProgram(program, [file])
    expect(await nextLine()).toBe('in the middle')
    child.kill('SIGKILL')
    await exit()

    const after = await open([...firstSteps, third])
    expect(after.recovery).toBeUndefined()
    expect(after.items()).toEqual(['filament'])
    expect(after.store.schemaVersion).toBe(3)
    expect(after.store.run('DELETE FROM shelf')).toBe(0)
    expect(backups().some(name => name.endsWith('-migration.sqlite'))).toBe(true)
  })
})

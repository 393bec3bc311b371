import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createBackups } from '../../../src/main/store/backups.ts'
import { type Disk, nodeDisk } from '../../../src/main/store/disk.ts'
import { migrate } from '../../../src/main/store/migrate.ts'
import { loadSqlite, type Sqlite, type SqliteDatabase } from '../../../src/main/store/sqlite.ts'
import { catchFrom } from '../../fakes/catch-from.ts'
import { damage } from '../../fakes/damage.ts'
import { createDiskWith, createMortalDisk, createRecordingDisk } from '../../fakes/disk.ts'
import { firstSteps } from '../../fakes/migrations.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'

/** An open database with one item more each time, in a folder whose name SQL has to quote. */
async function setUp() {
  const home = join(makeTempDir(), "Jürgen's data")
  mkdirSync(home)
  const [from, dir] = [join(home, 'gantry.sqlite'), join(home, 'backups')]
  const sqlite = await loadSqlite()
  const database = sqlite.open(from)
  onTestFinished(() => database.close())
  database.exec('PRAGMA journal_mode = WAL')
  migrate(database, from, firstSteps, () => undefined)
  let items = 0
  let now = 1_893_456_000_000
  const backups = (disk: Disk = nodeDisk, kind: Sqlite = sqlite) => createBackups(dir, { sqlite: kind, disk })
  const take = (
    reason: 'daily' | 'migration' = 'daily',
    { disk = nodeDisk, kind = sqlite, version = 2 } = {},
  ) => {
    database.exec(`INSERT INTO item (name) VALUES ('item ${++items}')`)
    return backups(disk, kind).take({ from, version, reason, takenAt: ++now })
  }
  const names = () => readdirSync(dir).sort()
  return { from, dir, sqlite, database, backups, take, names, setClock: (at: number) => (now = at) }
}

function ask(sqlite: Sqlite, file: string, sql: string): unknown {
  const database = sqlite.open(file)
  try {
    return Object.values(database.prepare(sql).get() as object)[0]
  } finally {
    database.close()
  }
}

/** SQLite that does one thing more right after it made a copy. */
function sqliteThat(sqlite: Sqlite, afterCopy: (draft: string) => void): Sqlite {
  return {
    open(file, busyTimeoutMs) {
      const database = sqlite.open(file, busyTimeoutMs)
      const exec = (sql: string) => {
        database.exec(sql)
        const [, draft] = /^VACUUM INTO '(.*)'$/.exec(sql) ?? []
        if (draft !== undefined) afterCopy(draft.replaceAll("''", "'"))
      }
      return { ...database, exec }
    },
  }
}

function failingWith(code: string, verb: keyof Disk, on = ''): Disk {
  return createDiskWith((called, path) => {
    if (called === verb && path.endsWith(on)) throw Object.assign(new Error('no'), { code })
  })
}

describe('a backup', () => {
  it('is the whole database in one file that is its owner’s alone, and says when it was taken and why', async () => {
    const { take, dir, sqlite, backups, names } = await setUp()
    const backup = take('daily')
    expect(backup).toEqual({
      file: join(dir, 'gantry-000001-1893456000001-daily.sqlite'),
      reason: 'daily',
      takenAt: 1_893_456_000_001,
      turn: 1,
    })
    expect(names()).toEqual(['gantry-000001-1893456000001-daily.sqlite'])
    expect(backups().list()).toEqual([backup])
    expect(statSync(backup.file).mode & 0o777).toBe(0o600)
    expect(statSync(dir).mode & 0o777).toBe(0o700)
    expect(ask(sqlite, backup.file, 'SELECT name FROM item')).toBe('item 1')
    expect(ask(sqlite, backup.file, 'PRAGMA user_version')).toBe(2)
    expect(ask(sqlite, backup.file, 'PRAGMA journal_mode')).toBe('delete')
  })

  it('has its name only once it is on the medium, and an older one goes only after that', async () => {
    const { take, dir } = await setUp()
    for (let turn = 1; turn <= 3; turn++) take()
    const { disk, changes } = createRecordingDisk()
    const { file } = take('daily', { disk })
    const name = file.slice(dir.length + 1)
    expect(changes).toEqual([
      'makeFolder backups',
      `remove ${name}.draft`,
      `syncFile ${name}.draft`,
      `rename ${name}.draft ${name}`,
      'syncFolder backups',
      'remove gantry-000001-1893456000001-daily.sqlite',
    ])
  })

  it('pushes out the oldest of its own reason: three of each stay', async () => {
    const { take, names, backups } = await setUp()
    for (let turn = 1; turn <= 5; turn++) {
      take('daily')
      take('migration')
    }
    expect(names().map(name => name.slice(7, 13))).toEqual(
      [5, 6, 7, 8, 9, 10].map(turn => `${turn}`.padStart(6, '0')),
    )
    expect(
      backups()
        .list()
        .map(({ reason }) => reason),
    ).toEqual(['migration', 'daily', 'migration', 'daily', 'migration', 'daily'])
  })

  it('is newer than all before it even if the clock was set back, and those of old names are older than all', async () => {
    const { take, backups, setClock, dir } = await setUp()
    mkdirSync(dir)
    for (const at of ['4102444800000', '0000000000007']) {
      writeFileSync(join(dir, `gantry-${at}-daily.sqlite`), '')
    }
    setClock(2_000_000_000_000)
    take()
    setClock(1_000)
    take()
    expect(
      backups()
        .list()
        .map(({ turn, takenAt }) => [turn, takenAt]),
    ).toEqual([
      [2, 1_001],
      [1, 2_000_000_000_001],
      [0, 4_102_444_800_000],
    ])
    setClock(500)
    take()
    expect(
      backups()
        .list()
        .map(({ turn }) => turn),
    ).toEqual([3, 2, 1])
  })

  it('leaves files that are none of its own where they are', async () => {
    const { take, dir, names, backups } = await setUp()
    mkdirSync(dir)
    const strangers = [
      'gantry-000001-1893456000001-weekly.sqlite',
      'gantry-000001-1893456000001-daily.sqlite.bak',
      'my gantry-000001-1893456000001-daily.sqlite',
      'notes.sqlite.draft',
      'my gantry-000001-1893456000001-daily.sqlite.draft',
      'gantry-1893456000001-daily.sqlite.zip',
    ]
    for (const name of strangers) writeFileSync(join(dir, name), '')
    for (let turn = 1; turn <= 4; turn++) take()
    backups().sweep()
    expect(names()).toEqual(expect.arrayContaining(strangers))
    expect(backups().list()).toHaveLength(3)
  })

  it('is taken while others write, and holds what was committed when it began', async () => {
    const { take, database, sqlite, from } = await setUp()
    database.exec(`BEGIN IMMEDIATE; INSERT INTO item (name) VALUES ('not yet')`)
    const { file } = take()
    database.exec('COMMIT')
    expect(ask(sqlite, from, `SELECT count(*) FROM item WHERE name = 'not yet'`)).toBe(1)
    expect(ask(sqlite, file, `SELECT count(*) FROM item WHERE name = 'not yet'`)).toBe(0)
  })
})

describe('a copy that went wrong', () => {
  it.each([
    ['is damaged', damage, /disk image is malformed/],
    ['is no database', (draft: string) => writeFileSync(draft, 'x'.repeat(8_192)), /not a database/],
    [
      'points nowhere',
      (draft: string, sqlite: Sqlite) =>
        change(sqlite, draft, 'PRAGMA foreign_keys = OFF; INSERT INTO shelf (item_id) VALUES (99)'),
      /foreign keys of shelf \(to item\)/,
    ],
    [
      'has a page of another file',
      (draft: string) => writeFileSync(draft, readFileSync(draft).fill(0xa5, 8_192, 12_288)),
      /Tree \d+ page 3/,
    ],
    [
      'has another schema',
      (draft: string, sqlite: Sqlite) => change(sqlite, draft, 'PRAGMA user_version = 1'),
      /schema 1 instead of 2/,
    ],
  ])('as it %s is thrown away, and the older ones stay', async (_what, harm, sentence) => {
    const { take, names, sqlite, dir } = await setUp()
    for (let turn = 1; turn <= 3; turn++) take()
    const before = names()
    const kind = sqliteThat(sqlite, draft => harm(draft, sqlite))
    const thrown = catchFrom(() => take('daily', { kind }))
    expect(thrown).toMatchObject({
      code: 'store.damaged',
      message: expect.stringMatching(sentence),
      details: { file: join(dir, 'gantry-000004-1893456000004-daily.sqlite') },
    })
    expect(thrown).toMatchObject({
      message: expect.stringMatching(
        /^A copy of the database did not pass its check \(.*\) and was thrown away\. Older backups stay as they are\.$/s,
      ),
    })
    expect(names()).toEqual(before)
  })

  it.each([
    ['makeFolder', 'EACCES', 'data.unwritable'],
    ['syncFile', 'EIO', 'data.unwritable'],
    ['rename', 'ENOSPC', 'data.full'],
  ] as const)(
    'at %s (%s) is told as %s of that folder, and the older ones stay',
    async (verb, errno, code) => {
      const { take, names, dir } = await setUp()
      for (let turn = 1; turn <= 3; turn++) take()
      const before = names()
      expect(catchFrom(() => take('daily', { disk: failingWith(errno, verb) }))).toMatchObject({
        code,
        details: { file: dir },
      })
      expect(names()).toEqual(before)
    },
  )

  it('on a disk that is full in the middle of it leaves no half of it behind', async () => {
    const { take, names, sqlite, dir } = await setUp()
    take()
    const before = names()
    const kind = sqliteThat(sqlite, draft => {
      writeFileSync(draft, readFileSync(draft).subarray(0, 5_000))
      writeFileSync(`${draft}-journal`, 'of SQLite')
      throw Object.assign(new Error('database or disk is full'), { errcode: 13 })
    })
    expect(catchFrom(() => take('daily', { kind }))).toMatchObject({
      code: 'data.full',
      details: { file: dir },
    })
    expect(names()).toEqual(before)
  })

  it('tells a damaged database as such, not the folder of backups', async () => {
    const { take, from, sqlite } = await setUp()
    const kind = sqliteThat(sqlite, () => {
      throw Object.assign(new Error('database disk image is malformed'), { errcode: 11 })
    })
    expect(catchFrom(() => take('daily', { kind }))).toMatchObject({
      code: 'store.damaged',
      details: { file: from },
    })
  })

  it('that could not be read back is told as a disk in trouble', async () => {
    const { take, names, sqlite, dir } = await setUp()
    take()
    const before = names()
    const kind: Sqlite = {
      open(file, busyTimeoutMs) {
        if (file.endsWith('.draft')) throw Object.assign(new Error('disk I/O error'), { errcode: 10 })
        return sqlite.open(file, busyTimeoutMs)
      },
    }
    expect(catchFrom(() => take('daily', { kind }))).toMatchObject({
      code: 'data.unwritable',
      details: { file: dir },
    })
    expect(names()).toEqual(before)
  })

  it('where a file stands in the place of the folder says so', async () => {
    const { take, dir } = await setUp()
    writeFileSync(dir, 'in the way')
    expect(catchFrom(() => take())).toMatchObject({ code: 'data.unwritable', details: { file: dir } })
    expect(readFileSync(dir, 'utf8')).toBe('in the way')
  })

  it('is not one where only an older one cannot be removed, which the next backup tries again', async () => {
    const { take, names } = await setUp()
    for (let turn = 1; turn <= 3; turn++) take()
    const disk = failingWith('EBUSY', 'remove', '-daily.sqlite')
    take('daily', { disk })
    expect(names()).toHaveLength(4)
    take()
    expect(names()).toHaveLength(3)
  })

  it('tells why, even if its half cannot be removed', async () => {
    const { take } = await setUp()
    let hasFailed = false
    const disk = createDiskWith(verb => {
      if (verb === 'syncFile') hasFailed = true
      if (verb === 'syncFile') throw Object.assign(new Error('no'), { code: 'ENOSPC' })
      if (verb === 'remove' && hasFailed) throw Object.assign(new Error('no'), { code: 'EBUSY' })
    })
    expect(catchFrom(() => take('daily', { disk }))).toMatchObject({ code: 'data.full' })
  })
})

describe('a backup cut short', () => {
  it('anywhere leaves every older one good, and what is left of it goes with the next start', async () => {
    for (let changesToLive = 0; ; changesToLive++) {
      const { take, names, backups, sqlite, dir } = await setUp()
      for (let turn = 1; turn <= 3; turn++) take()
      const before = names()
      const mortal = createMortalDisk(changesToLive)
      catchFrom(() => take('daily', { disk: mortal.disk }))
      if (!mortal.isDead()) break
      mortal.losePower({ names: true })
      backups().sweep()
      const after = names()
      expect(after.filter(name => before.includes(name)).length).toBeGreaterThanOrEqual(
        after.length > before.length ? 3 : before.length,
      )
      for (const name of after) expect(ask(sqlite, join(dir, name), 'PRAGMA quick_check')).toBe('ok')
      expect(after.filter(name => name.includes('draft'))).toEqual([])
      expect(changesToLive).toBeLessThan(10)
    }
  })

  it('is swept away with the journal SQLite had beside it', async () => {
    const { dir, backups, names } = await setUp()
    mkdirSync(dir)
    for (const name of [
      'gantry-000001-1893456000001-daily.sqlite.draft',
      'gantry-000001-1893456000001-daily.sqlite.draft-journal',
      'gantry-1893456000001-migration.sqlite.draft',
    ]) {
      writeFileSync(join(dir, name), '')
    }
    backups().sweep()
    expect(names()).toEqual([])
  })

  it('never keeps a start from going on: not where it cannot be removed, nor where there is no folder to look into', async () => {
    const { dir, backups } = await setUp()
    backups().sweep()
    mkdirSync(dir)
    const draft = join(dir, 'gantry-000001-1893456000001-daily.sqlite.draft')
    writeFileSync(draft, '')
    backups(failingWith('EBUSY', 'remove')).sweep()
    backups(failingWith('EACCES', 'list')).sweep()
    expect(existsSync(draft)).toBe(true)
  })

  it('is told apart from a folder that cannot be read: then nobody knows what backups there are', async () => {
    const { backups } = await setUp()
    expect(backups().list()).toEqual([])
    expect(() => backups(failingWith('EACCES', 'list')).list()).toThrow('no')
  })
})

function change(sqlite: Sqlite, file: string, sql: string): void {
  const database: SqliteDatabase = sqlite.open(file)
  database.exec(sql)
  database.close()
}

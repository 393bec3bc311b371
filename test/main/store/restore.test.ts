import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { type Disk, nodeDisk } from '../../../src/main/store/disk.ts'
import { type OpenedStore, openStore } from '../../../src/main/store/open-store.ts'
import { loadSqlite, type Sqlite } from '../../../src/main/store/sqlite.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { damage } from '../../fakes/damage.ts'
import { createDiskWith, createMortalDisk, createRecordingDisk } from '../../fakes/disk.ts'
import { createLogRecorder } from '../../fakes/log.ts'
import { firstSteps } from '../../fakes/migrations.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'

const minuteMs = 60_000
const names = z.object({ name: z.string() })
const clock = createFakeClock()

function room(dir: string) {
  const file = join(dir, 'gantry.sqlite')
  const { log, lines } = createLogRecorder()
  const openOnce = (disk: Disk, load: typeof loadSqlite) =>
    openStore({ file, clock, log, migrations: firstSteps }, { loadSqlite: load, disk })
  const open = async (disk: Disk = nodeDisk, load = loadSqlite) => {
    const opened = await openOnce(disk, load)
    onTestFinished(opened.close)
    return opened
  }
  /** From start to end, as far as it gets. */
  const run = async (disk: Disk, load: typeof loadSqlite) => {
    const opened = await openOnce(disk, load)
    await opened.close()
  }
  const listing = () => readdirSync(dir).sort()
  return { dir, file, open, run, lines, listing }
}

const add = ({ store }: OpenedStore, name: string) => store.run('INSERT INTO item (name) VALUES (?)', [name])
const items = ({ store }: OpenedStore) =>
  store.all('SELECT name FROM item ORDER BY id', [], names).map(({ name }) => name)

/** One backup with `kept` in it, and a damaged database. */
async function damaged({ hasBackup } = { hasBackup: true }) {
  const here = room(makeTempDir())
  const first = await here.open()
  add(first, 'kept')
  const backupAt = clock.now() + minuteMs
  if (hasBackup) await clock.advance(minuteMs)
  add(first, 'lost')
  await first.close()
  damage(here.file)
  return { ...here, backupAt, bytes: readFileSync(here.file) }
}

/**
 * SQLite takes a log away when it closes the database, unless another program has that open. It writes nothing through,
 * as its own power never fails.
 */
function sqliteThatLeaves(log: string, file: string, damagedBytes: Buffer) {
  const leave = () => {
    if (!existsSync(file) || !readFileSync(file).equals(damagedBytes)) return
    for (const part of ['-wal', '-shm']) writeFileSync(file + part, log)
  }
  return async (): Promise<Sqlite> => {
    const sqlite = await loadSqlite()
    return {
      open(path, busyTimeoutMs) {
        try {
          const database = sqlite.open(path, busyTimeoutMs)
          database.exec('PRAGMA synchronous = OFF')
          return database
        } finally {
          // What is damaged is closed before this is over.
          leave()
        }
      },
    }
  }
}

describe('a damaged database', () => {
  it('goes aside with its log, the last good backup takes its place, and the person is told', async () => {
    const { open, file, backupAt, bytes, lines, listing } = await damaged()
    const opened = await open(nodeDisk, sqliteThatLeaves('a log', file, bytes))
    const asideFile = `${file}.damaged-${clock.now()}`
    expect(items(opened)).toEqual(['kept'])
    expect(opened.recovery).toEqual({ asideFile, backupAt })
    expect(readFileSync(asideFile).equals(bytes)).toBe(true)
    expect(lines).toContainEqual({
      level: 'error',
      sentence: 'damaged database put aside',
      fields: { asideFile, backupAt },
    })
    add(opened, 'goes on')
    await opened.close()
    const aside = `gantry.sqlite.damaged-${clock.now()}`
    expect(listing()).toEqual(['backups', 'gantry.sqlite', aside, `${aside}-shm`, `${aside}-wal`])
    expect((await open()).recovery).toBeUndefined()
  })

  it('is followed by an empty one where there is no good backup, and the person is told that', async () => {
    const { open, file, bytes, listing } = await damaged({ hasBackup: false })
    const opened = await open()
    const asideFile = `${file}.damaged-${clock.now()}`
    expect(opened.recovery).toEqual({ asideFile, backupAt: undefined })
    expect(items(opened)).toEqual([])
    expect(readFileSync(asideFile).equals(bytes)).toBe(true)
    await opened.close()
    expect(listing()).not.toContain('gantry.sqlite.recovery')
  })

  it('is passed over among the backups too, and by a file that was never one', async () => {
    const { open, dir, backupAt } = await damaged()
    const backups = join(dir, 'backups')
    const [good = ''] = readdirSync(backups)
    for (const [name, harm] of [
      ['gantry-000002-1893499200000-daily.sqlite', damage],
      ['gantry-000003-1893499200000-daily.sqlite', (file: string) => writeFileSync(file, 'nothing')],
    ] as const) {
      writeFileSync(join(backups, name), readFileSync(join(backups, good)))
      harm(join(backups, name))
    }
    mkdirSync(join(backups, 'gantry-000004-1893499200000-daily.sqlite'))
    const opened = await open()
    expect(items(opened)).toEqual(['kept'])
    expect(opened.recovery?.backupAt).toBe(backupAt)
  })

  it('is not restored from a backup of a newer Gantry', async () => {
    const { open, dir } = await damaged()
    const newer = join(dir, 'backups', 'gantry-000009-1893499200000-migration.sqlite')
    const database = (await loadSqlite()).open(newer)
    database.exec('PRAGMA user_version = 3')
    database.close()
    expect(items(await open())).toEqual(['kept'])
  })

  it('never takes the name of one that lies aside already', async () => {
    const { open, file, bytes } = await damaged()
    const taken = `${file}.damaged-${clock.now()}`
    writeFileSync(taken, 'an earlier one')
    const { recovery } = await open()
    expect(recovery?.asideFile).toBe(`${file}.damaged-${clock.now() + 1}`)
    expect(readFileSync(taken, 'utf8')).toBe('an earlier one')
    expect(readFileSync(recovery?.asideFile ?? '').equals(bytes)).toBe(true)
  })

  it.each(['a number', -1, 10_000, 2_000_000_000])('is one whose version is %s', async version => {
    const here = room(makeTempDir())
    const first = await here.open()
    await first.close()
    if (typeof version === 'number') {
      const database = (await loadSqlite()).open(here.file)
      database.exec(`PRAGMA user_version = ${version}`)
      database.close()
    } else writeFileSync(here.file, 'this was never a database, whatever its name says. '.repeat(100))
    expect((await here.open()).recovery).toBeDefined()
  })

  it('is one with a page of another file in it, though its first page says nothing of that', async () => {
    const here = room(makeTempDir())
    const first = await here.open()
    for (let turn = 0; turn < 200; turn++) add(first, `item ${turn} ${'x'.repeat(100)}`)
    await first.close()
    const bytes = readFileSync(here.file)
    writeFileSync(here.file, bytes.fill(0xa5, bytes.length - 8_192))
    expect((await here.open()).recovery).toBeDefined()
  })

  it('is none that is empty, as one is whose Gantry was killed at its first start', async () => {
    const here = room(makeTempDir())
    writeFileSync(here.file, '')
    const opened = await here.open()
    expect([opened.recovery, opened.store.schemaVersion]).toEqual([undefined, 2])
  })

  it('is none of a newer Gantry, however much newer', async () => {
    const here = room(makeTempDir())
    await (await here.open()).close()
    const database = (await loadSqlite()).open(here.file)
    database.exec('PRAGMA user_version = 9999')
    database.close()
    await expect(here.open()).rejects.toMatchObject({
      code: 'store.future',
      details: { file: here.file, version: 9_999, latest: 2 },
    })
  })

  it.each(['', '{}', 'null', '{"damagedAt":"1"}', '{"damagedAt":1'])(
    'is told by no note that makes no sense: %s',
    async text => {
      const here = room(makeTempDir())
      writeFileSync(`${here.file}.recovery`, text)
      const opened = await here.open()
      expect([opened.recovery, items(opened)]).toEqual([undefined, []])
      await opened.close()
      expect(here.listing()).toEqual(['gantry.sqlite'])
    },
  )

  it('is told of until a session ended as it should', async () => {
    const { open } = await damaged()
    const { recovery } = await open()
    // Killed: it never closes.
    expect((await open()).recovery).toEqual(recovery)
    const third = await open()
    expect(third.recovery).toEqual(recovery)
    await third.close()
    expect((await open()).recovery).toBeUndefined()
  })

  it('that somebody mended in between is no longer one', async () => {
    const { open, file, bytes, listing } = await damaged()
    const disk = createDiskWith((verb, path) => {
      if (verb === 'rename' && path === file) throw new Error('killed')
    })
    await expect(open(disk)).rejects.toThrow('killed')
    expect(listing()).toContain('gantry.sqlite.recovery')
    expect(readFileSync(file).equals(bytes)).toBe(true)
    const mended = room(makeTempDir())
    add(await mended.open(), 'mended')
    const copy = (await loadSqlite()).open(mended.file)
    writeFileSync(file, '')
    copy.exec(`VACUUM INTO '${file}'`)
    copy.close()
    const opened = await open()
    expect(items(opened)).toEqual(['mended'])
    expect(opened.recovery).toBeUndefined()
  })

  it('stays where it is when the folder of backups cannot be read', async () => {
    const { open, file, bytes, listing } = await damaged()
    const before = listing()
    const disk = createDiskWith(verb => {
      if (verb === 'list') throw Object.assign(new Error('no'), { code: 'EACCES' })
    })
    await expect(open(disk)).rejects.toMatchObject({ code: 'data.unwritable' })
    expect(readFileSync(file).equals(bytes)).toBe(true)
    expect(listing()).toEqual(before)
  })

  it('waits for room on a disk that is full, and is restored then', async () => {
    const { open } = await damaged()
    const disk = createDiskWith(verb => {
      if (verb === 'copy') throw Object.assign(new Error('no'), { code: 'ENOSPC' })
    })
    await expect(open(disk)).rejects.toMatchObject({ code: 'data.full' })
    expect(items(await open())).toEqual(['kept'])
  })
})

describe('a restore', () => {
  it('writes everything through: what it means to do, what it put aside, then the backup and its name', async () => {
    const { open, file, bytes } = await damaged()
    const { disk, changes } = createRecordingDisk()
    await open(disk, sqliteThatLeaves('a log', file, bytes))
    const aside = `gantry.sqlite.damaged-${clock.now()}`
    const folder = expect.stringMatching(/^syncFolder gantry-test-/)
    expect(changes.slice(changes.indexOf('remove gantry.sqlite.recovery.draft'))).toEqual([
      'remove gantry.sqlite.recovery.draft',
      'write gantry.sqlite.recovery.draft',
      'syncFile gantry.sqlite.recovery.draft',
      'rename gantry.sqlite.recovery.draft gantry.sqlite.recovery',
      folder,
      `rename gantry.sqlite ${aside}`,
      `rename gantry.sqlite-wal ${aside}-wal`,
      `rename gantry.sqlite-shm ${aside}-shm`,
      folder,
      'remove gantry.sqlite.draft',
      expect.stringMatching(/^copy gantry-000001-\d+-daily.sqlite gantry.sqlite.draft$/),
      'syncFile gantry.sqlite.draft',
      'rename gantry.sqlite.draft gantry.sqlite',
      folder,
    ])
  })

  it.each([
    ['killed', undefined],
    ['cut off from power, when what was not written through is half there', { names: false }],
    ['cut off from power, when names not written through are the old ones', { names: true }],
  ])('ends the same, wherever it was %s', { timeout: 30_000 }, async (_how, lost) => {
    for (const hasBackup of [true, false]) {
      const before = await damaged({ hasBackup })
      let changesToLive = 0
      for (; ; changesToLive++) {
        const here = room(makeTempDir())
        cpSync(before.dir, here.dir, { recursive: true })
        const load = sqliteThatLeaves('a log', here.file, before.bytes)
        const mortal = createMortalDisk(changesToLive)
        const end = await here.run(mortal.disk, load).catch(thrown => thrown)
        if (!mortal.isDead()) break
        expect(end, `change ${changesToLive}`).toMatchObject({ message: 'killed' })
        if (lost) mortal.losePower(lost)
        const opened = await here.open(nodeDisk, load)
        expect(items(opened), `change ${changesToLive}`).toEqual(hasBackup ? ['kept'] : [])
        expect(opened.recovery?.backupAt).toBe(hasBackup ? before.backupAt : undefined)
        const asideFile = opened.recovery?.asideFile ?? ''
        expect(readFileSync(asideFile).equals(before.bytes), `change ${changesToLive}`).toBe(true)
        expect(readFileSync(`${asideFile}-wal`, 'utf8'), `change ${changesToLive}`).toBe('a log')
        await opened.close()
        expect(here.listing().filter(name => /\.(draft|recovery)$/.test(name))).toEqual([])
      }
      expect(changesToLive).toBeGreaterThan(hasBackup ? 12 : 8)
    }
  })
})

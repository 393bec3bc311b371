import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { GantryError } from '../contract/error.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/log.ts'
import { type Backups, createBackups } from './backups.ts'
import { latestVersion, type Migration, migrate, readSchemaVersion } from './migrate.ts'
import { loadSqlite, type Sqlite, type SqliteDatabase } from './sqlite.ts'
import { isDamage, toStoreError } from './sqlite-error.ts'
import { createStore, type Store } from './store.ts'

export interface StoreOptions {
  readonly file: string
  readonly clock: Clock
  readonly log: Logger
  readonly migrations: readonly Migration[]
}

/** What happened to a damaged database: the person must be told what was lost. */
export interface Recovery {
  /** Where the damaged file lies now. */
  readonly asideFile: string
  /** When the backup that took its place was made; undefined when there was none and we began anew. */
  readonly backupAt: number | undefined
}

export interface OpenedStore {
  readonly store: Store
  readonly recovery: Recovery | undefined
  close(): void
}

const busyTimeoutMs = 5_000
const dayMs = 24 * 60 * 60 * 1_000
const dueCheckMs = 60 * 60 * 1_000
/** A version no Gantry will ever reach is damage, not a newer Gantry. */
const mostPlausibleVersion = 9_999

type Condition = 'absent' | 'good' | 'damaged'

/** Opens the database, whatever state it is in; fails only where going on would lose something. */
export async function openStore(options: StoreOptions): Promise<OpenedStore> {
  const { file, clock, log } = options
  const sqlite = await loadSqlite()
  const backups = createBackups(join(dirname(file), 'backups'), clock.now)
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    const condition = examine(sqlite, file, options.migrations)
    const recovery = condition === 'damaged' ? recover(sqlite, backups, options) : undefined
    const database = connect(sqlite, file)
    try {
      bringUpToDate(database, backups, options)
      const keeper = keepDailyBackups(database, backups, clock, log)
      const store = createStore(database, file, readSchemaVersion(database))
      return { store, recovery, close: once(() => closeDatabase(database, keeper, log)) }
    } catch (thrown) {
      database.close()
      throw thrown
    }
  } catch (thrown) {
    throw toStoreError(thrown, file)
  }
}

function connect(sqlite: Sqlite, file: string): SqliteDatabase {
  const database = sqlite.open(file, busyTimeoutMs)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
  return database
}

/** Looks without changing anything, so that a newer database stays exactly as it is. */
function examine(sqlite: Sqlite, file: string, migrations: readonly Migration[]): Condition {
  // A restore that was cut short between its two renames is done again.
  if (!existsSync(file)) return existsSync(draftOf(file)) ? 'damaged' : 'absent'
  const database = sqlite.open(file, busyTimeoutMs)
  try {
    const version = readSchemaVersion(database)
    const latest = latestVersion(migrations)
    if (version > latest && version <= mostPlausibleVersion) throw fromTheFuture(file, version, latest)
    return version <= latest && database.ask('quick_check') === 'ok' ? 'good' : 'damaged'
  } catch (thrown) {
    if (isDamage(thrown)) return 'damaged'
    throw thrown
  } finally {
    database.close()
  }
}

function fromTheFuture(file: string, version: number, latest: number): GantryError {
  return new GantryError(
    'store.future',
    `The data in ${dirname(file)} was last used by a newer Gantry (schema ${version}, this one knows ${latest}). Nothing was touched: start the newer Gantry, or choose another data folder.`,
    { file, version, latest },
  )
}

/** The damaged file is kept: somebody may be able to read more from it than we are. */
function recover(sqlite: Sqlite, backups: Backups, options: StoreOptions): Recovery {
  const { file, clock, log, migrations } = options
  const backup = backups.list().find(candidate => isGoodBackup(sqlite, candidate.file, migrations))
  const draft = draftOf(file)
  rmSync(draft, { force: true })
  if (backup) copyFileSync(backup.file, draft)
  const asideFile = `${file}.damaged-${clock.now()}`
  for (const part of ['', '-wal', '-shm']) {
    if (existsSync(file + part)) renameSync(file + part, asideFile + part)
  }
  if (backup) renameSync(draft, file)
  log.error('damaged database put aside', { asideFile, backupAt: backup?.takenAt })
  return { asideFile, backupAt: backup?.takenAt }
}

const draftOf = (file: string) => `${file}.restoring`

function isGoodBackup(sqlite: Sqlite, file: string, migrations: readonly Migration[]): boolean {
  try {
    return examine(sqlite, file, migrations) === 'good'
  } catch {
    // One that cannot be read, for whatever reason, is not one to go back to.
    return false
  } finally {
    for (const part of ['-wal', '-shm']) rmSync(file + part, { force: true })
  }
}

function bringUpToDate(database: SqliteDatabase, backups: Backups, options: StoreOptions): void {
  const { file, log, migrations } = options
  const current = readSchemaVersion(database)
  if (current > 0 && current < latestVersion(migrations)) {
    const { file: backup } = backups.take(database, 'migration')
    log.info('database backed up before migrating', { backup, version: current })
  }
  migrate(database, file, migrations, ({ version, name }) => log.info('database migrated', { version, name }))
}

interface BackupKeeper {
  takeIfDue(): void
  stop(): void
}

function keepDailyBackups(
  database: SqliteDatabase,
  backups: Backups,
  clock: Clock,
  log: Logger,
): BackupKeeper {
  const takeIfDue = () => {
    try {
      const newest = backups.list().find(({ reason }) => reason === 'daily')
      if (newest && clock.now() - newest.takenAt < dayMs) return
      const { file } = backups.take(database, 'daily')
      log.debug('database backed up', { file })
    } catch (thrown) {
      // Without today's backup everything still works; the disk's own trouble shows in the writes that follow.
      log.warn('database could not be backed up', { cause: thrown })
    }
  }
  const stop = clock.every(dueCheckMs, 'store: daily backup', takeIfDue)
  return { takeIfDue, stop }
}

function closeDatabase(database: SqliteDatabase, keeper: BackupKeeper, log: Logger): void {
  keeper.stop()
  keeper.takeIfDue()
  try {
    // Whoever copies or looks at the folder now finds one file with everything in it.
    database.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE')
  } catch (thrown) {
    log.warn('database stays in several files, as somebody else reads it', { cause: thrown })
  }
  database.close()
}

function once(work: () => void): () => void {
  let isDone = false
  return () => {
    if (isDone) return
    isDone = true
    work()
  }
}

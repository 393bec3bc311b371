import { dirname, join } from 'node:path'
import { GantryError, isGantryError } from '../contract/error.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/log.ts'
import { type StartBackup, takeBeside } from './backup-beside.ts'
import { type Backups, createBackups } from './backups.ts'
import { keepDailyBackups } from './daily-backups.ts'
import { type Disk, nodeDisk } from './disk.ts'
import { latestVersion, type Migration, migrate, readSchemaVersion } from './migrate.ts'
import { endRecovery, type Recovery, restoreIfDamaged } from './restore.ts'
import { loadSqlite, type Sqlite, type SqliteDatabase } from './sqlite.ts'
import { toStoreError } from './sqlite-error.ts'
import { createStore, type Store } from './store.ts'

export interface StoreOptions {
  readonly file: string
  readonly clock: Clock
  readonly log: Logger
  readonly migrations: readonly Migration[]
  /** Absent where that program is not built: then everything waits for the daily backup. */
  readonly startBackup?: StartBackup
}

/** What the store stands on; tests put something between. */
export interface StoreGround {
  readonly loadSqlite: () => Promise<Sqlite>
  readonly disk: Disk
}

export interface OpenedStore {
  readonly store: Store
  readonly recovery: Recovery | undefined
  /** A backup that is being taken is cut short. A second time it waits for the first. */
  close(): Promise<void>
}

/** Opens the database, whatever state it is in; fails only where going on would lose something. */
export async function openStore(
  options: StoreOptions,
  ground: StoreGround = { loadSqlite, disk: nodeDisk },
): Promise<OpenedStore> {
  const { file, clock, log, migrations } = options
  const { disk } = ground
  const sqlite = await ground.loadSqlite()
  const dir = join(dirname(file), 'backups')
  const backups = createBackups(dir, { sqlite, disk })
  try {
    disk.makeFolder(dirname(file))
    backups.sweep()
    const recovery = restoreIfDamaged(file, { sqlite, disk, backups, migrations, now: clock.now, log })
    const { database, version } = connect(sqlite, backups, options)
    const daily = keepDailyBackups({
      backups,
      clock,
      log,
      async take(takenAt, signal) {
        const { startBackup } = options
        if (startBackup) await takeBeside(startBackup, { file, dir, version, takenAt }, signal)
        else backups.take({ from: file, version, reason: 'daily', takenAt })
      },
    })
    const close = async () => {
      await daily.stop()
      closeDatabase(database, log)
      endRecovery(disk, file)
    }
    return { store: createStore(database, file, version), recovery, close: once(close) }
  } catch (thrown) {
    throw toStoreError(thrown, file)
  }
}

function connect(sqlite: Sqlite, backups: Backups, options: StoreOptions) {
  const database = sqlite.open(options.file)
  try {
    database.exec('PRAGMA journal_mode = WAL')
    bringUpToDate(database, backups, options)
    return { database, version: readSchemaVersion(database) }
  } catch (thrown) {
    database.close()
    throw thrown
  }
}

function bringUpToDate(
  database: SqliteDatabase,
  backups: Backups,
  { file, clock, log, migrations }: StoreOptions,
): void {
  const version = readSchemaVersion(database)
  if (version > 0 && version < latestVersion(migrations)) {
    try {
      const backup = backups.take({ from: file, version, reason: 'migration', takenAt: clock.now() })
      log.info('database backed up before migrating', { backup: backup.file, version })
    } catch (thrown) {
      throw notBackedUp(thrown)
    }
  }
  migrate(database, file, migrations, ({ version, name }) => log.info('database migrated', { version, name }))
}

/** A step that goes wrong without a way back would be worse than an older Gantry. */
function notBackedUp(why: unknown): unknown {
  if (!isGantryError(why)) return why
  return new GantryError(
    why.code,
    `The database was not brought up to date, as it could not be backed up before: ${why.message}`,
    why.details,
    why,
  )
}

function closeDatabase(database: SqliteDatabase, log: Logger): void {
  try {
    // Whoever copies or looks at the folder now finds one file with everything in it.
    database.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE')
  } catch (thrown) {
    log.warn('database stays in several files, as somebody else reads it', { cause: thrown })
  }
  database.close()
}

function once<Result>(work: () => Result): () => Result {
  let done: { readonly result: Result } | undefined
  return () => {
    done ??= { result: work() }
    return done.result
  }
}

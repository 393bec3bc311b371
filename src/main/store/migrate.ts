import { GantryError, isGantryError } from '../contract/error.ts'
import type { SqliteDatabase } from './sqlite.ts'
import { toStoreError } from './sqlite-error.ts'

/** One step of the schema's history. Written once, never edited: a mistake is mended by the next step. */
export interface Migration {
  readonly version: number
  readonly name: string
  /** Statements only; each migration is one transaction together with its version number. */
  up(sql: (text: string) => void): void
}

export const readSchemaVersion = (database: SqliteDatabase) => Number(database.ask('user_version'))

export function latestVersion(migrations: readonly Migration[]): number {
  return migrations.reduce((latest, { version }) => Math.max(latest, version), 0)
}

/** Runs what is missing, in order. A step that fails leaves the database at the step before it. */
export function migrate(
  database: SqliteDatabase,
  file: string,
  migrations: readonly Migration[],
  onStep: (migration: Migration) => void,
): void {
  const current = readSchemaVersion(database)
  const missing = migrations.filter(({ version }) => version > current).sort((a, b) => a.version - b.version)
  for (const migration of missing) {
    runStep(database, file, migration)
    onStep(migration)
  }
}

function runStep(database: SqliteDatabase, file: string, migration: Migration): void {
  const { version, name } = migration
  try {
    database.exec('BEGIN IMMEDIATE')
    migration.up(text => database.exec(text))
    database.exec(`PRAGMA user_version = ${version}`)
    database.exec('COMMIT')
  } catch (thrown) {
    try {
      database.exec('ROLLBACK')
    } catch {
      // SQLite has rolled back by itself, as it does on a full disk.
    }
    const known = toStoreError(thrown, file)
    if (isGantryError(known, 'data.full', 'store.damaged')) throw known
    throw new GantryError(
      'store.migration',
      `Bringing the database up to date failed at step ${version} (${name}). Nothing was changed; the database from before lies in the folder of backups. Go back to the Gantry you had and report this.`,
      { file, version, name },
      known,
    )
  }
}

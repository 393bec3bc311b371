import { GantryError, isGantryError } from '../contract/error.ts'
import { rollBack, type SqliteDatabase } from './sqlite.ts'
import { toStoreError } from './sqlite-error.ts'

/** One step of the schema's history. Written once, never edited: a mistake is mended by the next step. */
export interface Migration {
  readonly version: number
  readonly name: string
  /**
   * Statements only. Foreign keys are not kept while a step runs, so that it can make a table anew that others point
   * to: nothing cascades, and rows that would point nowhere fail the step.
   */
  up(sql: (text: string) => void): void
}

export const readSchemaVersion = (database: SqliteDatabase) => Number(database.ask('user_version'))

export function latestVersion(migrations: readonly Migration[]): number {
  return migrations.reduce((latest, { version }) => Math.max(latest, version), 0)
}

/** Runs what is missing, in order, all of it or nothing: who cannot go on can go back to the Gantry they had. */
export function migrate(
  database: SqliteDatabase,
  file: string,
  migrations: readonly Migration[],
  onStep: (migration: Migration) => void,
): void {
  const current = readSchemaVersion(database)
  const missing = migrations.filter(({ version }) => version > current).sort((a, b) => a.version - b.version)
  if (missing.length === 0) return
  // Inside a transaction SQLite ignores this.
  database.exec('PRAGMA foreign_keys = OFF')
  try {
    runSteps(database, file, missing)
  } finally {
    database.exec('PRAGMA foreign_keys = ON')
  }
  for (const migration of missing) onStep(migration)
}

function runSteps(database: SqliteDatabase, file: string, steps: readonly Migration[]): void {
  database.exec('BEGIN IMMEDIATE')
  try {
    for (const step of steps) runStep(database, file, step)
    database.exec('COMMIT')
  } catch (thrown) {
    rollBack(database, 'ROLLBACK')
    throw toStoreError(thrown, file)
  }
}

function runStep(database: SqliteDatabase, file: string, step: Migration): void {
  try {
    step.up(text => database.exec(text))
    const orphans = database.ask('foreign_key_check')
    if (orphans !== null) throw new Error(`rows of ${orphans} would point to rows that are not there`)
    database.exec(`PRAGMA user_version = ${step.version}`)
  } catch (thrown) {
    throw failedStep(step, file, thrown)
  }
}

function failedStep({ version, name }: Migration, file: string, thrown: unknown): unknown {
  const known = toStoreError(thrown, file)
  if (isGantryError(known, 'data.full', 'data.unwritable', 'store.damaged')) return known
  const why = thrown instanceof Error ? thrown.message : String(thrown)
  return new GantryError(
    'store.migration',
    `Bringing the database up to date failed at step ${version} (${name}): ${why}. Nothing was changed. Go back to the Gantry you had and report this.`,
    { file, version, name },
    known,
  )
}

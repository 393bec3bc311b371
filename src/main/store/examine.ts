import { dirname } from 'node:path'
import { GantryError } from '../contract/error.ts'
import { latestVersion, type Migration, readSchemaVersion } from './migrate.ts'
import { closing, type Sqlite } from './sqlite.ts'
import { isDamage } from './sqlite-error.ts'

/** A version no Gantry will ever reach is damage, not a newer Gantry. */
const mostPlausibleVersion = 9_999

/**
 * Looks at a file that is there without changing what it holds, so that a newer database stays as it is. SQLite may
 * put in what a killed process left in the log beside it.
 */
export function isGoodDatabase(sqlite: Sqlite, file: string, migrations: readonly Migration[]): boolean {
  try {
    return closing(sqlite.open(file), database => {
      const version = readSchemaVersion(database)
      const latest = latestVersion(migrations)
      if (version > latest && version <= mostPlausibleVersion) throw fromTheFuture(file, version, latest)
      return version >= 0 && version <= latest && database.ask('quick_check') === 'ok'
    })
  } catch (thrown) {
    if (isDamage(thrown)) return false
    throw thrown
  }
}

function fromTheFuture(file: string, version: number, latest: number): GantryError {
  return new GantryError(
    'store.future',
    `The data in ${dirname(file)} was last used by a newer Gantry (schema ${version}, this one knows ${latest}). Nothing was touched: start the newer Gantry, or choose another data folder.`,
    { file, version, latest },
  )
}

import { GantryError } from '../contract/error.ts'
import { type Disk, putInPlace } from './disk.ts'
import { readSchemaVersion } from './migrate.ts'
import { closing, makeOwnersFile, type Sqlite } from './sqlite.ts'
import { isDamage } from './sqlite-error.ts'

/** What copies are made with. */
export interface CopyTools {
  readonly sqlite: Sqlite
  readonly disk: Disk
}

export interface CopyJob {
  readonly from: string
  readonly to: string
  /** The schema it must turn out to have. */
  readonly version: number
}

/**
 * A whole, compact copy of a database that others may write meanwhile: what was committed when it began. It has its
 * name only once it was read back and is on the medium.
 */
export function copyDatabase({ sqlite, disk }: CopyTools, { from, to, version }: CopyJob): void {
  putInPlace(disk, to, draft => {
    makeOwnersFile(draft)
    closing(sqlite.open(from), database => database.exec(`VACUUM INTO '${draft.replaceAll("'", "''")}'`))
    const fault = faultOf(sqlite, draft, version)
    if (fault !== undefined) throw badCopy(to, fault)
  })
}

function faultOf(sqlite: Sqlite, draft: string, version: number): string | undefined {
  try {
    return closing(sqlite.open(draft), copy => {
      const pages = copy.ask('quick_check')
      if (pages !== 'ok') return String(pages)
      const orphans = copy.ask('foreign_key_check')
      if (orphans !== null) return `foreign keys of ${orphans}`
      const found = readSchemaVersion(copy)
      return found === version ? undefined : `schema ${found} instead of ${version}`
    })
  } catch (thrown) {
    if (isDamage(thrown)) return thrown.message
    throw thrown
  }
}

function badCopy(file: string, fault: string): GantryError {
  return new GantryError(
    'store.damaged',
    `A copy of the database did not pass its check (${fault}) and was thrown away. Older backups stay as they are.`,
    { file, fault },
  )
}

import type { Dispose } from '../lib/dispose.ts'
import { loadSqlite } from './sqlite.ts'
import { isBusy, toStoreError } from './sqlite-error.ts'

export interface LockedFile {
  readonly release: Dispose
}

/**
 * Holds a file for as long as this process lives, by the operating system's own lock, which SQLite takes for us
 * on every system. A process that dies lets go without leaving anything stale behind. Undefined: somebody else
 * holds it.
 */
export async function tryLockFile(file: string): Promise<LockedFile | undefined> {
  const sqlite = await loadSqlite()
  try {
    const database = sqlite.open(file, 0)
    try {
      database.exec('BEGIN EXCLUSIVE')
    } catch (thrown) {
      database.close()
      throw thrown
    }
    return { release: () => database.close() }
  } catch (thrown) {
    if (isBusy(thrown)) return undefined
    throw toStoreError(thrown, file)
  }
}

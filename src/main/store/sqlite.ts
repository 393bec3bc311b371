import { closeSync, openSync } from 'node:fs'

/** What we use of SQLite, in the words both of its packages share. */
export interface SqliteStatement {
  run(...params: SqliteParam[]): { readonly changes: number | bigint }
  get(...params: SqliteParam[]): unknown
  all(...params: SqliteParam[]): unknown[]
}

export interface SqliteDatabase {
  exec(sql: string): void
  /**
   * The package (1.2.1) keeps a closed file open until its prepared statements are collected, so what must be
   * closed for certain, as it will be moved, is only asked through `exec` and `ask`.
   */
  prepare(sql: string): SqliteStatement
  ask(pragma: 'user_version' | 'quick_check'): SqlValue
  /** A second time it does nothing. */
  close(): void
}

export type SqlValue = null | number | bigint | string | Uint8Array
type SqliteParam = SqlValue | Record<string, SqlValue>

interface SqliteModule {
  readonly DatabaseSync: new (
    file: string,
    options?: { readonly timeout?: number },
  ) => {
    exec(sql: string): void
    prepare(sql: string): SqliteStatement
    function(name: string, take: (value: SqlValue) => null): void
    close(): void
  }
}

export interface Sqlite {
  open(file: string, busyTimeoutMs: number): SqliteDatabase
}

/**
 * The runtime's own SQLite where it has one, otherwise the same API from a package. Nothing else knows which.
 * Electron 33 and Node 20 have none; Node before 22.13 hides it behind a flag and then answers undefined.
 */
export async function loadSqlite(): Promise<Sqlite> {
  const own = quietly(() => process.getBuiltinModule?.('node:sqlite'))
  const { DatabaseSync } = isSqlite(own) ? own : await import('@photostructure/sqlite')
  return {
    open(file, busyTimeoutMs) {
      makeOwnersFile(file)
      const database = new DatabaseSync(file, { timeout: busyTimeoutMs })
      let isOpen = true
      let answer: SqlValue = null
      database.function('gantry_tell', value => {
        answer = value
        return null
      })
      return {
        exec: sql => database.exec(sql),
        prepare: sql => database.prepare(sql),
        ask(pragma) {
          answer = null
          database.exec(`SELECT gantry_tell(${pragma}) FROM pragma_${pragma}`)
          return answer
        },
        close() {
          if (isOpen) database.close()
          isOpen = false
        },
      }
    },
  }
}

/** SQLite would make it by the mask; what it makes beside it follows the rights of the file itself. */
export function makeOwnersFile(file: string): void {
  closeSync(openSync(file, 'a', 0o600))
}

function isSqlite(thing: unknown): thing is SqliteModule {
  return typeof thing === 'object' && thing !== null && 'DatabaseSync' in thing
}

/** Node calls its SQLite experimental on every start; a person who starts Gantry can do nothing with that. */
function quietly<T>(work: () => T): T {
  const { emitWarning } = process
  process.emitWarning = () => undefined
  try {
    return work()
  } finally {
    process.emitWarning = emitWarning
  }
}

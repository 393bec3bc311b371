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
  ask(question: Question): SqlValue
  /** A second time it does nothing. */
  close(): void
}

export type SqlValue = null | number | bigint | string | Uint8Array
type SqliteParam = SqlValue | Record<string, SqlValue>

/** What of its rows is the answer: the first where there are several, null where there is none. */
const answers = {
  user_version: 'user_version',
  /** `ok`, or what is wrong. */
  quick_check: 'quick_check',
  /** Null, or which table points to rows that are not there. */
  foreign_key_check: `"table" || ' (to ' || parent || ')'`,
  foreign_keys: 'foreign_keys',
  secure_delete: 'secure_delete',
  synchronous: 'synchronous',
  journal_mode: 'journal_mode',
  busy_timeout: 'timeout',
} as const

/** A pragma that has a table of its answers. */
type Question = keyof typeof answers

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
  /**
   * Every connection writes through to the disk, keeps foreign keys and overwrites what is deleted, whatever SQLite was built with, and waits
   * five seconds for another that writes unless told otherwise.
   */
  open(file: string, busyTimeoutMs?: number): SqliteDatabase
}

const usualBusyTimeoutMs = 5_000

/**
 * The runtime's own SQLite where it has one, otherwise the same API from a package. Nothing else knows which.
 * Electron 33 and Node 20 have none; Node before 22.13 hides it behind a flag and then answers undefined.
 */
export async function loadSqlite(): Promise<Sqlite> {
  const own = quietly(() => process.getBuiltinModule('node:sqlite'))
  const { DatabaseSync } = isSqlite(own) ? own : await import('@photostructure/sqlite')
  return {
    open(file, busyTimeoutMs = usualBusyTimeoutMs) {
      makeOwnersFile(file)
      const database = new DatabaseSync(file, { timeout: busyTimeoutMs })
      let isOpen = true
      let answer: SqlValue = null
      const close = () => {
        if (isOpen) database.close()
        isOpen = false
      }
      try {
        database.function('gantry_tell', value => {
          answer ??= value
          return null
        })
        // What is deleted is overwritten: a secret that must not be kept would stay in the file else.
        database.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON')
      } catch (thrown) {
        close()
        throw thrown
      }
      return {
        exec: sql => database.exec(sql),
        prepare: sql => database.prepare(sql),
        ask(question) {
          answer = null
          database.exec(`SELECT gantry_tell(${answers[question]}) FROM pragma_${question}`)
          return answer
        },
        close,
      }
    },
  }
}

/**
 * SQLite would make it by the mask; what it makes beside it follows the rights of the file itself. One that is
 * there is not opened: closing it again would end the locks this process has on it (sqlite.org/howtocorrupt.html 2.2).
 */
export function makeOwnersFile(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600))
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown
  }
}

/** Whatever comes of the work, the database is closed after it. */
export function closing<Result>(
  database: SqliteDatabase,
  work: (database: SqliteDatabase) => Result,
): Result {
  try {
    return work(database)
  } finally {
    database.close()
  }
}

/** A full disk makes SQLite roll back by itself; then there is nothing left to undo. */
export function rollBack(database: Pick<SqliteDatabase, 'exec'>, undo: string): void {
  try {
    database.exec(undo)
  } catch {
    // The error that brought us here is the one to tell.
  }
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

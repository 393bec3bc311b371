/** What we use of SQLite, in the words both of its packages share. */
export interface SqliteStatement {
  run(...params: SqliteParam[]): { readonly changes: number | bigint }
  get(...params: SqliteParam[]): unknown
  all(...params: SqliteParam[]): unknown[]
}

export interface SqliteDatabase {
  exec(sql: string): void
  prepare(sql: string): SqliteStatement
  close(): void
}

export type SqlValue = null | number | bigint | string | Uint8Array
type SqliteParam = SqlValue | Record<string, SqlValue>

export interface Sqlite {
  readonly DatabaseSync: new (
    file: string,
    options?: { readonly readOnly?: boolean; readonly timeout?: number },
  ) => SqliteDatabase
}

/**
 * The runtime's own SQLite where it has one, otherwise the same API from a package. Nothing else knows which.
 * Electron 33 and Node 20 have none; Node before 22.13 hides it behind a flag and then answers undefined.
 */
export async function loadSqlite(): Promise<Sqlite> {
  const own = quietly(() => process.getBuiltinModule?.('node:sqlite'))
  if (isSqlite(own)) return own
  const { DatabaseSync } = await import('@photostructure/sqlite')
  return { DatabaseSync }
}

function isSqlite(thing: unknown): thing is Sqlite {
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

import { GantryError, isGantryError } from '../contract/error.ts'
import { rollBack, type SqliteDatabase, type SqliteStatement, type SqlValue } from './sqlite.ts'
import { toStoreError } from './sqlite-error.ts'

/** In the order of the question marks, or by name: `{ id }` for `:id`. */
export type SqlParams = readonly SqlValue[] | Readonly<Record<string, SqlValue>>

/** A zod schema is one. Rows are unknown until their room's own schema says otherwise. */
export interface RowParser<Row> {
  parse(row: unknown): Row
}

export interface Store {
  /** How many rows changed. */
  run(sql: string, params?: SqlParams): number
  get<Row>(sql: string, params: SqlParams, row: RowParser<Row>): Row | undefined
  all<Row>(sql: string, params: SqlParams, row: RowParser<Row>): Row[]
  /**
   * All of it or nothing; inside another transaction it is all or nothing of its own part. Never async. After the disk
   * failed nothing more of it is taken, whoever caught that.
   */
  transaction<Result>(work: () => Result): Result
  readonly schemaVersion: number
}

/** Statements are prepared once; a program that makes its SQL up as it goes would fill memory. */
const mostStatements = 500

export function createStore(database: SqliteDatabase, file: string, schemaVersion: number): Store {
  const statements = new Map<string, SqliteStatement>()
  let depth = 0
  /** Why the transaction that is open cannot be saved any more. */
  let lost: GantryError | undefined

  const guarded = <Result>(work: () => Result): Result => {
    if (lost) throw lost
    try {
      return work()
    } catch (thrown) {
      const told = toStoreError(thrown, file)
      // SQLite may have taken back all of it by itself; what followed would be saved alone.
      if (depth > 0 && isGantryError(told, 'data.full', 'data.unwritable', 'store.damaged')) lost = told
      throw told
    }
  }
  const prepared = (sql: string) => {
    const known = statements.get(sql)
    if (known) return known
    if (statements.size >= mostStatements) statements.clear()
    const fresh = database.prepare(sql)
    statements.set(sql, fresh)
    return fresh
  }
  const bound = (params: SqlParams): (SqlValue | Record<string, SqlValue>)[] =>
    isList(params) ? [...params] : [{ ...params }]

  return {
    schemaVersion,
    run: (sql, params = []) => guarded(() => Number(prepared(sql).run(...bound(params)).changes)),
    get(sql, params, row) {
      const found = guarded(() => prepared(sql).get(...bound(params)))
      return found === undefined ? undefined : row.parse(found)
    },
    all: (sql, params, row) =>
      guarded(() => prepared(sql).all(...bound(params))).map(found => row.parse(found)),
    transaction(work) {
      const [begin, commit, undo] =
        depth === 0
          ? ['BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK']
          : [`SAVEPOINT s${depth}`, `RELEASE s${depth}`, `ROLLBACK TO s${depth}; RELEASE s${depth}`]
      guarded(() => database.exec(begin))
      depth++
      try {
        const result = work()
        if (result instanceof Promise) {
          throw new GantryError('internal.bug', 'A transaction must not wait for anything.')
        }
        guarded(() => database.exec(commit))
        return result
      } catch (thrown) {
        rollBack(database, undo)
        throw thrown
      } finally {
        depth--
        if (depth === 0) lost = undefined
      }
    },
  }
}

/** `Array.isArray` does not narrow a readonly array. */
function isList(params: SqlParams): params is readonly SqlValue[] {
  return Array.isArray(params)
}

import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { z } from 'zod'
import { openStore, type Store } from '../../../src/main/store/index.ts'
import type { Migration } from '../../../src/main/store/migrate.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { createLogRecorder } from '../../fakes/log.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'

type Row = Readonly<Record<string, string | number | null>>

/** The rows of every table, in no order. */
export type Content = Readonly<Record<string, readonly Row[]>>

export interface VersionRows {
  readonly version: number
  /** Of the tables this version made or gave a column. */
  readonly rows: Content
  /** What the step means for what was there; absent where it means nothing. */
  carry?(content: Content): Content
}

const nameRow = z.object({ name: z.string() })
const columnRow = z.object({ name: z.string(), notnull: z.number(), pk: z.number() })
const anyRow = z.record(z.string(), z.union([z.string(), z.number(), z.null()]))

/** All that a Gantry of this version would have kept. */
export function contentAt(history: readonly VersionRows[], version: number): Content {
  return Object.assign({}, ...history.filter(step => step.version <= version).map(({ rows }) => rows))
}

/** What must be there after the steps from this version on. */
export function contentFrom(history: readonly VersionRows[], version: number): Content {
  return history
    .filter(step => step.version > version)
    .reduce((content, { carry }) => carry?.(content) ?? content, contentAt(history, version))
}

/** Sentences for whoever made a step and has not said yet what it means for rows. */
export async function missingRows(
  migrations: readonly Migration[],
  history: readonly VersionRows[],
): Promise<string[]> {
  const missing: string[] = []
  for (const { version } of migrations) {
    if (!history.some(step => step.version === version)) missing.push(`version ${version} has no entry`)
    const { store } = await openAt(join(makeTempDir(), 'gantry.sqlite'), migrations, version)
    const content = contentAt(history, version)
    for (const table of tablesOf(store)) {
      for (const gap of gapsOf(store, table, content[table] ?? [])) missing.push(`version ${version}: ${gap}`)
    }
  }
  return missing
}

function gapsOf(store: Store, table: string, rows: readonly Row[]): string[] {
  if (rows.length === 0) return [`the table “${table}” has no row`]
  const columns = store.all('SELECT * FROM pragma_table_info(?)', [table], columnRow)
  return columns.flatMap(({ name, notnull, pk }) => {
    const values = rows.map(row => row[name] ?? null)
    if (values.every(value => value === null)) return [`“${table}.${name}” is empty in every row`]
    const mayBeEmpty = notnull === 0 && pk === 0
    return mayBeEmpty && !values.includes(null) ? [`“${table}.${name}” is empty in no row`] : []
  })
}

/** A store of that version as its Gantry left it, then opened by one that knows all the steps. */
export async function migrateFrom(
  version: number,
  migrations: readonly Migration[],
  history: readonly VersionRows[],
) {
  const file = join(makeTempDir(), 'gantry.sqlite')
  const before = await openAt(file, migrations, version)
  fill(before.store, contentAt(history, version))
  const kept = contentOf(before.store)
  await before.close()
  return { kept, file, ...(await openAt(file, migrations, Number.POSITIVE_INFINITY)) }
}

async function openAt(file: string, migrations: readonly Migration[], version: number) {
  const opened = await openStore({
    file,
    clock: createFakeClock(),
    log: createLogRecorder().log,
    migrations: migrations.filter(step => step.version <= version),
  })
  onTestFinished(opened.close)
  return opened
}

/** Rows point to others in any order: they are all there when the transaction ends. */
function fill(store: Store, content: Content): void {
  store.transaction(() => {
    store.run('PRAGMA defer_foreign_keys = ON')
    for (const [table, rows] of Object.entries(content)) {
      for (const row of rows) {
        const names = Object.keys(row)
        const marks = names.map(() => '?').join(', ')
        store.run(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${marks})`, Object.values(row))
      }
    }
  })
}

/** Tables without rows too; ordered, so that two can be compared. */
export function contentOf(store: Store): Content {
  return inOrder(
    Object.fromEntries(
      tablesOf(store).map(table => [table, store.all(`SELECT * FROM ${table}`, [], anyRow)]),
    ),
  )
}

export function inOrder(content: Content): Content {
  const key = (row: Row) => JSON.stringify(Object.entries(row).sort())
  return Object.fromEntries(
    Object.entries(content).map(([table, rows]) => [
      table,
      [...rows].sort((a, b) => key(a).localeCompare(key(b))),
    ]),
  )
}

/** Every table the store has, those it gained empty. */
export function withEmptyTables(content: Content, store: Store): Content {
  return { ...Object.fromEntries(tablesOf(store).map(table => [table, []])), ...content }
}

function tablesOf(store: Store): string[] {
  return store
    .all(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`, [], nameRow)
    .map(({ name }) => name)
}

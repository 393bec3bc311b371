import type { Migration } from '../../src/main/store/migrate.ts'

/** A small schema of a test's own, in two steps. */
export const firstSteps: readonly Migration[] = [
  {
    version: 1,
    name: 'items',
    up: sql => sql('CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT'),
  },
  {
    version: 2,
    name: 'shelves',
    up: sql =>
      sql(
        'CREATE TABLE shelf (id INTEGER PRIMARY KEY, item_id INTEGER NOT NULL REFERENCES item (id)) STRICT',
      ),
  },
]

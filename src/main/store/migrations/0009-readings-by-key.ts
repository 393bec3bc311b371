import type { Migration } from '../migrate.ts'

/** Every reading is found by printer, heater and time; a second way by time alone was half of the database. */
export const readingsByKey: Migration = {
  version: 9,
  name: 'readings by key',
  up(sql) {
    sql('DROP INDEX reading_at')
  },
}

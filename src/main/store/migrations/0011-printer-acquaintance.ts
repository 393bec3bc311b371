import type { Migration } from '../migrate.ts'

export const printerAcquaintance: Migration = {
  version: 11,
  name: 'printer acquaintance',
  up(sql) {
    // What it says it is, and where it was before it moved.
    sql('ALTER TABLE printer ADD COLUMN told TEXT')
    sql('ALTER TABLE printer ADD COLUMN moved_from TEXT')
    sql('ALTER TABLE printer ADD COLUMN moved_at INTEGER')
  },
}

import type { Migration } from '../migrate.ts'

export const linesKeptOpen: Migration = {
  version: 13,
  name: 'lines kept open',
  up(sql) {
    // 1: its WebSocket stays open after its last DELETE.
    sql('ALTER TABLE client ADD COLUMN keeps_line INTEGER NOT NULL DEFAULT 0')
  },
}

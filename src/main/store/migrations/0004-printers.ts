import type { Migration } from '../migrate.ts'

export const printers: Migration = {
  version: 4,
  name: 'printers',
  up(sql) {
    sql(`CREATE TABLE printer (
  id TEXT PRIMARY KEY,
  driver TEXT NOT NULL,
  name TEXT NOT NULL,
  identity TEXT, -- what stays when its address changes; absent: only the address is known
  config TEXT NOT NULL, -- JSON, nothing secret
  secrets TEXT, -- JSON, protected
  simulated INTEGER NOT NULL,
  cleared_job TEXT NOT NULL, -- the ended job whose part was taken off the bed
  added_at INTEGER NOT NULL
) STRICT`)
  },
}

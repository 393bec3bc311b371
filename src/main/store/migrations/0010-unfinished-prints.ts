import type { Migration } from '../migrate.ts'

export const unfinishedPrints: Migration = {
  version: 10,
  name: 'unfinished prints',
  up(sql) {
    sql(`CREATE TABLE unfinished_print ( -- fed by this machine, line by line, and not ended well (yet)
  printer_id TEXT PRIMARY KEY REFERENCES printer (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  path TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  at INTEGER NOT NULL,
  progress REAL NOT NULL,
  file_line INTEGER NOT NULL, -- the last one acknowledged, as an editor counts them
  live INTEGER NOT NULL -- 1 while it is being fed
) STRICT`)
  },
}

import type { Migration } from '../migrate.ts'

export const settingsAndNotices: Migration = {
  version: 1,
  name: 'settings and notices',
  up(sql) {
    sql(`CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL, -- JSON
  changed_at INTEGER NOT NULL
) STRICT`)
    sql(`CREATE TABLE notice ( -- what the person must be told until they have put it away
  id TEXT PRIMARY KEY,
  severity TEXT NOT NULL,
  sentence TEXT NOT NULL, -- key of the page's message
  params TEXT NOT NULL, -- JSON object
  since_at INTEGER NOT NULL
) STRICT`)
  },
}

import type { Migration } from '../migrate.ts'

export const plugins: Migration = {
  version: 3,
  name: 'plug-ins',
  up(sql) {
    sql(`CREATE TABLE plugin_switch ( -- a plug-in without a row is on
  id TEXT PRIMARY KEY,
  enabled INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT`)
  },
}

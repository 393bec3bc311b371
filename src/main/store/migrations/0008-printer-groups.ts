import type { Migration } from '../migrate.ts'

export const printerGroups: Migration = {
  version: 8,
  name: 'printer-groups',
  up(sql) {
    sql(`CREATE TABLE printer_group (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  place INTEGER NOT NULL -- from 0, as the owner put them
) STRICT`)
    sql(`CREATE TABLE printer_in_group ( -- a printer stands in one group, or in none
  printer_id TEXT PRIMARY KEY REFERENCES printer (id) ON DELETE CASCADE,
  group_id TEXT NOT NULL REFERENCES printer_group (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID`)
    sql('CREATE INDEX printer_in_group_group ON printer_in_group (group_id)')
  },
}

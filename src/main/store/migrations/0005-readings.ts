import type { Migration } from '../migrate.ts'

export const readings: Migration = {
  version: 5,
  name: 'readings',
  up(sql) {
    sql(`CREATE TABLE reading ( -- temperatures: all of the last day, one a minute before that
  printer_id TEXT NOT NULL REFERENCES printer (id) ON DELETE CASCADE,
  heater TEXT NOT NULL,
  at INTEGER NOT NULL,
  actual_c REAL,
  target_c REAL,
  PRIMARY KEY (printer_id, heater, at)
) STRICT, WITHOUT ROWID`)
    sql('CREATE INDEX reading_at ON reading (at)')
    sql(`CREATE TABLE state_change (
  printer_id TEXT NOT NULL REFERENCES printer (id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  label TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (printer_id, at)
) STRICT, WITHOUT ROWID`)
  },
}

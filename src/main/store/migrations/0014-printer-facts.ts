import type { Migration } from '../migrate.ts'

export const printerFacts: Migration = {
  version: 14,
  name: 'printer facts',
  up(sql) {
    sql(`CREATE TABLE printer_fact ( -- what a printer cannot be asked
  printer_id TEXT PRIMARY KEY REFERENCES printer (id) ON DELETE CASCADE,
  bed TEXT NOT NULL, -- JSON: what lies on it, by which run, who said so
  holds TEXT NOT NULL, -- JSON: faults after which a person has to look first
  job TEXT -- JSON: the one that is over and whose part it may be
) STRICT`)
    // It named a job by its file: the same file printed again while nobody looked would have counted as taken off.
    sql('ALTER TABLE printer DROP COLUMN cleared_job')
  },
}

import type { Migration } from '../migrate.ts'

export const contentsServers: Migration = {
  version: 7,
  name: 'contents-servers',
  up(sql) {
    sql(`CREATE TABLE contents_server (
  id TEXT PRIMARY KEY,
  url TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  login TEXT NOT NULL, -- password or none
  session TEXT, -- JSON, protected; absent: nobody is signed in
  added_at INTEGER NOT NULL
) STRICT`)
  },
}

import type { Migration } from '../migrate.ts'

export const access: Migration = {
  version: 2,
  name: 'access',
  up(sql) {
    sql(`CREATE TABLE client ( -- an application that was let in, with its one token
  id TEXT PRIMARY KEY,
  origin TEXT NOT NULL,
  device TEXT NOT NULL, -- empty but for viewers of Gantry's own pages
  name TEXT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE, -- SHA-256, hex; the token itself is kept nowhere
  answer_key TEXT, -- key for signing answers, protected
  issued_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL,
  UNIQUE (origin, device)
) STRICT`)
    sql(`CREATE TABLE client_scope (
  client_id TEXT NOT NULL REFERENCES client (id) ON DELETE CASCADE,
  scope TEXT NOT NULL, -- a profile in lower case, or * for all of them
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (client_id, scope)
) STRICT`)
    sql(`CREATE TABLE client_use ( -- how much an application asked on one day
  client_id TEXT NOT NULL REFERENCES client (id) ON DELETE CASCADE,
  day TEXT NOT NULL, -- yyyy-mm-dd, UTC
  requests INTEGER NOT NULL,
  PRIMARY KEY (client_id, day)
) STRICT`)
    sql(`CREATE TABLE paired_key ( -- keys that came by a gotapi:// link or from the owner
  origin TEXT PRIMARY KEY,
  key TEXT NOT NULL, -- protected
  since_at INTEGER NOT NULL
) STRICT`)
    sql(`CREATE TABLE access_fact ( -- the owner's keyword, whether the network may come in
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT`)
  },
}

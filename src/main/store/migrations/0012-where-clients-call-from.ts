import type { Migration } from '../migrate.ts'

/**
 * A client is its origin and the way it calls by. That was not kept before: the window's own are inside, viewers of the
 * page that was opened over TLS came from the network, and of the others nearly all are programs of this machine. Where
 * that is wrong the application is told that its token is unknown, and asks anew.
 */
export const whereClientsCallFrom: Migration = {
  version: 12,
  name: 'where clients call from',
  up(sql) {
    for (const table of ['client', 'client_scope', 'client_use', 'client_plugin']) {
      sql(`CREATE TEMP TABLE old_${table} AS SELECT * FROM ${table}`)
    }
    // The ones that point to a client first, so that nothing cascades.
    for (const table of ['client_scope', 'client_use', 'client_plugin', 'client']) sql(`DROP TABLE ${table}`)
    sql(`CREATE TABLE client ( -- an application that was let in, with its one token
  id TEXT PRIMARY KEY,
  origin TEXT NOT NULL,
  device TEXT NOT NULL, -- empty but for viewers of Gantry's own pages
  via TEXT NOT NULL, -- inside, loopback or lan: by which way it calls
  name TEXT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE, -- SHA-256, hex; the token itself is kept nowhere
  answer_key TEXT, -- key for signing answers, protected
  issued_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL,
  invited INTEGER NOT NULL, -- 1: one of the owner's own programs
  UNIQUE (origin, device, via)
) STRICT`)
    sql(`CREATE TABLE client_scope (
  client_id TEXT NOT NULL REFERENCES client (id) ON DELETE CASCADE,
  scope TEXT NOT NULL, -- a profile in lower case, or * for all of them
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (client_id, scope)
) STRICT`)
    sql(`CREATE TABLE client_use ( -- how much an application asked on one day
  client_id TEXT NOT NULL REFERENCES client (id) ON DELETE CASCADE,
  day TEXT NOT NULL, -- yyyy-mm-dd, as the clock of this machine has it
  requests INTEGER NOT NULL,
  PRIMARY KEY (client_id, day)
) STRICT`)
    sql(`CREATE TABLE client_plugin ( -- which third-party plug-ins an application may use
  client_id TEXT NOT NULL REFERENCES client (id) ON DELETE CASCADE,
  plugin_id TEXT NOT NULL,
  name TEXT NOT NULL, -- as the owner was shown it
  identity TEXT NOT NULL, -- another plug-in of the same id has another
  since_at INTEGER NOT NULL,
  PRIMARY KEY (client_id, plugin_id)
) STRICT`)
    sql(`INSERT INTO client (id, origin, device, via, name, token_hash, answer_key, issued_at, used_at, invited)
SELECT id, origin, device,
  CASE
    WHEN origin = 'app://gantry' THEN 'inside'
    WHEN device <> '' AND origin LIKE 'https://%' THEN 'lan'
    ELSE 'loopback'
  END,
  name, token_hash, answer_key, issued_at, used_at, invited
FROM old_client`)
    sql(
      'INSERT INTO client_scope (client_id, scope, expires_at) SELECT client_id, scope, expires_at FROM old_client_scope',
    )
    sql(
      'INSERT INTO client_use (client_id, day, requests) SELECT client_id, day, requests FROM old_client_use',
    )
    sql(`INSERT INTO client_plugin (client_id, plugin_id, name, identity, since_at)
SELECT client_id, plugin_id, name, identity, since_at FROM old_client_plugin`)
    for (const table of ['client', 'client_scope', 'client_use', 'client_plugin']) {
      sql(`DROP TABLE temp.old_${table}`)
    }
    sql(`CREATE TABLE silenced ( -- who must not ask the owner again
  origin TEXT NOT NULL,
  via TEXT NOT NULL, -- inside, loopback or lan
  since_at INTEGER NOT NULL,
  PRIMARY KEY (origin, via)
) STRICT`)
  },
}

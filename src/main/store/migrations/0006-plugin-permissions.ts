import type { Migration } from '../migrate.ts'

export const pluginPermissions: Migration = {
  version: 6,
  name: 'plug-in permissions',
  up(sql) {
    // Whoever was invited is one of the owner's own programs.
    sql('ALTER TABLE client ADD COLUMN invited INTEGER NOT NULL DEFAULT 0')
    sql(`UPDATE client SET invited = 1 WHERE id IN (SELECT client_id FROM client_scope WHERE scope = '*')`)
    sql(`CREATE TABLE client_plugin ( -- which plug-ins of strangers an application may use
  client_id TEXT NOT NULL REFERENCES client (id) ON DELETE CASCADE,
  plugin_id TEXT NOT NULL,
  name TEXT NOT NULL, -- as the owner was shown it
  identity TEXT NOT NULL, -- another plug-in of the same id has another
  since_at INTEGER NOT NULL,
  PRIMARY KEY (client_id, plugin_id)
) STRICT`)
  },
}

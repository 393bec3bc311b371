import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'

/** What months do to permissions. Gantry must not run. */
export function expireEverything(dataDir: string): void {
  const database = new DatabaseSync(join(dataDir, 'gantry.sqlite'))
  database.prepare('UPDATE client_scope SET expires_at = ?').run(Date.now() - 60_000)
  database.close()
}

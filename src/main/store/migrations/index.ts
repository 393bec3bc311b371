import type { Migration } from '../migrate.ts'
import { settingsAndNotices } from './0001-settings-and-notices.ts'
import { access } from './0002-access.ts'
import { plugins } from './0003-plugins.ts'
import { printers } from './0004-printers.ts'
import { readings } from './0005-readings.ts'
import { pluginPermissions } from './0006-plugin-permissions.ts'
import { contentsServers } from './0007-contents-servers.ts'
import { printerGroups } from './0008-printer-groups.ts'
import { readingsByKey } from './0009-readings-by-key.ts'
import { unfinishedPrints } from './0010-unfinished-prints.ts'
import { printerAcquaintance } from './0011-printer-acquaintance.ts'
import { whereClientsCallFrom } from './0012-where-clients-call-from.ts'
import { linesKeptOpen } from './0013-lines-kept-open.ts'
import { printerFacts } from './0014-printer-facts.ts'

/** The schema's history, oldest first. docs/schema.md shows what it amounts to. */
export const migrations: readonly Migration[] = [
  settingsAndNotices,
  access,
  plugins,
  printers,
  readings,
  pluginPermissions,
  contentsServers,
  printerGroups,
  readingsByKey,
  unfinishedPrints,
  printerAcquaintance,
  whereClientsCallFrom,
  linesKeptOpen,
  printerFacts,
]

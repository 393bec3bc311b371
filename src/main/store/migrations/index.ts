import type { Migration } from '../migrate.ts'
import { settingsAndNotices } from './0001-settings-and-notices.ts'

/** The schema's history, oldest first. docs/schema.md shows what it amounts to. */
export const migrations: readonly Migration[] = [settingsAndNotices]

/**
 * The one durable truth: rows in SQLite, migrated, backed up, checked at start and restored when damaged.
 * It knows how to keep rows, not what they mean: every room brings its own statements, and its own schemas to
 * parse what comes back. It is not a place for files, logs or anything that may be lost.
 */
export { tryLockFile } from './file-lock.ts'
export { migrations } from './migrations/index.ts'
export { type OpenedStore, openStore, type StoreOptions } from './open-store.ts'
export type { Recovery } from './restore.ts'
export type { Store } from './store.ts'

import { dirname } from 'node:path'
import type { Logger } from '../lib/log.ts'
import type { Backup, Backups } from './backups.ts'
import { type Disk, putInPlace } from './disk.ts'
import { isGoodDatabase } from './examine.ts'
import type { Migration } from './migrate.ts'
import type { Sqlite } from './sqlite.ts'

/** What happened to a damaged database: the person must be told what was lost. */
export interface Recovery {
  /** Where the damaged file lies now. */
  readonly asideFile: string
  /** When the backup that took its place was made; undefined when there was none and we began anew. */
  readonly backupAt: number | undefined
}

export interface RestoreTools {
  readonly sqlite: Sqlite
  readonly disk: Disk
  readonly backups: Backups
  readonly migrations: readonly Migration[]
  readonly now: () => number
  readonly log: Logger
}

/** What of a recovery is on the medium before anything is moved, until the person was told. */
interface Note {
  readonly damagedAt: number
  readonly backupAt: number | undefined
}

/**
 * Restores a database that turns out to be damaged. The damaged file is kept: somebody may be able to read more from
 * it than we are. Killed anywhere on the way, the next start goes on from the note, to the same end; a recovery that
 * ended while nobody was told of it is told then.
 */
export function restoreIfDamaged(file: string, tools: RestoreTools): Recovery | undefined {
  const { sqlite, disk, migrations, now } = tools
  const note = readNote(disk, file)
  const isThere = disk.exists(file)
  if (!isThere && note) return restore(file, note.damagedAt, tools)
  if (isThere && !isGoodDatabase(sqlite, file, migrations)) {
    return restore(file, freeInstant(disk, file, now()), tools)
  }
  // With nothing put aside the damaged file was mended or replaced by somebody else.
  return note && disk.exists(asideOf(file, note.damagedAt)) ? toRecovery(file, note) : undefined
}

/** The person was told: what comes next is another story. */
export function endRecovery(disk: Disk, file: string): void {
  disk.remove(noteOf(file))
}

function restore(file: string, damagedAt: number, tools: RestoreTools): Recovery {
  const { disk, backups, log } = tools
  const backup = backups.list().find(candidate => isGoodBackup(candidate, tools))
  const note: Note = { damagedAt, backupAt: backup?.takenAt }
  putInPlace(disk, noteOf(file), draft => disk.write(draft, JSON.stringify(note)))
  const asideFile = asideOf(file, damagedAt)
  for (const part of ['', '-wal', '-shm']) {
    if (disk.exists(file + part)) disk.rename(file + part, asideFile + part)
  }
  // An old journal beside the restored file would be read into it.
  disk.syncFolder(dirname(file))
  if (backup) putInPlace(disk, file, draft => disk.copy(backup.file, draft))
  log.error('damaged database put aside', { asideFile, backupAt: backup?.takenAt })
  return toRecovery(file, note)
}

function isGoodBackup({ file }: Backup, { sqlite, migrations }: RestoreTools): boolean {
  try {
    return isGoodDatabase(sqlite, file, migrations)
  } catch {
    // One that cannot be read, for whatever reason, is not one to go back to.
    return false
  }
}

const noteOf = (file: string) => `${file}.recovery`
const asideOf = (file: string, damagedAt: number) => `${file}.damaged-${damagedAt}`

/** Nothing that lies aside is written over, whatever the clock says. */
function freeInstant(disk: Disk, file: string, from: number): number {
  let at = from
  while (disk.exists(asideOf(file, at))) at++
  return at
}

function toRecovery(file: string, { damagedAt, backupAt }: Note): Recovery {
  return { asideFile: asideOf(file, damagedAt), backupAt }
}

function readNote(disk: Disk, file: string): Note | undefined {
  const text = disk.read(noteOf(file))
  if (text === undefined) return undefined
  try {
    const { damagedAt, backupAt }: Partial<Note> = JSON.parse(text)
    return typeof damagedAt === 'number' ? { damagedAt, backupAt } : undefined
  } catch {
    return undefined
  }
}

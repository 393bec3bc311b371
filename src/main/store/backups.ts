import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { makeOwnersFile, type SqliteDatabase } from './sqlite.ts'

type BackupReason = 'migration' | 'daily'

export interface Backup {
  readonly file: string
  readonly reason: BackupReason
  readonly takenAt: number
}

export interface Backups {
  /** A whole, compact copy; it appears under its name only when it is complete. */
  take(database: SqliteDatabase, reason: BackupReason): Backup
  /** Newest first. */
  list(): Backup[]
}

const kept: Readonly<Record<BackupReason, number>> = { migration: 3, daily: 1 }
const fileName = /^gantry-(\d{13,15})-(migration|daily)\.sqlite$/

export function createBackups(dir: string, now: () => number): Backups {
  const list = () =>
    readNames(dir)
      .flatMap(name => {
        const [, takenAt, reason] = fileName.exec(name) ?? []
        if (takenAt === undefined || (reason !== 'migration' && reason !== 'daily')) return []
        return [{ file: join(dir, name), reason, takenAt: Number(takenAt) } satisfies Backup]
      })
      .sort((a, b) => b.takenAt - a.takenAt)

  return {
    list,
    take(database, reason) {
      mkdirSync(dir, { recursive: true, mode: 0o700 })
      const takenAt = now()
      const file = join(dir, `gantry-${String(takenAt).padStart(13, '0')}-${reason}.sqlite`)
      const draft = `${file}.draft`
      rmSync(draft, { force: true })
      try {
        makeOwnersFile(draft)
        database.exec(`VACUUM INTO '${draft.replaceAll("'", "''")}'`)
        renameSync(draft, file)
      } catch (thrown) {
        rmSync(draft, { force: true })
        throw thrown
      }
      const tooMany = list().filter(backup => backup.reason === reason)
      for (const old of tooMany.slice(kept[reason])) rmSync(old.file, { force: true })
      return { file, reason, takenAt }
    },
  }
}

function readNames(dir: string): string[] {
  try {
    return readdirSync(dir)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw thrown
  }
}

import { join } from 'node:path'
import { type CopyTools, copyDatabase } from './copy.ts'
import { type Disk, removeIfPossible } from './disk.ts'
import { isDamage, toStoreError } from './sqlite-error.ts'

type BackupReason = 'migration' | 'daily'

export interface Backup {
  readonly file: string
  readonly reason: BackupReason
  /** By the clock of then, which may have been wrong. */
  readonly takenAt: number
  /** Which one it was, counted from 1, so that their order is true whatever the clock said. */
  readonly turn: number
}

export interface BackupJob {
  readonly from: string
  readonly version: number
  readonly reason: BackupReason
  readonly takenAt: number
}

export interface Backups {
  /** Older ones go when this one is known to be good, and not before. Throws one of our errors. */
  take(job: BackupJob): Backup
  /** Newest first. */
  list(): Backup[]
  /** Takes away what a backup that was cut short left behind, where that can be done. */
  sweep(): void
}

export const kept: Readonly<Record<BackupReason, number>> = { migration: 3, daily: 3 }
/** Before backups were counted their names had the time alone; these are older than all others. */
const wholeName = /^gantry-(?:(\d{6})-)?(\d{13,15})-(migration|daily)\.sqlite$/
/** A journal of SQLite may lie beside it. */
const draftName = /^gantry-[\d-]+(?:migration|daily)\.sqlite\.draft/

export function createBackups(dir: string, tools: CopyTools): Backups {
  const { disk } = tools
  const sweep = () => {
    for (const name of namesIn(disk, dir)) {
      if (draftName.test(name)) removeIfPossible(disk, join(dir, name))
    }
  }
  const list = () =>
    disk
      .list(dir)
      .flatMap(name => parseName(dir, name) ?? [])
      .sort((a, b) => b.turn - a.turn || b.takenAt - a.takenAt)

  return {
    list,
    sweep,
    take({ from, version, reason, takenAt }) {
      try {
        const earlier = list()
        const turn = (earlier[0]?.turn ?? 0) + 1
        const file = join(dir, toName(turn, takenAt, reason))
        disk.makeFolder(dir)
        copyDatabase(tools, { from, to: file, version })
        const tooMany = earlier.filter(backup => backup.reason === reason).slice(kept[reason] - 1)
        for (const old of tooMany) removeIfPossible(disk, old.file)
        return { file, reason, takenAt, turn }
      } catch (thrown) {
        // On a full disk SQLite leaves the journal of its copy behind.
        sweep()
        throw toStoreError(thrown, isDamage(thrown) ? from : dir)
      }
    },
  }
}

/** Whoever needs the backups themselves hears of a folder that cannot be read. */
function namesIn(disk: Disk, dir: string): string[] {
  try {
    return disk.list(dir)
  } catch {
    return []
  }
}

function toName(turn: number, takenAt: number, reason: BackupReason): string {
  return `gantry-${String(turn).padStart(6, '0')}-${String(takenAt).padStart(13, '0')}-${reason}.sqlite`
}

function parseName(dir: string, name: string): Backup | undefined {
  const [, turn = '0', takenAt, reason] = wholeName.exec(name) ?? []
  if (takenAt === undefined || (reason !== 'migration' && reason !== 'daily')) return undefined
  return { file: join(dir, name), reason, takenAt: Number(takenAt), turn: Number(turn) }
}

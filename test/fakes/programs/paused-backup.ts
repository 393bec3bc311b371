import { readWords } from '../../../src/main/store/backup-beside.ts'
import { createBackups } from '../../../src/main/store/backups.ts'
import { nodeDisk } from '../../../src/main/store/disk.ts'
import { loadSqlite, type Sqlite } from '../../../src/main/store/sqlite.ts'

/**
 * Takes a backup as the real program does, and stops itself in the middle: it holds the database as it was, and has
 * not looked at its copy. SIGCONT lets it go on.
 */
const { file, dir, version, takenAt } = readWords(process.argv.slice(2))
const sqlite = await loadSqlite()
const pausing: Sqlite = {
  open(path, busyTimeoutMs) {
    const database = sqlite.open(path, busyTimeoutMs)
    const exec = (sql: string) => {
      database.exec(sql)
      if (!sql.startsWith('VACUUM')) return
      database.exec('BEGIN; SELECT count(*) FROM sqlite_schema')
      process.stdout.write('in the middle')
      process.kill(process.pid, 'SIGSTOP')
      database.exec('COMMIT')
    }
    return { ...database, exec }
  },
}
createBackups(dir, { sqlite: pausing, disk: nodeDisk }).take({
  from: file,
  version,
  reason: 'daily',
  takenAt,
})
process.exit(0)

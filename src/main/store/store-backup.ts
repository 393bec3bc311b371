import { readWords } from './backup-beside.ts'
import { createBackups } from './backups.ts'
import { nodeDisk } from './disk.ts'
import { loadSqlite } from './sqlite.ts'

/** The program beside the engine that takes the daily backup; what it prints is why it could not. */
const { file, dir, version, takenAt } = readWords(process.argv.slice(2))
try {
  const backups = createBackups(dir, { sqlite: await loadSqlite(), disk: nodeDisk })
  backups.take({ from: file, version, reason: 'daily', takenAt })
  process.exit(0)
} catch (thrown) {
  process.stderr.write(thrown instanceof Error ? thrown.message : String(thrown), () => process.exit(1))
}

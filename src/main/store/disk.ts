import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'

/** What the store asks of the file system beside SQLite; a test gives one that is full, or dies on the way. */
export interface Disk {
  exists(file: string): boolean
  /** Names; none where there is no such folder. */
  list(dir: string): string[]
  /** For its owner alone, with what is missing above it. */
  makeFolder(dir: string): void
  /** Undefined where there is no such file. */
  read(file: string): string | undefined
  write(file: string, text: string): void
  copy(from: string, to: string): void
  rename(from: string, to: string): void
  /** What is not there is removed already. */
  remove(file: string): void
  /** Its bytes are on the medium when this returns. */
  syncFile(file: string): void
  /** Names made, changed and removed in it are on the medium when this returns. */
  syncFolder(dir: string): void
}

export const nodeDisk: Disk = {
  exists: existsSync,
  list: dir => orAbsent(() => readdirSync(dir)) ?? [],
  makeFolder(dir) {
    const made = mkdirSync(dir, { recursive: true, mode: 0o700 })
    if (made !== undefined) nodeDisk.syncFolder(dirname(made))
  },
  read: file => orAbsent(() => readFileSync(file, 'utf8')),
  write: (file, text) => writeFileSync(file, text, { mode: 0o600 }),
  copy: copyFileSync,
  rename: renameSync,
  remove: file => rmSync(file, { force: true }),
  syncFile: file => sync(file, 'r+'),
  syncFolder(dir) {
    try {
      sync(dir, 'r')
    } catch (thrown) {
      // Windows and some file systems cannot write a folder through by itself, and do so on their own.
      if (!cannotSync.includes(codeOf(thrown))) throw thrown
    }
  },
}

const cannotSync: readonly unknown[] = ['EPERM', 'EISDIR', 'EINVAL', 'ENOTSUP']

/**
 * A file appears under its name only when all of it is on the medium. Whatever cuts this short, the name stays as it
 * was, and the draft beside it is nobody's.
 */
export function putInPlace(disk: Disk, file: string, fill: (draft: string) => void): void {
  const draft = `${file}.draft`
  disk.remove(draft)
  try {
    fill(draft)
    disk.syncFile(draft)
    disk.rename(draft, file)
    disk.syncFolder(dirname(file))
  } catch (thrown) {
    removeIfPossible(disk, draft)
    throw thrown
  }
}

/** For what only takes room: a disk that refuses to give it back is no reason to fail. */
export function removeIfPossible(disk: Disk, file: string): void {
  try {
    disk.remove(file)
  } catch {
    // The next backup and the next start try again.
  }
}

function sync(path: string, flags: 'r' | 'r+'): void {
  const handle = openSync(path, flags)
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function orAbsent<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return undefined
    throw thrown
  }
}

const codeOf = (thrown: unknown) => (thrown as NodeJS.ErrnoException | undefined)?.code

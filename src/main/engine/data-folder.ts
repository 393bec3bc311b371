import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { GantryError } from '../contract/error.ts'

/** What we ask of the file system; a test gives one that is full or read-only. */
export interface FolderFiles {
  makeDir(dir: string): void
  /** Writes the bytes through to the disk and removes the file again. */
  tryWrite(file: string, sizeBytes: number): void
}

/** Less than this and SQLite would fail at its first transaction anyway. */
const probeBytes = 64 * 1024

/** Makes the folder, for its owner alone, and proves that something can be kept there. */
export function prepareDataFolder(dir: string, files: FolderFiles = nodeFolderFiles): void {
  try {
    files.makeDir(dir)
    files.tryWrite(join(dir, `.write-test-${process.pid}`), probeBytes)
  } catch (thrown) {
    throw toFolderError(thrown, dir)
  }
}

function toFolderError(thrown: unknown, dir: string): unknown {
  const code = (thrown as NodeJS.ErrnoException | undefined)?.code
  if (code === undefined) return thrown
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new GantryError(
      'data.full',
      `The disk with the data folder ${dir} is full, so Gantry cannot start. Make room, or choose another folder with --data-dir.`,
      { dir },
      thrown,
    )
  }
  return new GantryError(
    'data.unwritable',
    `Gantry cannot write to its data folder ${dir}: ${reasons[code] ?? code}. Mend that, or choose another folder with --data-dir.`,
    { dir, reason: code },
    thrown,
  )
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'this person has no right to',
  EPERM: 'this person has no right to',
  EROFS: 'the disk is read-only',
  ENOTDIR: 'something on the way there is a file, not a folder',
  EEXIST: 'it is a file, not a folder',
  ENOENT: 'it cannot be made there',
  EIO: 'the disk reports an error',
}

const nodeFolderFiles: FolderFiles = {
  makeDir(dir) {
    makeWithParents(dir)
    if (!statSync(dir).isDirectory()) throw Object.assign(new Error('not a folder'), { code: 'EEXIST' })
  },
  tryWrite(file, sizeBytes) {
    const handle = openSync(file, 'w', 0o600)
    try {
      writeAll(handle, Buffer.alloc(sizeBytes, 1))
      fsyncSync(handle)
    } finally {
      closeSync(handle)
      rmSync(file, { force: true })
    }
  },
}

/**
 * Node's own recursive `mkdir` (20.20) never returns below /proc, where a folder that can be seen cannot take another.
 * What we make is closed to others, whatever the mask; a folder that was there keeps the rights its owner gave it.
 */
function makeWithParents(dir: string): void {
  try {
    makeClosed(dir)
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code
    if (code === 'EEXIST') return
    if (code !== 'ENOENT' || dirname(dir) === dir || existsSync(dirname(dir))) throw thrown
    makeWithParents(dirname(dir))
    makeClosed(dir)
  }
}

function makeClosed(dir: string): void {
  mkdirSync(dir, { mode: 0o700 })
  chmodSync(dir, 0o700)
}

/** A disk that is nearly full takes a part first and refuses the rest. */
function writeAll(handle: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.byteLength; ) at += writeSync(handle, bytes, at)
}

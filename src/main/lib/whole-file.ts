import { closeSync, fchmodSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** What writing asks of the file system; a test gives one that fails on the way. */
export interface WholeFileDisk {
  /** For its owner alone, and on the medium when this returns. */
  write(file: string, text: string): void
  rename(from: string, to: string): void
  /** Names made and changed in it are on the medium when this returns. */
  syncFolder(dir: string): void
  remove(file: string): void
}

const ownerOnly = 0o600
/** Windows and some file systems cannot write a folder through by itself, and do so on their own. */
const cannotSync: readonly unknown[] = ['EPERM', 'EISDIR', 'EINVAL', 'ENOTSUP']

const nodeDisk: WholeFileDisk = {
  write(file, text) {
    const handle = openSync(file, 'w', ownerOnly)
    try {
      // One that was left there keeps the rights it had.
      fchmodSync(handle, ownerOnly)
      writeFileSync(handle, text)
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
  },
  rename: renameSync,
  syncFolder(dir) {
    try {
      const handle = openSync(dir, 'r')
      try {
        fsyncSync(handle)
      } finally {
        closeSync(handle)
      }
    } catch (thrown) {
      if (!cannotSync.includes((thrown as NodeJS.ErrnoException).code)) throw thrown
    }
  },
  remove: file => rmSync(file, { force: true }),
}

/** The file has its old text or all of the new one, whatever cuts this short. Readable by its owner alone. */
export function writeWholeFile(file: string, text: string, disk = nodeDisk): void {
  const draft = `${file}.draft`
  try {
    disk.write(draft, text)
    disk.rename(draft, file)
  } catch (thrown) {
    disk.remove(draft)
    throw thrown
  }
  disk.syncFolder(dirname(file))
}

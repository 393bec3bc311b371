import { type BigIntStats, close, constants, createReadStream, fstat, open, read } from 'node:fs'
import { lstat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import type { Readable } from 'node:stream'
import { GantryError } from '../../contract/error.ts'

/** A file on this machine, to be printed. */
export interface PrintFile {
  /** As a person named it. */
  readonly name: string
  readonly path: string
  readonly sizeBytes: number
  /** Which file was looked at: what has taken its place meanwhile is not printed for it. */
  readonly inode?: string
  /** A new stream of its bytes; every caller destroys its own. */
  open(): Readable
}

/** A file that was handed over. */
export interface HandedOver {
  /**
   * Resolves, and never rejects, when nobody reads the file any more: at once where it was copied, at the end of the run
   * where it is fed from this disk. Until then it must not be deleted.
   */
  readonly over: Promise<void>
}

/** The printer has a copy of its own. */
export const copied: HandedOver = { over: Promise.resolve() }

export function diskFile(path: string, name: string, sizeBytes: number): PrintFile {
  return { name, path, sizeBytes, open: () => createReadStream(path) }
}

/**
 * A file that somebody else named. Links are not followed, on no part of the way: whoever names a path must get what
 * lies there or nothing. Absent, a link, a folder, a device and not readable are all one refusal.
 */
export async function plainFile(path: string): Promise<PrintFile> {
  const found = await look(path)
  const inode = inodeOf(found)
  const file = { name: basename(path), path, sizeBytes: Number(found.size), inode }
  await new Promise<void>((resolve, reject) => {
    // Once now, so that one that may not be read is refused before anything is begun.
    openSame(path, inode, (fault, fd = -1) => {
      if (fault) reject(notPlain(fault))
      else close(fd, () => resolve())
    })
  })
  return { ...file, open: () => readSame(path, inode) }
}

const notPlain = (cause?: unknown): GantryError =>
  new GantryError(
    'file.unreadable',
    'Gantry prints plain files of this machine only, named by their full path without links, and this is none that it can read.',
    {},
    cause,
  )

/** The bytes of that very file; the stream fails where another one is there now. */
export function readSame(path: string, inode: string): Readable {
  return createReadStream(path, {
    fs: {
      open: (_path: string, _flags: string, _mode: number, done: OpenDone) => openSame(path, inode, done),
      read,
      close,
    },
  })
}

type OpenDone = (fault: Error | null, fd?: number) => void

/** A pipe that nobody writes to must not hold Gantry up; Windows knows neither of the two. */
const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/** What was looked at by its name and what is open now need not be the same: the open one counts. */
function openSame(path: string, inode: string, done: OpenDone): void {
  open(path, flags, (fault, fd) => {
    if (fault) {
      done(fault)
      return
    }
    fstat(fd, { bigint: true }, (unknown, found) => {
      if (!unknown && found.isFile() && inodeOf(found) === inode) done(null, fd)
      else close(fd, () => done(unknown ?? notPlain()))
    })
  })
}

const inodeOf = ({ dev, ino }: BigIntStats) => `${dev}:${ino}`

/** Before it is opened: to open a device may already do something. */
async function look(path: string): Promise<BigIntStats> {
  try {
    for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder))
      if (!(await lstat(folder)).isDirectory()) throw notPlain()
    const found = await lstat(path, { bigint: true })
    if (found.isFile()) return found
  } catch (thrown) {
    throw notPlain(thrown)
  }
  throw notPlain()
}

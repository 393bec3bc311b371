import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'

/** A file on this machine, to be printed. */
export interface PrintFile {
  /** As a person named it. */
  readonly name: string
  readonly path: string
  readonly sizeBytes: number
  /** A new stream of its bytes; every caller destroys its own. */
  open(): Readable
}

export function diskFile(path: string, name: string, sizeBytes: number): PrintFile {
  return { name, path, sizeBytes, open: () => createReadStream(path) }
}

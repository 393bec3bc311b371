import { Readable } from 'node:stream'
import type { PrintFile } from '../../../src/main/printers/wire/print-file.ts'

export interface SlowFile extends PrintFile {
  /** Streams of it that are open. */
  readonly openStreams: number
  /** The rest of it comes. */
  finish(): void
}

/** A file of which only the first piece has come so far, as on a slow way to the printer. */
export function slowFile(name: string, sizeBytes: number): SlowFile {
  const first = Buffer.alloc(Math.min(1_000, sizeBytes), 'G')
  const open = new Set<Readable>()
  return {
    name,
    path: `/nowhere/${name}`,
    sizeBytes,
    get openStreams() {
      return open.size
    },
    open() {
      const stream = new Readable({ read() {} })
      open.add(stream)
      stream.once('close', () => open.delete(stream))
      stream.push(first)
      return stream
    },
    finish() {
      for (const stream of open) {
        stream.push(Buffer.alloc(sizeBytes - first.length, 'G'))
        stream.push(null)
      }
    },
  }
}

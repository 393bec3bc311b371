import { Readable } from 'node:stream'
import type { PrintFile } from '../../../src/main/printers/wire/print-file.ts'

/** A file to print that lies only in memory, handed out in pieces as a disk would. */
export function printFile(name: string, content: string, pieceBytes = 4_096): PrintFile {
  const bytes = Buffer.from(content)
  return {
    name,
    path: `/nowhere/${name}`,
    sizeBytes: bytes.length,
    open: () =>
      Readable.from(
        Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, piece) =>
          bytes.subarray(piece * pieceBytes, (piece + 1) * pieceBytes),
        ),
      ),
  }
}

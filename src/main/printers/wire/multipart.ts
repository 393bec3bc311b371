import { createHash, type Hash } from 'node:crypto'
import { Transform } from 'node:stream'
import type { Upload } from './http-client.ts'
import type { PrintFile } from './print-file.ts'

export interface Form {
  readonly contentType: string
  readonly body: Upload
}

/** A file as the form both OctoPrint and Moonraker take; with `hashed` its SHA-256 follows it as `checksum`. */
export function formOf(
  file: PrintFile,
  options: {
    readonly name: string
    readonly fields: Readonly<Record<string, string>>
    readonly boundary: string
    readonly hashed?: boolean
    readonly onSent: (sentBytes: number) => void
  },
): Form {
  const { boundary, name, fields, hashed = false } = options
  const field = (key: string, value: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${key}"\r\n\r\n${value}\r\n`
  const head = Buffer.from(
    Object.entries(fields)
      .map(([key, value]) => field(key, value))
      .join('') +
      `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n` +
      'Content-Type: application/octet-stream\r\n\r\n',
  )
  const hash = hashed ? createHash('sha256') : undefined
  const tailOf = (digest: string) =>
    Buffer.from(`\r\n${hashed ? field('checksum', digest) : ''}--${boundary}--\r\n`)
  const source = file.open()
  const stream = hash ? source.pipe(hashing(hash)) : source
  if (hash) {
    source.on('error', thrown => stream.destroy(thrown))
    stream.on('close', () => source.destroy())
  }
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: {
      head,
      stream,
      sizeBytes: file.sizeBytes,
      tail: {
        sizeBytes: tailOf('0'.repeat(64)).length,
        bytes: () => tailOf(hash?.digest('hex') ?? ''),
      },
      onSent: options.onSent,
    },
  }
}

function hashing(hash: Hash): Transform {
  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      hash.update(piece)
      done(null, piece)
    },
  })
}

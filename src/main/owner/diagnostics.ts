import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { Bytes } from '../handlers/bytes.ts'
import { redact, redactText } from '../lib/redact.ts'
import { zipTexts } from '../lib/zip.ts'

export interface DiagnosticsParts {
  readonly logLines: readonly string[]
  /** One file each, by its name without the ending. */
  readonly facts: Readonly<Record<string, unknown>>
}

export function diagnosticsName(madeAt: number): string {
  const stamp = new Date(madeAt).toISOString().slice(0, 19).replaceAll(':', '-')
  return `gantry-diagnostics-${stamp}.zip`
}

/**
 * The parcel a person sends with a report: text files they can read before they send it. Everything passes
 * redaction once more, whatever was promised where it came from.
 */
export function packDiagnostics({ logLines, facts }: DiagnosticsParts): Uint8Array {
  const files = Object.entries(facts).map(([name, fact]) => [
    `${name}.json`,
    `${JSON.stringify(redact(fact), undefined, 2)}\n`,
  ])
  return zipTexts({ ...Object.fromEntries(files), 'log.jsonl': logLines.map(cleanLine).join('') })
}

/** Packed anew for each reader: what it tells is of the moment it is asked. */
export function zipBytes(fileName: string, zip: Uint8Array): Bytes {
  return {
    sizeBytes: zip.byteLength,
    receivedBytes: zip.byteLength,
    contentType: 'application/zip',
    fileName,
    etag: `"${createHash('sha256').update(zip).digest('base64url').slice(0, 16)}"`,
    read: (start, end) => Readable.from([zip.subarray(start, end)]),
  }
}

function cleanLine(line: string): string {
  try {
    return `${JSON.stringify(redact(JSON.parse(line)))}\n`
  } catch {
    // Not one of our lines: the secrets that show by their form are taken out all the same.
    return `${redactText(line.trimEnd())}\n`
  }
}

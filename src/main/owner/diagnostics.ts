import { redact, redactText } from '../lib/redact.ts'
import { zipTexts } from '../lib/zip.ts'

export interface DiagnosticsParts {
  readonly madeAt: number
  readonly logLines: readonly string[]
  /** One file each, by its name without the ending. */
  readonly facts: Readonly<Record<string, unknown>>
}

/**
 * The parcel a person sends with a report: text files they can read before they send it. Everything passes
 * redaction once more, whatever was promised where it came from.
 */
export function packDiagnostics({ madeAt, logLines, facts }: DiagnosticsParts): {
  readonly fileName: string
  readonly bytes: Uint8Array
} {
  const stamp = new Date(madeAt).toISOString().slice(0, 19).replaceAll(':', '-')
  const files = Object.entries(facts).map(([name, fact]) => [
    `${name}.json`,
    `${JSON.stringify(redact(fact), undefined, 2)}\n`,
  ])
  return {
    fileName: `gantry-diagnostics-${stamp}.zip`,
    bytes: zipTexts({ ...Object.fromEntries(files), 'log.jsonl': logLines.map(cleanLine).join('') }),
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

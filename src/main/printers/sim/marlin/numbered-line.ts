/** What a firmware makes of a line that reached it. */
export type NumberedLine =
  | { readonly kind: 'bare'; readonly command: string }
  | { readonly kind: 'numbered'; readonly number: number; readonly command: string }
  | { readonly kind: 'damaged'; readonly problem: 'checksum' | 'no-checksum' | 'no-number' }

const withNumber = /^N(-?\d+)\s*(.*)$/

export function readNumberedLine(line: string): NumberedLine {
  const text = line.trim()
  const star = text.lastIndexOf('*')
  const body = star < 0 ? text : text.slice(0, star)
  const match = withNumber.exec(body)
  if (!match) return star < 0 ? { kind: 'bare', command: text } : { kind: 'damaged', problem: 'no-number' }
  if (star < 0) return { kind: 'damaged', problem: 'no-checksum' }
  const tail = text.slice(star + 1)
  if (!/^\d+$/.test(tail) || Number(tail) !== checksumOf(Buffer.from(body, 'utf8')))
    return { kind: 'damaged', problem: 'checksum' }
  return { kind: 'numbered', number: Number(match[1]), command: (match[2] ?? '').trim() }
}

/** As the firmware sums it: byte by byte, as they came. */
export function checksumOf(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => sum ^ byte, 0)
}

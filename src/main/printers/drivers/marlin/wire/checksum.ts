/** The XOR of every byte, as firmware of the RepRap family computes it over everything before the `*`. */
export function checksumOf(text: string): number {
  let sum = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code >= 0x80) return checksumOfBytes(text)
    sum ^= code
  }
  return sum
}

function checksumOfBytes(text: string): number {
  let sum = 0
  for (const byte of Buffer.from(text, 'utf8')) sum ^= byte
  return sum
}

/** `N3 G28 X Y*17`: the command with its number and checksum, without the line end. */
export function numberLine(number: number, command: string): string {
  const body = `N${number} ${command}`
  return `${body}*${checksumOf(body)}`
}

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
  if (!/^\d+$/.test(tail) || Number(tail) !== checksumOf(body))
    return { kind: 'damaged', problem: 'checksum' }
  return { kind: 'numbered', number: Number(match[1]), command: (match[2] ?? '').trim() }
}

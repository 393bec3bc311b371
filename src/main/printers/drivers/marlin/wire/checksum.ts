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

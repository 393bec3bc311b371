const mostHeaders = 40

export interface SsdpMessage {
  readonly kind: 'answer' | 'notify'
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>
}

/** A message of SSDP (UPnP 1.1, 1.3); undefined when it is a question or something else. */
export function parseSsdp(text: string): SsdpMessage | undefined {
  const [first = '', ...lines] = text.split(/\r?\n/, mostHeaders)
  const kind = /^NOTIFY \* HTTP\/1/i.test(first)
    ? 'notify'
    : /^HTTP\/1\.[01] 200\b/i.test(first)
      ? 'answer'
      : undefined
  if (kind === undefined) return undefined
  const headers = new Map<string, string>()
  for (const line of lines) {
    if (line === '') break
    const at = line.indexOf(':')
    if (at > 0) headers.set(line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim())
  }
  return { kind, headers }
}

export function searchFor(target: string, port: number): string {
  const lines = [
    'M-SEARCH * HTTP/1.1',
    `HOST: 239.255.255.250:${port}`,
    'MAN: "ssdp:discover"',
    'MX: 2',
    `ST: ${target}`,
  ]
  return `${lines.join('\r\n')}\r\n\r\n`
}

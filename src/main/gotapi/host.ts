const loopbackNames = ['localhost', '127.0.0.1', '[::1]']

/**
 * gotapi 10.4: the Host headers this server goes by. A page whose name was pointed at this machine comes with its
 * own name and is turned away (DNS rebinding).
 */
export function isKnownHost(host: string | undefined, port: number, names: readonly string[]): boolean {
  if (host === undefined) return false
  const lower = host.toLowerCase()
  const suffix = `:${port}`
  if (!lower.endsWith(suffix)) return false
  const name = lower.slice(0, -suffix.length)
  return loopbackNames.includes(name) || names.some(known => known.toLowerCase() === name)
}

/** The origins of the pages this server serves itself under these names. */
export function originsOf(scheme: 'http' | 'https', port: number, names: readonly string[]): string[] {
  return [...loopbackNames, ...names].map(name => `${scheme}://${name.toLowerCase()}:${port}`)
}

import type { IncomingMessage } from 'node:http'
import type { Place } from './place.ts'

const loopbackNames = ['localhost', '127.0.0.1', '[::1]']
/** Browsers leave the port out of Host and Origin where it is the scheme's own. */
const ownPort = { http: 80, https: 443 } as const

type Scheme = keyof typeof ownPort

/**
 * gotapi 10.4: whether a request goes to a name of this server's. A page whose name was pointed at this machine
 * comes with its own name and is turned away (DNS rebinding).
 */
export function goesToUs(
  request: IncomingMessage,
  place: Place,
  extraNames: () => readonly string[],
): boolean {
  const host = onlyHost(request)
  if (host === undefined) return false
  const { scheme } = place
  const port = place.port()
  return (
    isKnownHost(host, scheme, port, loopbackNames) ||
    isKnownHost(host, scheme, port, [...place.hostNames(), ...extraNames()])
  )
}

/** A second Host header would let two readers of one request disagree. */
function onlyHost({ headers, rawHeaders }: IncomingMessage): string | undefined {
  let count = 0
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i]?.length === 4 && rawHeaders[i]?.toLowerCase() === 'host') count += 1
  }
  return count === 1 ? headers.host : undefined
}

function isKnownHost(host: string, scheme: Scheme, port: number, names: readonly string[]): boolean {
  const lower = host.toLowerCase()
  const suffix = `:${port}`
  if (lower.endsWith(suffix)) return hasName(names, lower.slice(0, -suffix.length))
  return port === ownPort[scheme] && hasName(names, lower)
}

const hasName = (names: readonly string[], name: string) => names.some(known => known.toLowerCase() === name)

/** `http://localhost:4035`, or without the port where it is the scheme's own. */
export const originOf = (scheme: Scheme, name: string, port: number): string =>
  `${scheme}://${name.toLowerCase()}${port === ownPort[scheme] ? '' : `:${port}`}`

/** The origins of the pages this server serves itself under these names. */
export function originsOf(scheme: Scheme, port: number, names: readonly string[]): string[] {
  return [...loopbackNames, ...names].map(name => originOf(scheme, name, port))
}

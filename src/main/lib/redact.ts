/** What stands in a log where a secret stood. */
export const redacted = '[redacted]'

const deepest = 12
const longestText = 20_000

/** Names, free of case and of `-` and `_`, whose value nobody but its owner may read. */
const secretNames = new Set([
  'key',
  'hmac',
  'authorization',
  'cookie',
  'setcookie',
  'invitation',
  'pin',
  'accesscode',
  'ticket',
])
const secretEndings = [
  'token',
  'password',
  'passwd',
  'passphrase',
  'secret',
  'apikey',
  'privatekey',
  'hmackey',
]

export function isSecretName(name: string): boolean {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, '')
  return secretNames.has(plain) || secretEndings.some(ending => plain.endsWith(ending))
}

const userInfo = /([a-z][a-z0-9+.-]*:\/\/)[^\s/?#@]+@/gi
const urlPair = /([?&#;])([\w.%~-]{1,64})=([^&#;\s"'<>]*)/g
const loosePair =
  /(["']?)([A-Za-z][\w-]{0,63})\1(\s*[:=]\s*)(?:"[^"]*"|'[^']*'|(?:Bearer |Basic )?[^\s"',;&#}\])]+)/g
const bearer = /\b(Bearer|Basic|Digest)\s+[\w.~+/=-]{8,}/g

/**
 * A text with the secrets taken out that can be told by their form: user and password of an address, values in
 * a query or fragment, `name: value` pairs and JSON, an Authorization header.
 */
export function redactText(text: string): string {
  const short = text.length > longestText ? `${text.slice(0, longestText)}…` : text
  return short
    .replace(userInfo, `$1${redacted}@`)
    .replace(urlPair, (pair, mark: string, name: string) =>
      isSecretName(decoded(name)) ? `${mark}${name}=${redacted}` : pair,
    )
    .replace(bearer, `$1 ${redacted}`)
    .replace(loosePair, (pair, quote: string, name: string, sign: string) =>
      // Alone, `key` and `pin` are ordinary words of a sentence; quoted they are names.
      isSecretName(name) && (quote !== '' || !['key', 'pin'].includes(name.toLowerCase()))
        ? `${quote}${name}${quote}${sign}${quote}${redacted}${quote}`
        : pair,
    )
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

/** A copy fit for a log: plain JSON data, secrets out at any depth, cycles cut, bytes only counted. */
export function redact(thing: unknown): unknown {
  return copy(thing, 0, new Set())
}

function copy(thing: unknown, depth: number, above: Set<object>): unknown {
  if (typeof thing === 'string') return redactText(thing)
  if (typeof thing === 'bigint' || typeof thing === 'symbol') return String(thing)
  if (typeof thing === 'function') return '[function]'
  if (typeof thing !== 'object' || thing === null) return thing
  if (above.has(thing)) return '[circular]'
  if (depth >= deepest) return '[too deep]'
  if (ArrayBuffer.isView(thing)) return `[${thing.byteLength} bytes]`
  if (thing instanceof Date) return Number.isNaN(thing.getTime()) ? 'no date' : thing.toISOString()
  above.add(thing)
  const inside = copyObject(thing, depth + 1, above)
  above.delete(thing)
  return inside
}

function copyObject(thing: object, depth: number, above: Set<object>): unknown {
  if (Array.isArray(thing) || thing instanceof Set) return [...thing].map(item => copy(item, depth, above))
  if (thing instanceof Map)
    return copyPairs(
      [...thing].map(([key, value]) => [String(key), value]),
      depth,
      above,
    )
  if (thing instanceof Error) return copyPairs(errorPairs(thing), depth, above)
  return copyPairs(readPairs(thing), depth, above)
}

function errorPairs(error: Error): [string, unknown][] {
  const own = readPairs(error).filter(([name]) => !['name', 'message', 'stack', 'cause'].includes(name))
  const cause: [string, unknown][] = error.cause === undefined ? [] : [['cause', error.cause]]
  return [['name', error.name], ['message', error.message], ['stack', error.stack], ...own, ...cause]
}

/** A getter that throws costs its own value, never the line. */
function readPairs(thing: object): [string, unknown][] {
  return Object.keys(thing).map(name => {
    try {
      return [name, (thing as Record<string, unknown>)[name]]
    } catch {
      return [name, '[unreadable]']
    }
  })
}

function copyPairs(pairs: readonly [string, unknown][], depth: number, above: Set<object>): unknown {
  return Object.fromEntries(
    pairs
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [
        name,
        isSecretName(name) && value !== null ? redacted : copy(value, depth, above),
      ]),
  )
}

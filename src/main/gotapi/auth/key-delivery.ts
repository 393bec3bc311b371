import { hmacKey } from '../../contract/routes/availability.ts'
import type { AnswerKeys } from './answer-keys.ts'
import { isYes, type No, type Questions } from './questions.ts'

/** `paired`, `removed`: the owner agreed. `malformed`: not an address of this kind. Otherwise why they did not. */
export type KeyDelivery = 'paired' | 'removed' | 'malformed' | No

const LINK_LIMIT_CHARS = 2_000

/**
 * gotapi 10.3: `gotapi://start/…?origin=…&key=…`, handed over by the operating system. Any page can open such a
 * link, so nothing happens before the owner has seen which origin it is about.
 */
export function createKeyDelivery(deps: {
  readonly questions: Questions
  readonly keys: AnswerKeys
  readonly changed: () => void
}) {
  return async (link: string): Promise<KeyDelivery> => {
    const parsed = parseKeyLink(link)
    if (!parsed) return 'malformed'
    const { origin, key } = parsed
    const answer = await deps.questions.ask({ kind: 'key', name: origin }, { origin, via: 'inside' })
    if (!isYes(answer)) return answer
    if (key === '') deps.keys.unpair(origin)
    else deps.keys.pair(origin, key)
    deps.changed()
    return key === '' ? 'removed' : 'paired'
  }
}

function parseKeyLink(link: string): { origin: string; key: string } | undefined {
  if (link.length > LINK_LIMIT_CHARS || !URL.canParse(link)) return undefined
  const { protocol, hostname, searchParams } = new URL(link)
  if (protocol !== 'gotapi:' || hostname !== 'start') return undefined
  const origin = searchParams.get('origin')?.toLowerCase()
  const key = searchParams.get('key')
  if (!origin || /\s/.test(origin) || key === null) return undefined
  return key === '' || hmacKey.safeParse(key).success ? { origin, key } : undefined
}

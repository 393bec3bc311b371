import type { IncomingHttpHeaders } from 'node:http'
import { type Refusal, refuse } from '../../handlers/outcome.ts'
import { limits } from './limits.ts'

export type TextParams = Record<string, string>

const badEncoding = () => refuse('request.invalid', 'A parameter is not valid percent-encoding.')
const tooMany = () => refuse('request.invalid', `A call takes at most ${limits.params} parameters.`)
const badForm = () => refuse('request.invalid', 'The form in the body is broken.')

/** No prototype: a parameter may be called anything. */
export const noParams = (): TextParams => Object.create(null)

/** `a=1&b=2`, as a query or as a urlencoded body, into `params`. */
export function readUrlencoded(text: string, params: TextParams): Refusal | undefined {
  if (text === '') return undefined
  const pairs = text.split('&')
  if (pairs.length > limits.params) return tooMany()
  let fault: Refusal | undefined
  for (const pair of pairs) {
    if (pair === '') continue
    const at = pair.indexOf('=')
    const name = decode(at < 0 ? pair : pair.slice(0, at))
    const value = at < 0 ? '' : decode(pair.slice(at + 1))
    // The rest is read all the same: the refusal has to be signed for the nonce (gotapi 69).
    if (name === undefined || value === undefined) fault = badEncoding()
    else params[name] = value
  }
  return fault
}

function decode(text: string): string | undefined {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    return undefined
  }
}

/** gotapi 3.3: query first, then the body, whose values win. A body of any other kind is ignored. */
export async function readBody(
  headers: IncomingHttpHeaders,
  body: Buffer,
  params: TextParams,
): Promise<Refusal | undefined> {
  const type = headers['content-type'] ?? ''
  const kind = type.split(';')[0]?.trim().toLowerCase()
  if (kind === 'application/x-www-form-urlencoded') return readUrlencoded(body.toString('utf8'), params)
  // A client in the field sends an empty form with every DELETE.
  if (kind === 'multipart/form-data' && body.length > 0) return readForm(type, body, params)
  return undefined
}

/** The runtime's own reader of forms. Bytes have a channel of their own: a file in a call's form goes nowhere. */
async function readForm(type: string, body: Buffer, params: TextParams): Promise<Refusal | undefined> {
  if (countParts(type, body) > limits.params) return tooMany()
  try {
    const form = await new Response(body, { headers: { 'content-type': type } }).formData()
    for (const [name, value] of form) if (typeof value === 'string') params[name] = value
    return undefined
  } catch {
    return badForm()
  }
}

/** Before the reading, which would take its time over thousands of parts. */
function countParts(type: string, body: Buffer): number {
  const boundary = /;\s*boundary="?([^";]+)/i.exec(type)?.[1]
  if (boundary === undefined) return 0
  let count = 0
  for (let at = body.indexOf(boundary); at >= 0; at = body.indexOf(boundary, at + boundary.length)) count += 1
  // The last one ends the form.
  return count - 1
}

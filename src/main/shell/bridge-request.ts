import { z } from 'zod'
import { isGantryError } from '../contract/error.ts'
import { paramsToText } from '../contract/params.ts'
import { routes } from '../contract/routes.ts'
import { type Body, refusal } from './gateway-answer.ts'

/** What a page asked for, once it has proved to be a request. */
export type BridgeCall =
  | { readonly method: string; readonly path: string; readonly params: Readonly<Record<string, string>> }
  | { readonly refused: Body }

const NAME_LIMIT_CHARS = 64
const PARAMS_LIMIT = 64
/** A piece of an uploaded file is the largest thing a page sends. */
const TEXT_LIMIT_CHARS = 4 * 1024 * 1024
const DEPTH_LIMIT = 16

const requestSchema = z.strictObject({
  route: z.string(),
  params: z.record(
    z
      .string()
      .regex(/^[A-Za-z]\w*$/)
      .max(NAME_LIMIT_CHARS),
    z.unknown(),
  ),
})

const invalid = (sentence: string) => ({ refused: refusal('request.invalid', sentence) })

/** @param kind what the channel is for: an EVENT cannot be called, a call cannot be followed. */
export function readBridgeRequest(request: unknown, kind: 'call' | 'follow'): BridgeCall {
  const parsed = requestSchema.safeParse(request)
  if (!parsed.success) return invalid('A call has a route and an object of named values.')
  const { route, params } = parsed.data
  if (!Object.hasOwn(routes, route) || route.startsWith('EVENT ') !== (kind === 'follow')) {
    const sentence = `There is no route “${route.slice(0, NAME_LIMIT_CHARS)}” to ${kind}.`
    return { refused: refusal('request.unknown-profile', sentence) }
  }
  const [method = '', path = ''] = route.split(' ')
  // The main process authorises the window; a page that could ask for itself would hold a token.
  if (path.startsWith('authorization/')) {
    return { refused: refusal('auth.denied', 'The window is authorised already: it cannot ask for a token.') }
  }
  if ('accessToken' in params) return invalid('accessToken is not a page’s to set.')
  const names = Object.keys(params)
  if (names.length > PARAMS_LIMIT) return invalid(`A call has at most ${PARAMS_LIMIT} values.`)
  const odd = names.find(name => !isPlain(params[name], DEPTH_LIMIT))
  if (odd !== undefined) return invalid(`The value of ${odd} is not plain data.`)
  return withText(method, path, params)
}

function withText(method: string, path: string, params: Readonly<Record<string, unknown>>): BridgeCall {
  try {
    const text = paramsToText(params)
    const sizeChars = Object.values(text).reduce((sum, value) => sum + value.length, 0)
    if (sizeChars > TEXT_LIMIT_CHARS) return invalid(`A call carries at most ${TEXT_LIMIT_CHARS} characters.`)
    return { method, path, params: text }
  } catch (thrown) {
    if (isGantryError(thrown)) return invalid(thrown.message)
    throw thrown
  }
}

/** Text, numbers, booleans, null, and lists and objects of them: no dates, maps, buffers, rings or deep towers. */
function isPlain(value: unknown, depthLeft: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (depthLeft === 0) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return false
  return Object.values(value).every(inner => isPlain(inner, depthLeft - 1))
}

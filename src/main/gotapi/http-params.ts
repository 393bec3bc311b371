import type { IncomingHttpHeaders } from 'node:http'
import busboy from 'busboy'
import { type Refusal, refuse } from './error-codes.ts'
import { limits } from './limits.ts'

export type TextParams = Record<string, string>

const badEncoding = () => refuse(10, 'A parameter is not valid percent-encoding.')
const tooMany = () => refuse(10, `A call takes at most ${limits.params} parameters.`)
const badForm = () => refuse(10, 'The form in the body is broken.')

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
  const kind = headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  if (kind === 'application/x-www-form-urlencoded') return readUrlencoded(body.toString('utf8'), params)
  // A client in the field sends an empty form with every DELETE.
  if (kind === 'multipart/form-data' && body.length > 0) return readMultipart(headers, body, params)
  return undefined
}

function readMultipart(
  headers: IncomingHttpHeaders,
  body: Buffer,
  params: TextParams,
): Promise<Refusal | undefined> {
  return new Promise(resolve => {
    let form: busboy.Busboy
    try {
      form = busboy({
        headers,
        limits: {
          fields: limits.params,
          fieldSize: limits.bodyBytes,
          fieldNameSize: limits.nameChars,
          files: limits.params,
          parts: limits.params,
        },
      })
    } catch {
      resolve(badForm())
      return
    }
    let fault: Refusal | undefined
    form.on('field', (name, value) => {
      params[name] = value
    })
    // Files come up in pieces through ordinary parameters; a file part has nowhere to go.
    form.on('file', (_name, stream) => stream.resume())
    for (const limit of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const) {
      form.on(limit, () => {
        fault = tooMany()
      })
    }
    form.on('error', () => resolve(isEmptyForm(body) ? undefined : badForm()))
    form.on('close', () => resolve(fault))
    form.end(body)
  })
}

/** Nothing but the closing boundary. */
const isEmptyForm = (body: Buffer) => body.length < limits.nameChars && !body.includes('Content-Disposition')

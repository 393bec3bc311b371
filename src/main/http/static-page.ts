import { pageHeaders } from '../contract/page-policy.ts'
import type { Encoding, StaticFiles } from '../lib/static-files.ts'
import type { VisitHandler } from './place.ts'

const OK = 200
const NOT_MODIFIED = 304
const NOT_FOUND = 404
const METHOD_NOT_ALLOWED = 405

/** The dashboard's own files, packed as the browser can unpack them. */
export function createStaticPage(files: StaticFiles | undefined): VisitHandler {
  return async ({ request, response, place, path }) => {
    request.resume()
    const { method } = request
    const socketOrigin = `${place.scheme === 'http' ? 'ws' : 'wss'}://${request.headers.host}`
    const headers = { ...pageHeaders([socketOrigin]), vary: 'accept-encoding' }
    const plain = { ...headers, 'content-type': 'text/plain; charset=utf-8' }
    if (method !== 'GET' && method !== 'HEAD') {
      response.writeHead(METHOD_NOT_ALLOWED, { ...plain, allow: 'GET, HEAD' }).end()
      return
    }
    const file = await files?.read(path, encodingsOf(request.headers['accept-encoding']))
    if (!file) {
      response.writeHead(NOT_FOUND, plain).end(method === 'HEAD' ? undefined : 'There is nothing here.\n')
      return
    }
    const found = { ...headers, 'cache-control': file.cacheControl, etag: file.etag }
    if (request.headers['if-none-match'] === file.etag) {
      response.writeHead(NOT_MODIFIED, found).end()
      return
    }
    response.writeHead(OK, {
      ...found,
      'content-type': file.contentType,
      ...(file.encoding && { 'content-encoding': file.encoding }),
      'content-length': file.bytes.byteLength,
    })
    response.end(method === 'HEAD' ? undefined : file.bytes)
  }
}

/** RFC 9110 12.5.3, as far as browsers use it: what is named and not refused with q=0. */
function encodingsOf(accepted: string | string[] | undefined): readonly Encoding[] {
  const wishes = String(accepted ?? '')
    .toLowerCase()
    .split(',')
    .map(wish => wish.replaceAll(' ', ''))
    .filter(wish => !/;q=0(?:\.0*)?$/.test(wish))
    .map(wish => wish.split(';')[0])
  return (['br', 'gzip'] as const).filter(encoding => wishes.includes(encoding))
}

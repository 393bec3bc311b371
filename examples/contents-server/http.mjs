import { Refusal } from './refusal.mjs'

/** @typedef {import('node:http').IncomingMessage} Request */
/** @typedef {import('node:http').ServerResponse} Response */

const mostBodyBytes = 16 * 1024

/** Tokens come in the Authorization header, never in a cookie: so any page may ask, and none rides on another's login. */
const openToPages = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, PUT, DELETE',
  'access-control-allow-headers': 'authorization, content-type',
  'access-control-max-age': '600',
}

/**
 * @param {Request} request
 * @returns {Promise<Record<string, unknown>>}
 */
export async function readJson(request) {
  /** @type {Buffer[]} */
  const pieces = []
  let bytes = 0
  for await (const piece of request) {
    bytes += piece.length
    if (bytes > mostBodyBytes) throw new Refusal('too-large', `A request may have ${mostBodyBytes} bytes.`)
    pieces.push(piece)
  }
  try {
    const body = JSON.parse(Buffer.concat(pieces).toString('utf8'))
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body
  } catch {
    // Said below, as for anything that is no object.
  }
  throw new Refusal('request-invalid', 'The body is not a JSON object.')
}

/**
 * @param {Record<string, unknown>} body
 * @param {string} name
 */
export function textOf(body, name, most = 500) {
  const value = body[name]
  if (typeof value === 'string' && value !== '' && value.length <= most) return value
  throw new Refusal('request-invalid', `${name} must be a text of 1 to ${most} characters.`)
}

/** @param {Request} request */
export function bearerOf(request) {
  return /^Bearer ([\w-]+)$/.exec(request.headers.authorization ?? '')?.[1]
}

/**
 * @param {Response} response
 * @param {number} status
 * @param {unknown} [body]
 */
export function answer(response, status, body) {
  response.writeHead(status, {
    ...openToPages,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
  })
  response.end(body === undefined ? undefined : JSON.stringify(body))
}

/**
 * @param {Response} response
 * @param {number} sizeBytes
 */
export function beginFile(response, sizeBytes) {
  response.writeHead(200, {
    ...openToPages,
    'cache-control': 'no-store',
    'content-type': 'application/octet-stream',
    'content-length': String(sizeBytes),
    'x-content-type-options': 'nosniff',
  })
}

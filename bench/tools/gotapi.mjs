import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'

/**
 * An application that is let in by the code that Gantry keeps for its owner's command line.
 *
 * @param {import('./program.mjs').Running} running
 * @param {string} origin
 * @param {{ key?: string, address?: string }} [options] `key` signs every answer to it (text mode); `address` is another
 * way in than the one of this computer: what it gets counts only there.
 */
export async function enter(running, origin, { key, address = running.address } = {}) {
  /**
   * @param {string} method
   * @param {string} path
   * @param {Record<string, string>} params
   */
  const call = async (method, path, params) => {
    const url = `${address}/gotapi/${path}?${new URLSearchParams(params)}`
    const send = url.startsWith('https:') ? overTls : plainly
    const body = /** @type {Record<string, unknown>} */ (await send(url, method, { origin }))
    if (body.result !== 0) throw new Error(`${method} ${path}: ${body.errorMessage}`)
    return body
  }
  if (key) await call('GET', 'availability', { key })
  const invitation = await running.until(() => codeOf(running.dataDir))
  const granted = await call('GET', 'authorization/grant', {})
  const asked = { clientId: String(granted.clientId), scope: 'all', invitation }
  const { accessToken } = await call('GET', 'authorization/accesstoken', asked)
  return { call, token: String(accessToken) }
}

/** @typedef {(url: string, method: string, headers: Record<string, string>) => Promise<unknown>} Send */

/** @type {Send} */
const plainly = async (url, method, headers) => (await fetch(url, { method, headers })).json()

/** @type {Send} Gantry signs for itself; what is measured is the way, not the trust. */
async function overTls(url, method, headers) {
  const asked = request(url, { method, headers, rejectUnauthorized: false }).end()
  const [response] = /** @type {[import('node:http').IncomingMessage]} */ (await once(asked, 'response'))
  return json(response)
}

/** @param {string} dataDir */
function codeOf(dataDir) {
  try {
    const { url, cliSecret } = JSON.parse(readFileSync(join(dataDir, 'gantry.lock'), 'utf8'))
    return url ? String(cliSecret) : undefined
  } catch {
    return undefined
  }
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * An application that is let in by the code that Gantry keeps for its owner's command line.
 *
 * @param {import('./program.mjs').Running} running
 * @param {string} origin
 * @param {string} [key] signs every answer to it (text mode)
 */
export async function enter(running, origin, key) {
  /**
   * @param {string} method
   * @param {string} path
   * @param {Record<string, string>} params
   */
  const call = async (method, path, params) => {
    const url = `${running.address}/gotapi/${path}?${new URLSearchParams(params)}`
    const response = await fetch(url, { method, headers: { origin } })
    const body = /** @type {Record<string, unknown>} */ (await response.json())
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

/** @param {string} dataDir */
function codeOf(dataDir) {
  try {
    const { url, cliSecret } = JSON.parse(readFileSync(join(dataDir, 'gantry.lock'), 'utf8'))
    return url ? String(cliSecret) : undefined
  } catch {
    return undefined
  }
}

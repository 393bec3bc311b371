import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { pipeline } from 'node:stream/promises'
import { createAttempts } from './attempts.mjs'
import { answer, bearerOf, beginFile, readJson, textOf } from './http.mjs'
import { isPassword } from './passwords.mjs'
import { Refusal } from './refusal.mjs'
import { createShelf } from './shelf.mjs'
import { createTickets } from './tickets.mjs'

/**
 * @typedef {object} Options
 * @property {string} folder the files
 * @property {Readonly<Record<string, string>>} users names and what `hashPassword` made; none: nobody needs to log in
 * @property {string} [name] for people
 * @property {() => number} [now]
 * @property {number} [tokenLifeMs]
 * @property {number} [sessionLifeMs]
 * @property {{ cert: string | Buffer, key: string | Buffer }} [tls]
 * @property {(what: string) => void} [say] told what happened, never a secret
 *
 * @typedef {{ serviceId: string, user: string, selected?: import('./shelf.mjs').ShelfFile, redeemed: boolean,
 *   starts: number, done: boolean }} Purpose what one secure token stands for
 *
 * @typedef {{ request: import('./http.mjs').Request, response: import('./http.mjs').Response, name: string }} Call
 */

const minuteMs = 60_000
const mostLoginsPerMinute = 5
const mostSessions = 1_000
const mostTokens = 5_000
/** A download that broke off may be begun again. */
const mostDownloadStarts = 3

/**
 * A contents server as docs/contents-server.md asks for, to run, to read and to test against.
 *
 * @param {Options} options
 */
export function createContentsServer(options) {
  const { users, name = 'Contents', now = Date.now, say = () => {} } = options
  const shelf = createShelf(options.folder)
  const attempts = createAttempts({ now, most: mostLoginsPerMinute })
  /** @type {ReturnType<typeof createTickets<{ user: string }>>} */
  const sessions = createTickets({ now, lifeMs: options.sessionLifeMs ?? 720 * minuteMs, most: mostSessions })
  /** @type {ReturnType<typeof createTickets<Purpose>>} */
  const tokens = createTickets({ now, lifeMs: options.tokenLifeMs ?? 10 * minuteMs, most: mostTokens })
  const needsLogin = Object.keys(users).length > 0

  /** @param {Call} call */
  async function login({ request, response }) {
    const body = await readJson(request)
    const user = textOf(body, 'user')
    const password = textOf(body, 'password')
    if (!attempts.mayTry(`${user} ${request.socket.remoteAddress}`)) {
      throw new Refusal('too-often', 'Too many wrong passwords. Try again in a minute.')
    }
    if (!(await isPassword(password, Object.hasOwn(users, user) ? users[user] : undefined))) {
      throw new Refusal('login-wrong', 'User name or password is wrong.')
    }
    const { secret, expiresAt } = sessions.issue({ user })
    say(`${user} logged in`)
    answer(response, 200, { session: secret, expire: expiresAt })
  }

  /** @param {Call} call */
  async function logout({ request, response }) {
    sessions.end(bearerOf(request) ?? '')
    answer(response, 204)
  }

  /** 3DP-2 @param {Call} call */
  async function issueToken({ request, response }) {
    const session = sessions.find(bearerOf(request) ?? '')
    if (needsLogin && (session === undefined || session.isExpired)) {
      throw new Refusal('session-unknown', 'Log in first.')
    }
    const body = await readJson(request)
    const serviceId = textOf(body, 'serviceId')
    textOf(body, 'accessToken')
    const user = session?.what.user ?? 'anybody'
    const { secret, expiresAt } = tokens.issue({ serviceId, user, redeemed: false, starts: 0, done: false })
    say(`a token was issued to ${user}`)
    answer(response, 200, { serviceId, secureToken: secret, expire: expiresAt, ...nonceOf(body) })
  }

  /** @param {string | undefined} secret */
  function purposeOf(secret) {
    const found = tokens.find(secret ?? '')
    if (found === undefined) throw new Refusal('token-unknown', 'This token is not one of this server.')
    if (found.isExpired) throw new Refusal('token-expired', 'This token is past its time.')
    if (found.what.done) throw new Refusal('token-used', 'This token was used already.')
    return found.what
  }

  /** @param {Call} call */
  async function listFiles({ request, response }) {
    purposeOf(bearerOf(request))
    answer(response, 200, { files: await shelf.list() })
  }

  /** @param {Call} call */
  async function select({ request, response }) {
    const purpose = purposeOf(bearerOf(request))
    if (purpose.redeemed) throw new Refusal('token-used', 'The printer was told its file already.')
    const file = await shelf.find(textOf(await readJson(request), 'name'))
    if (file === undefined) throw new Refusal('not-found', 'There is no such file.')
    purpose.selected = file
    answer(response, 200, file)
  }

  /** 3DP-3 @param {Call} call */
  async function redeem({ request, response }) {
    const body = await readJson(request)
    const serviceId = textOf(body, 'serviceId')
    textOf(body, 'accessToken')
    const purpose = purposeOf(textOf(body, 'secureToken'))
    if (purpose.serviceId !== serviceId) {
      throw new Refusal('token-other', 'This token was issued for another printer.')
    }
    if (purpose.redeemed) throw new Refusal('token-used', 'This token was used already.')
    const { selected } = purpose
    if (selected === undefined) throw new Refusal('nothing-selected', 'No file was selected with this token.')
    purpose.redeemed = true
    say(`${selected.name} goes to ${serviceId}`)
    answer(response, 200, {
      serviceId,
      order: 0,
      uri: `${hostOf(request)}/files/${encodeURIComponent(selected.name)}`,
      msg: 'Good Start',
      name: selected.name,
      sizeBytes: selected.sizeBytes,
      ...nonceOf(body),
    })
  }

  /** @param {Call} call */
  async function download({ request, response, name: wanted }) {
    const purpose = purposeOf(bearerOf(request))
    const file = purpose.selected
    if (!purpose.redeemed || file === undefined || file.name !== wanted) {
      throw new Refusal('token-other', 'This token is not for this file.')
    }
    if (purpose.starts >= mostDownloadStarts) throw new Refusal('token-used', 'This token was used already.')
    purpose.starts += 1
    const current = await shelf.find(file.name)
    if (current?.sizeBytes !== file.sizeBytes) {
      throw new Refusal('not-found', 'The file is not there any more, or was changed.')
    }
    beginFile(response, file.sizeBytes)
    if (file.sizeBytes === 0) response.end()
    else await pipeline(shelf.read(file), response)
    purpose.done = true
    say(`${file.name} was fetched`)
  }

  /** @type {Readonly<Record<string, (call: Call) => Promise<void>>>} */
  const calls = {
    'GET /about': async ({ response }) =>
      answer(response, 200, { contentsServer: 1, name, login: needsLogin ? 'password' : 'none' }),
    'POST /login': login,
    'DELETE /login': logout,
    'POST /token': issueToken,
    'GET /files': listFiles,
    'PUT /selection': select,
    'POST /redeem': redeem,
  }

  /**
   * @param {import('./http.mjs').Request} request
   * @param {import('./http.mjs').Response} response
   */
  async function serve(request, response) {
    const { method = 'GET' } = request
    if (method === 'OPTIONS') {
      answer(response, 204)
      return
    }
    const path = new URL(request.url ?? '/', 'http://here').pathname
    const call = calls[`${method} ${path}`]
    if (call) {
      await call({ request, response, name: '' })
      return
    }
    const file = /^\/files\/([^/]+)$/.exec(path)?.[1]
    if (method === 'GET' && file) {
      await download({ request, response, name: decoded(file) })
      return
    }
    throw new Refusal('not-found', 'There is no such thing here.')
  }

  /** @type {import('node:http').RequestListener} */
  const hear = (request, response) => {
    serve(request, response).catch(thrown => {
      if (response.headersSent) {
        response.destroy()
        return
      }
      const refusal = thrown instanceof Refusal ? thrown : undefined
      if (refusal?.word === 'too-often') response.setHeader('retry-after', '60')
      // What is unread of the body would be taken for the next request.
      if (!request.complete) response.setHeader('connection', 'close')
      if (!refusal) say(`a mistake: ${thrown}`)
      const body = refusal
        ? { error: refusal.word, message: refusal.message }
        : { error: 'internal', message: 'Something went wrong here.' }
      answer(response, refusal?.status ?? 500, body)
    })
  }
  const server = options.tls ? createTlsServer(options.tls, hear) : createServer(hear)
  server.headersTimeout = 10_000
  server.requestTimeout = 30_000
  server.maxConnections = 200

  /** @param {import('./http.mjs').Request} request */
  const hostOf = request => `${options.tls ? 'https' : 'http'}://${request.headers.host}`

  return {
    /**
     * @param {number} port 0 for any free one
     * @param {string} [host]
     * @returns {Promise<string>} its address
     */
    listen(port, host = '127.0.0.1') {
      return new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, host, () => {
          const address = server.address()
          const own = typeof address === 'object' ? address?.port : port
          const shown = host.includes(':') ? `[${host}]` : host
          resolve(`${options.tls ? 'https' : 'http'}://${shown}:${own}`)
        })
      })
    },
    /** @returns {Promise<void>} */
    close() {
      return new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}

/** @param {Record<string, unknown>} body */
const nonceOf = body => (typeof body.nonce === 'string' ? { nonce: body.nonce.slice(0, 500) } : {})

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Lets a plug-in written for node-gotapi run unchanged (gotapi 14.2): its package exports a constructor that is given
 * a `util` object. Such a plug-in names methods in lower case, calls the hooks by the names below (spelled so), and
 * knows approval as two hooks.
 */

/** @typedef {Record<string, any>} Message */

const hooks = /** @type {const} */ ({
  getNetworkServices: 'onservicediscoverry',
  createClient: 'onclinetid',
  requestAccessToken: 'onaccesstoken',
})

/** @param {Message} message as Gantry sends it */
function toNodeGotapi(message) {
  const { action, params, ...rest } = message
  return { ...rest, method: action.toLowerCase(), params: { ...params, serviceId: message.serviceId } }
}

/** @param {Message} message as the plug-in answers: the request with the answer written into it */
function fromNodeGotapi(message) {
  const { method: _method, action: _action, params: _params, _client, ...rest } = message
  return { ...rest, action: 'RESPONSE', result: Number(message.result ?? 0) }
}

/**
 * @param {any} Plugin the constructor the package exports
 * @param {string} folder
 */
export function adaptNodeGotapi(Plugin, folder) {
  if (typeof Plugin !== 'function') return undefined
  /** @param {{ send(message: Message): void, on(name: string, listener: (message: Message) => void): void }} port */
  return port => {
    /** @type {Message} */
    const util = {
      rootPath: folder,
      /** @type {Message} */
      info: readInfo(folder),
      /** @param {Message} info */
      init(info) {
        util.info = { ...util.info, ...info }
      },
      /** @param {Message} message */
      returnMessage: message => port.send(fromNodeGotapi(message)),
      /** @param {Message} message */
      pushMessage: message => port.send({ ...withoutMethod(message), action: 'EVENT' }),
    }
    const plugin = new Plugin(util)
    port.on('message', message => answer(util, port, message))
    return new Promise(resolve => {
      if (typeof plugin.init === 'function') plugin.init(resolve)
      else resolve(undefined)
    })
  }
}

/**
 * @param {Message} util
 * @param {{ send(message: Message): void }} port
 * @param {Message} message
 */
function answer(util, port, message) {
  if (message.requestCode === undefined) return
  const hook = hooks[/** @type {keyof typeof hooks} */ (message.attribute)]
  const own = message.profile === 'networkServiceDiscovery' || message.profile === 'authorization'
  const listener = own && hook ? util[hook] : util.onmessage
  if (typeof listener === 'function') return listener(toNodeGotapi(message))
  /** @type {Message} */
  const reply = { action: 'RESPONSE', requestCode: message.requestCode, result: 0 }
  if (message.attribute === 'getNetworkServices') reply.services = util.info.services ?? []
  // It has no approval of its own.
  else Object.assign(reply, { result: 1, errorCode: 2 })
  port.send(reply)
}

/** @param {Message} message */
function withoutMethod({ method: _method, ...rest }) {
  return rest
}

/** @param {string} folder */
function readInfo(folder) {
  return JSON.parse(readFileSync(join(folder, 'plugin.json'), 'utf8'))
}

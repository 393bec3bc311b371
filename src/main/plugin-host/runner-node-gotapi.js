import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Lets a plug-in written for node-gotapi run unchanged (gotapi 14.2). Its package exports a constructor that is given
 * a `util` object: the plug-in puts its hooks there (spelled as below) and answers through it. Methods are in lower
 * case, and an answer is the request itself with the answer written into it.
 */

/** @typedef {Record<string, any>} Message */
/** @typedef {{ send(message: Message): void, on(name: string, listener: (message: Message) => void): void }} Port */

/** @param {Message} message as Gantry sends it */
function toNodeGotapi({ action, params, ...rest }) {
  return { ...rest, method: action.toLowerCase(), params: { ...params, serviceId: rest.serviceId } }
}

/** @param {Message} message as the plug-in hands it back */
function toResponse({ method: _method, params: _params, accept: _accept, ...rest }) {
  return { ...rest, action: 'RESPONSE', result: rest.result ?? 0 }
}

/** @param {Message} message @param {string} why */
function toRefusal(message, why) {
  return toResponse({ ...message, result: 1, errorCode: 11, errorMessage: message.errorMessage ?? why })
}

/**
 * @param {any} Plugin the constructor the package exports
 * @param {string} folder
 */
export function adaptNodeGotapi(Plugin, folder) {
  if (typeof Plugin !== 'function') return undefined
  /** @param {Port} port */
  return port => {
    const util = createUtil(port, JSON.parse(readFileSync(join(folder, 'plugin.json'), 'utf8')))
    const plugin = new Plugin(util)
    port.on('message', message => {
      // Lifecycle messages are unknown to such a plug-in.
      if (message.requestCode !== undefined) listenerFor(util, message)(toNodeGotapi(message))
    })
    return new Promise(resolve => plugin.init(resolve))
  }
}

/** @param {Port} port @param {Message} manifest */
function createUtil(port, manifest) {
  /** @type {Message} */
  const util = {
    info: manifest,
    /** @param {Message} info */
    init(info) {
      util.info = info
    },
    /** @param {Message} message */
    returnServiceDiscovery: message => port.send(toResponse({ ...message, result: 0 })),
    /** @param {Message} message */
    returnClientIdRequest: message =>
      port.send(
        message.accept === true
          ? toResponse({ ...message, result: 0, clientId: randomUUID() })
          : toRefusal(message, 'the plug-in gave no client id'),
      ),
    /** @param {Message} message */
    returnAccessTokenRequest: message =>
      port.send(
        message.accept === true
          ? toResponse({ ...message, result: 0, accessToken: randomUUID() })
          : toRefusal(message, 'the plug-in gave no access token'),
      ),
    /** @param {Message} message */
    returnMessage: message => port.send(toResponse(message)),
    /** @param {Message} message */
    pushMessage: ({ method: _method, ...message }) => port.send({ ...message, action: 'EVENT' }),
  }
  return util
}

/**
 * @param {Message} util
 * @param {Message} message
 * @returns {(message: Message) => void}
 */
function listenerFor(util, message) {
  switch (`${message.profile} ${message.attribute}`) {
    case 'networkServiceDiscovery getNetworkServices':
      return (
        util.onservicediscoverry ??
        (asked => util.returnServiceDiscovery({ ...asked, services: util.info.services }))
      )
    case 'authorization createClient':
      return withConsent(util.onclinetid ?? util.returnClientIdRequest)
    case 'authorization requestAccessToken':
      return withConsent(util.onaccesstoken ?? util.returnAccessTokenRequest)
    default:
      return util.onmessage
  }
}

/** Yes, unless the plug-in's hook says otherwise. */
const withConsent =
  (/** @type {(message: Message) => void} */ listener) => (/** @type {Message} */ message) =>
    listener({ ...message, accept: true })

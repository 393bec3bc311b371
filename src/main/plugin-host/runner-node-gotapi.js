import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Lets a plug-in written for node-gotapi run unchanged (gotapi 14.2). Its package exports a constructor that is given
 * a `util` object: the plug-in puts its hooks there (spelled as below) and answers through it. Methods are in lower
 * case, and an answer is the request itself with the answer written into it.
 */

/** @typedef {Readonly<Record<string, unknown>>} Message */
/** @typedef {(message: Message) => void} Hook */
/** @typedef {{ send(message: Message): void, on(name: string, listener: (message?: unknown) => void): void }} Port */
/**
 * What the plug-in is given; the hooks are its own to put there.
 * @typedef {object} Util
 * @property {Message} info
 * @property {(info: Message) => void} init
 * @property {Hook} returnServiceDiscovery
 * @property {Hook} returnClientIdRequest
 * @property {Hook} returnAccessTokenRequest
 * @property {Hook} returnMessage
 * @property {Hook} pushMessage
 * @property {Hook} [onservicediscoverry]
 * @property {Hook} [onclinetid]
 * @property {Hook} [onaccesstoken]
 * @property {Hook} [onmessage]
 */
/** @typedef {new (util: Util) => { init(ready: (value?: unknown) => void): void }} PluginConstructor */

/** @param {unknown} thing @returns {Message} */
const fieldsOf = thing => (typeof thing === 'object' && thing !== null ? /** @type {Message} */ (thing) : {})

/** @param {Message} message as Gantry sends it */
function toNodeGotapi({ action, params, ...rest }) {
  return {
    ...rest,
    method: String(action).toLowerCase(),
    params: { ...fieldsOf(params), serviceId: rest.serviceId },
  }
}

/** @param {Message} message as the plug-in hands it back @returns {Message} */
function toResponse({ method: _method, params: _params, accept: _accept, ...rest }) {
  return { ...rest, action: 'RESPONSE', result: rest.result ?? 0 }
}

/** @param {Message} message @param {string} why */
function toRefusal(message, why) {
  return toResponse({ ...message, result: 1, errorCode: 11, errorMessage: message.errorMessage ?? why })
}

/**
 * @param {unknown} exported the constructor of the package
 * @param {string} folder
 */
export function adaptNodeGotapi(exported, folder) {
  if (typeof exported !== 'function') return undefined
  const Plugin = /** @type {PluginConstructor} */ (exported)
  /** @param {Port} port */
  return port => {
    const util = createUtil(port, fieldsOf(JSON.parse(readFileSync(join(folder, 'plugin.json'), 'utf8'))))
    const plugin = new Plugin(util)
    port.on('message', heard => {
      const message = fieldsOf(heard)
      // Lifecycle messages are unknown to such a plug-in.
      if (message.requestCode !== undefined) listenerFor(util, message)(toNodeGotapi(message))
    })
    return new Promise(resolve => plugin.init(resolve))
  }
}

/** @param {Port} port @param {Message} manifest */
function createUtil(port, manifest) {
  /** @type {Util} */
  const util = {
    info: manifest,
    init(info) {
      util.info = info
    },
    returnServiceDiscovery: message => port.send(toResponse({ ...message, result: 0 })),
    returnClientIdRequest: message =>
      port.send(
        message.accept === true
          ? toResponse({ ...message, result: 0, clientId: randomUUID() })
          : toRefusal(message, 'the plug-in gave no client id'),
      ),
    returnAccessTokenRequest: message =>
      port.send(
        message.accept === true
          ? toResponse({ ...message, result: 0, accessToken: randomUUID() })
          : toRefusal(message, 'the plug-in gave no access token'),
      ),
    returnMessage: message => port.send(toResponse(message)),
    pushMessage: ({ method: _method, ...message }) => port.send({ ...message, action: 'EVENT' }),
  }
  return util
}

/**
 * @param {Util} util
 * @param {Message} message
 * @returns {Hook}
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
      return util.onmessage ?? (asked => util.returnMessage({ ...asked, result: 1, errorCode: 2 }))
  }
}

/** Yes, unless the plug-in's hook says otherwise. */
const withConsent = (/** @type {Hook} */ listener) => (/** @type {Message} */ message) =>
  listener({ ...message, accept: true })

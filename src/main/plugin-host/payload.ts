import type { Payload } from '../handlers/handler.ts'
import type { EventMessage, ResponseMessage } from './plugin.ts'

/** gotapi 3.4: names the server owns; a plug-in's value under one of them never reaches an application. */
const reserved = new Set(
  [
    'if_type',
    'request_id',
    'request_url',
    'params',
    'package',
    'api',
    'profile',
    'interface',
    'attribute',
    'method',
    'receiver',
    'requestCode',
    'clientId',
    'accessToken',
    'sessionKey',
    'origin',
    'action',
    'result',
    'errorCode',
    'errorMessage',
    'errorText',
    'statusCode',
    'product',
    'version',
    'hmac',
    'nonce',
    'serviceId',
  ].map(name => name.toLowerCase()),
)

/** gotapi 46: what is left for the application. Compared without case: a client may read names that way. */
export function payloadOf(message: ResponseMessage | EventMessage): Payload {
  return Object.fromEntries(
    Object.entries(message).filter(([name]) => !name.startsWith('_') && !reserved.has(name.toLowerCase())),
  )
}

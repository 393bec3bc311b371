/** gotapi 3.4: around the payload of each answer. */
const envelope = [
  'result',
  'product',
  'version',
  'hmac',
  'nonce',
  'errorCode',
  'errorMessage',
  'serviceId',
] as const

/** gotapi 9: around the payload of each event. */
const frame = ['result', 'serviceId', 'profile', 'interface', 'attribute'] as const

/** gotapi 7: around the payload of a message between Gantry and a plug-in. None of them is for an application. */
const message = [
  'action',
  'requestCode',
  'clientId',
  'accessToken',
  'sessionKey',
  'origin',
  'package',
  'api',
  'method',
  'params',
  'receiver',
  'if_type',
  'request_id',
  'request_url',
  'errorText',
  'statusCode',
] as const

/** The one list of names that a payload cannot put its own value under: wherever it could be mistaken for Gantry's. */
export const reservedNames = {
  answer: new Set<string>(envelope),
  event: new Set<string>([...frame, ...message]),
  /** In lower case: a client may read names without regard to it. */
  ofPlugin: new Set<string>([...envelope, ...frame, ...message].map(name => name.toLowerCase())),
} as const

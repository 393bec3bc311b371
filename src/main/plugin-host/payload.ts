import { reservedNames } from '../contract/reserved-names.ts'
import type { Payload } from '../handlers/handler.ts'
import type { EventMessage, ResponseMessage } from './plugin.ts'

/** gotapi 46: what is left for the application. Compared without case: a client may read names that way. */
export function payloadOf(message: ResponseMessage | EventMessage): Payload {
  return Object.fromEntries(
    Object.entries(message).filter(
      ([name]) => !name.startsWith('_') && !reservedNames.ofPlugin.has(name.toLowerCase()),
    ),
  )
}

import { z } from 'zod'

/** Why the line to a printer is down, or an address gives no answer, as data each screen says in its language. */
const linkReasons = [
  'refused',
  'no-name',
  'unreachable',
  'silent',
  'key',
  'something-else',
  'broke',
  'certificate',
  'redirected',
  'too-large',
  'port-missing',
  'port-forbidden',
  'port-busy',
  'unplugged',
  'busy',
  'bug',
  'other',
] as const

export const linkReason = z.enum(linkReasons)
export type LinkReason = z.output<typeof linkReason>

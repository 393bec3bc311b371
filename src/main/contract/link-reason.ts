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
  // Opening its port would start it anew, in the middle of its own print or after it stopped itself.
  'left-printing',
  'left-halted',
  'busy',
  'bug',
  'other',
] as const

export const linkReason = z.enum(linkReasons)
export type LinkReason = z.output<typeof linkReason>

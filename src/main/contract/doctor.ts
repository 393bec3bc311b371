import { z } from 'zod'
import { why } from './found.ts'
import { linkReason } from './link-reason.ts'

/** What the doctor can find, as data each screen says in its language. `params` are names, never sentences. */
const findingCodes = [
  'no-network',
  'network',
  'not-listening',
  'multicast',
  'no-multicast',
  'foreign',
  'not-address',
  'other-network',
  'port-open',
  'port-closed',
  'http',
  'http-nothing',
  'http-failed',
  'line-up',
  'line-connecting',
  'line-down',
  'ports',
  'no-ports',
  'ports-unknown',
  'not-printer',
  'may-open',
  'may-not-open',
  'port-held',
  'port-grabbed',
  'no-udevadm',
] as const

export const finding = z.object({
  code: z.enum(findingCodes),
  level: z.enum(['good', 'note', 'bad']),
  params: z.record(z.string(), z.string()).readonly(),
  /** Why a line or an address gives no answer. */
  reason: linkReason.optional(),
  /** Why something is taken for a printer, or for none. */
  why: why.optional(),
  text: z.string().describe('what was found, in English'),
  todo: z.string().optional().describe('what to do about it, in English'),
})

export type Finding = z.output<typeof finding>
export type FindingCode = Finding['code']

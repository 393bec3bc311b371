import { createHmac } from 'node:crypto'
import { type Refusal, refuse } from '../../handlers/outcome.ts'

/** gotapi 10.3: how a key and a nonce become bytes depends on how the key came. */
export type KeyMode = 'hex' | 'text'

export interface AnswerKey {
  readonly mode: KeyMode
  readonly key: string
}

const hexOnly = /^[0-9a-fA-F]*$/
const NONCE_LIMIT_CHARS = 1_024

export function signNonce({ mode, key }: AnswerKey, nonce: string): string {
  if (mode === 'text')
    return createHmac('sha256', Buffer.from(key, 'latin1')).update(nonce, 'latin1').digest('hex')
  // An odd digit at the end is dropped, as the clients in the field do; Buffer does the same.
  return createHmac('sha256', Buffer.from(key, 'hex')).update(Buffer.from(nonce, 'hex')).digest('hex')
}

const badNonce = (message: string) => refuse('request.invalid', message, { name: 'nonce' })

/** @returns why this nonce cannot be signed with this key; undefined when it can. */
export function nonceFault({ mode }: AnswerKey, nonce: string): Refusal | undefined {
  if (nonce.length > NONCE_LIMIT_CHARS) return badNonce('The nonce is too long.')
  if (mode === 'hex' && !hexOnly.test(nonce)) return badNonce('The nonce must be hexadecimal digits.')
  return undefined
}

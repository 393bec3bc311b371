import { toHex } from './world.ts'

/**
 * gotapi 10.3: a key shared with the genuine server. `hex`: it was delivered by a gotapi:// link, key and nonce
 * are bytes written in hex. `text`: it was delivered by the availability call, both are taken letter by letter.
 */
export interface ServerKey {
  readonly key: string
  readonly mode: 'hex' | 'text'
}

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(new TextEncoder().encode(text))

function bytesOfHex(hex: string): Uint8Array<ArrayBuffer> {
  const pairs = hex.match(/../g) ?? []
  return Uint8Array.from(pairs, pair => Number.parseInt(pair, 16))
}

/** What a server that holds the key answers to this nonce. */
export async function hmacOf({ key, mode }: ServerKey, nonce: string): Promise<string> {
  const read = mode === 'hex' ? bytesOfHex : bytesOf
  const secret = await crypto.subtle.importKey('raw', read(key), { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
  ])
  return toHex(new Uint8Array(await crypto.subtle.sign('HMAC', secret, read(nonce))))
}

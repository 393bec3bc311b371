import { createDecipheriv, createECDH, hkdfSync } from 'node:crypto'

const sealInfo = 'gantry contents login 1'
const tagBytes = 16
const longest = 8_000

/** One question's own lock: what was sealed for it opens here, once it is closed nowhere. */
export interface Lock {
  /** A point of P-256, uncompressed, in base64url. */
  readonly publicKey: string
  /** undefined for anything that was not sealed with this very key for this very question. */
  open(sealed: string, about: string): string | undefined
}

/**
 * ECDH on P-256, HKDF-SHA-256, AES-256-GCM, as WebCrypto has them in every page: `seal.ts` of the page is the other
 * half. Credentials travel in it, so that no line of GotAPI-1 ever carries them (gotapi 103).
 */
export function createLock(): Lock {
  const own = createECDH('prime256v1')
  const publicKey = own.generateKeys().toString('base64url')
  return {
    publicKey,
    open(sealed, about) {
      const [key, iv, box] = sealed.split('.').map(part => Buffer.from(part, 'base64url'))
      if (sealed.length > longest || !key || iv?.length !== 12 || !box || box.length < tagBytes)
        return undefined
      try {
        const secret = own.computeSecret(key)
        const opener = createDecipheriv(
          'aes-256-gcm',
          Buffer.from(hkdfSync('sha256', secret, key, sealInfo, 32)),
          iv,
        )
        opener.setAAD(Buffer.from(about))
        opener.setAuthTag(box.subarray(-tagBytes))
        return Buffer.concat([opener.update(box.subarray(0, -tagBytes)), opener.final()]).toString('utf8')
      } catch {
        return undefined
      }
    },
  }
}

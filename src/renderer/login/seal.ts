const info = new TextEncoder().encode('gantry contents login 1')
const curve = { name: 'ECDH', namedCurve: 'P-256' } as const

/**
 * Seals what a person typed for one login and for nobody but the plug-in that asks (gotapi 103): ECDH on P-256,
 * HKDF-SHA-256, AES-256-GCM. `contents/sealed.ts` of the engine is the other half.
 */
export async function seal(text: string, lock: { readonly id: string; readonly publicKey: string }) {
  const { subtle } = crypto
  const theirs = await subtle.importKey('raw', bytesOf(lock.publicKey), curve, false, [])
  const ours = await subtle.generateKey(curve, true, ['deriveBits'])
  const salt = new Uint8Array(await subtle.exportKey('raw', ours.publicKey))
  const secret = await subtle.deriveBits({ name: 'ECDH', public: theirs }, ours.privateKey, 256)
  const material = await subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey'])
  const key = await subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt, info },
    material,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt'],
  )
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const additionalData = new TextEncoder().encode(lock.id)
  const box = await subtle.encrypt(
    { name: 'AES-GCM', iv, additionalData },
    key,
    new TextEncoder().encode(text),
  )
  return [salt, iv, new Uint8Array(box)].map(textOf).join('.')
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const binary = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, letter => letter.charCodeAt(0))
}

function textOf(bytes: Uint8Array): string {
  const binary = Array.from(bytes, byte => String.fromCharCode(byte)).join('')
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

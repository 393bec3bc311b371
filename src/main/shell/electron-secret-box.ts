import type { SafeStorage } from 'electron'
import { GantryError } from '../contract/error.ts'
import type { SecretBox } from '../lib/secret-box.ts'

type Keychain = Pick<SafeStorage, 'isEncryptionAvailable' | 'encryptString' | 'decryptString'> & {
  readonly getSelectedStorageBackend?: SafeStorage['getSelectedStorageBackend']
}

const mark = 'keychain:'

/** Whether the system keeps a key for us that other people and a stolen disk do not have. */
export function hasKeychain(keychain: Keychain, system: NodeJS.Platform): boolean {
  if (!keychain.isEncryptionAvailable()) return false
  // Linux without a keyring: Electron then uses a password that is in its own source.
  return system !== 'linux' || keychain.getSelectedStorageBackend?.() !== 'basic_text'
}

/**
 * Secrets kept with the system's keychain. What the fallback made (an earlier start without a keychain) stays
 * readable; what the keychain made is never handed to the fallback.
 */
export function createKeychainBox(keychain: Keychain, fallback: SecretBox): SecretBox {
  return {
    protect: text => `${mark}${keychain.encryptString(text).toString('base64')}`,
    reveal(protectedText) {
      if (!protectedText.startsWith(mark)) return fallback.reveal(protectedText)
      return keychain.decryptString(Buffer.from(protectedText.slice(mark.length), 'base64'))
    },
  }
}

/** Keeps new secrets with the fallback; what an earlier start gave the keychain cannot be read now. */
export function createFallbackBox(fallback: SecretBox): SecretBox {
  return {
    protect: fallback.protect,
    reveal(protectedText) {
      if (!protectedText.startsWith(mark)) return fallback.reveal(protectedText)
      throw new GantryError(
        'internal.bug',
        'This secret lies in the system’s keychain, which cannot be reached now. Unlock it and start Gantry again.',
      )
    },
  }
}

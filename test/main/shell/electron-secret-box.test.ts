import { describe, expect, it } from 'vitest'
import {
  createFallbackBox,
  createKeychainBox,
  hasKeychain,
} from '../../../src/main/shell/electron-secret-box.ts'

const rot = (text: string) => [...text].reverse().join('')
const keychain = {
  isEncryptionAvailable: () => true,
  encryptString: (text: string) => Buffer.from(rot(text)),
  decryptString: (bytes: Buffer) => rot(bytes.toString()),
}
const fallback = {
  protect: (text: string) => `file:${rot(text)}`,
  reveal: (kept: string) => rot(kept.slice('file:'.length)),
}

describe('secrets in Electron', () => {
  it('lie in the keychain, and those of a start without one stay readable', () => {
    const box = createKeychainBox(keychain, fallback)
    expect(box.protect('word')).not.toContain('word')
    expect(box.reveal(box.protect('word'))).toBe('word')
    expect(box.reveal(fallback.protect('older'))).toBe('older')
  })

  it('lie with the fallback when there is no keychain, which says what it cannot read', () => {
    const box = createFallbackBox(fallback)
    expect(box.reveal(box.protect('word'))).toBe('word')
    expect(() => box.reveal(createKeychainBox(keychain, fallback).protect('word'))).toThrow(/Unlock it/)
  })

  it('do not count the password in Electron’s own source as a keychain', () => {
    const plain = { ...keychain, getSelectedStorageBackend: () => 'basic_text' as const }
    const ring = { ...keychain, getSelectedStorageBackend: () => 'gnome_libsecret' as const }
    expect([hasKeychain(plain, 'linux'), hasKeychain(ring, 'linux')]).toEqual([false, true])
    expect(hasKeychain(keychain, 'darwin')).toBe(true)
    expect(hasKeychain({ ...keychain, isEncryptionAvailable: () => false }, 'win32')).toBe(false)
  })
})

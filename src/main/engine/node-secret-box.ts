import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { GantryError } from '../contract/error.ts'
import type { SecretBox } from '../lib/secret-box.ts'

const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16
const form = 'v1:'

/**
 * AES-256-GCM with a key of this machine: from the environment where the person keeps it elsewhere, otherwise a
 * file only its owner can read. It keeps a copied database or backup unreadable; it is no shield against a
 * program that runs as the same person.
 */
export function createFileSecretBox(options: {
  readonly file: string
  readonly givenKey: string | undefined
}): SecretBox {
  let known: Buffer | undefined
  const key = () => {
    known ??= options.givenKey
      ? createHash('sha256').update(options.givenKey).digest()
      : keyFromFile(options.file)
    return known
  }

  return {
    protect(text) {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', key(), nonce)
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return form + Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64')
    },
    reveal(protectedText) {
      const bytes = Buffer.from(protectedText.slice(form.length), 'base64')
      if (!protectedText.startsWith(form) || bytes.byteLength < nonceBytes + tagBytes) throw notOurs()
      const decipher = createDecipheriv('aes-256-gcm', key(), bytes.subarray(0, nonceBytes))
      decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
      try {
        return (
          decipher.update(bytes.subarray(nonceBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8')
        )
      } catch (thrown) {
        throw notOurs(thrown)
      }
    },
  }
}

function notOurs(cause?: unknown): GantryError {
  return new GantryError(
    'internal.bug',
    'A stored secret cannot be read with the key of this machine. Enter it again.',
    {},
    cause,
  )
}

function keyFromFile(file: string): Buffer {
  return readKey(file) ?? makeKey(file)
}

function readKey(file: string): Buffer | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw thrown
  }
  const key = Buffer.from(text.trim(), 'hex')
  if (key.byteLength === keyBytes) return key
  throw new GantryError(
    'data.unwritable',
    `The key file ${file} is damaged. Put back a copy of it, or remove it and enter stored passwords and keys again.`,
    { file },
  )
}

/** Two programs that make the key at once must end with the same one, so the whole file appears in one step. */
function makeKey(file: string): Buffer {
  const fresh = randomBytes(keyBytes)
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  writeFileSync(draft, `${fresh.toString('hex')}\n`, { mode: 0o600, flag: 'wx', flush: true })
  try {
    linkSync(draft, file)
    return fresh
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code
    if (code === 'EEXIST') return keyFromFile(file)
    // File systems without links (FAT): the exclusive create is the next best.
    writeFileSync(file, `${fresh.toString('hex')}\n`, { mode: 0o600, flag: 'wx', flush: true })
    return fresh
  } finally {
    rmSync(draft, { force: true })
  }
}

import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { GantryError } from '../contract/error.ts'
import { writeWholeFile } from '../lib/whole-file.ts'
import type { TlsIdentity } from './listener.ts'

const folder = (dir: string) => join(dir, 'tls')
const file = (dir: string) => join(folder(dir), 'identity.pem')
/** How it was kept before: a key of one time could lie beside a certificate of another. */
const oldFiles = (dir: string) => ['key.pem', 'certificate.pem'].map(name => join(folder(dir), name))

/**
 * The key of this machine and its certificate, kept in one file. Undefined where there are none yet, or none that
 * belong together.
 */
export function readIdentity(dir: string): TlsIdentity | undefined {
  const text = read(file(dir))
  if (text !== undefined) {
    removeOld(dir)
    return parse(text)
  }
  const [key, certificate] = oldFiles(dir).map(read)
  const old = key !== undefined && certificate !== undefined ? parse(`${key}\n${certificate}`) : undefined
  if (old) keepIdentity(dir, old)
  return old
}

/** What was kept in the old way goes with that. */
export function keepIdentity(dir: string, { keyPem, certificatePem }: TlsIdentity): void {
  try {
    mkdirSync(folder(dir), { recursive: true, mode: 0o700 })
    writeWholeFile(file(dir), `${keyPem.trim()}\n${certificatePem.trim()}\n`)
    removeOld(dir)
  } catch (thrown) {
    throw new GantryError(
      'data.unwritable',
      `The key of this machine’s certificate cannot be kept in ${folder(dir)}. Check the folder and the disk.`,
      { file: file(dir) },
      thrown,
    )
  }
}

function removeOld(dir: string): void {
  for (const old of oldFiles(dir)) rmSync(old, { force: true })
}

const blocks = {
  key: /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----[\s\S]+?-----END (?:[A-Z]+ )?PRIVATE KEY-----/,
  certificate: /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/,
} as const

function parse(text: string): TlsIdentity | undefined {
  const [keyPem] = blocks.key.exec(text) ?? []
  const [certificatePem] = blocks.certificate.exec(text) ?? []
  if (keyPem === undefined || certificatePem === undefined) return undefined
  try {
    const isPair = new X509Certificate(certificatePem).checkPrivateKey(createPrivateKey(keyPem))
    return isPair ? { keyPem, certificatePem } : undefined
  } catch {
    // Cut off or overwritten: a new pair is made.
    return undefined
  }
}

/** Only what is not there is absent: in place of a key that cannot be read now, none must be made. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new GantryError(
      'file.unreadable',
      `The key of this machine’s certificate in ${path} cannot be read. Check the rights of the file and the disk.`,
      { path },
      thrown,
    )
  }
}

import { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { generate } from 'selfsigned'
import type { Clock } from '../lib/clock.ts'
import { keepIdentity, readIdentity } from './certificate-file.ts'
import type { TlsIdentity } from './listener.ts'

export interface Certificate extends TlsIdentity {
  /** SHA-256 as a browser shows it: `AB:CD:…`. */
  readonly fingerprint: string
}

const dayMs = 24 * 60 * 60 * 1_000
/** Some browsers refuse certificates of servers that live longer. */
const lifeDays = 397
const renewBeforeDays = 30

/**
 * gotapi 10.4: the certificate of this machine, made at its first use and kept, so that its fingerprint stays the
 * same for those who trusted it. Made anew when it nears its end or an address of this machine is not in it.
 */
export async function obtainCertificate(options: {
  readonly dir: string
  readonly clock: Clock
  readonly addresses: readonly string[]
  readonly names: readonly string[]
}): Promise<Certificate> {
  const { dir, clock } = options
  const hosts = [...new Set(['localhost', '127.0.0.1', '::1', ...options.names, ...options.addresses])]
  const kept = readIdentity(dir)
  if (kept && isGood(kept, hosts, clock.now())) return withFingerprint(kept)
  const made = await make(hosts, clock.now())
  keepIdentity(dir, made)
  return withFingerprint(made)
}

async function make(hosts: readonly string[], nowAt: number): Promise<TlsIdentity> {
  const pems = await generate([{ name: 'commonName', value: 'Gantry' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(nowAt - dayMs),
    notAfterDate: new Date(nowAt + lifeDays * dayMs),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: hosts.map(host => (isIP(host) === 0 ? { type: 2, value: host } : { type: 7, ip: host })),
      },
    ],
  })
  return { keyPem: pems.private, certificatePem: pems.cert }
}

function isGood({ certificatePem }: TlsIdentity, hosts: readonly string[], nowAt: number): boolean {
  const certificate = new X509Certificate(certificatePem)
  const endsAt = Date.parse(certificate.validTo)
  return (
    endsAt - nowAt > renewBeforeDays * dayMs &&
    Date.parse(certificate.validFrom) <= nowAt &&
    hosts.every(host => (isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)))
  )
}

const withFingerprint = (identity: TlsIdentity): Certificate => ({
  ...identity,
  fingerprint: new X509Certificate(identity.certificatePem).fingerprint256,
})

import { createPrivateKey, X509Certificate } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { obtainCertificate } from '../../../src/main/http/certificate.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'

const dayMs = 24 * 60 * 60_000

function setUp() {
  const dir = makeTempDir()
  const clock = createFakeClock()
  const obtain = (addresses: readonly string[] = ['10.0.0.5']) =>
    obtainCertificate({ dir, clock, addresses, names: ['a.local'] })
  const file = join(dir, 'tls', 'identity.pem')
  const oldKey = join(dir, 'tls', 'key.pem')
  const oldCertificate = join(dir, 'tls', 'certificate.pem')
  /** As an earlier Gantry kept it. */
  const keepInTwo = (keyPem: string | undefined, certificatePem: string | undefined) => {
    mkdirSync(join(dir, 'tls'), { recursive: true })
    if (keyPem !== undefined) writeFileSync(oldKey, keyPem)
    if (certificatePem !== undefined) writeFileSync(oldCertificate, certificatePem)
  }
  return { dir, clock, obtain, file, oldKey, oldCertificate, keepInTwo }
}

/** A pair that another machine made. */
const another = () => setUp().obtain()

describe('the certificate of this machine', () => {
  it('gotapi 10.4: stays the same, made anew near its end and for a new address', async () => {
    const { clock, obtain } = setUp()
    const first = await obtain()
    expect((await obtain()).fingerprint).toBe(first.fingerprint)
    const moved = await obtain(['10.0.0.6'])
    expect(moved.fingerprint).not.toBe(first.fingerprint)
    await clock.advance((397 - 30) * dayMs - 1_000)
    expect((await obtain(['10.0.0.6'])).fingerprint).toBe(moved.fingerprint)
    await clock.advance(2_000)
    expect((await obtain(['10.0.0.6'])).fingerprint).not.toBe(moved.fingerprint)
  })

  it('is made anew when the clock stands before it', async () => {
    const { dir, obtain } = setUp()
    const first = await obtain()
    const clock = createFakeClock(Date.UTC(2029, 0, 1))
    const earlier = await obtainCertificate({ dir, clock, addresses: ['10.0.0.5'], names: ['a.local'] })
    expect(earlier.fingerprint).not.toBe(first.fingerprint)
  })

  it('is told with the fingerprint that a browser shows', async () => {
    const { certificatePem, fingerprint } = await setUp().obtain()
    expect(fingerprint).toBe(new X509Certificate(certificatePem).fingerprint256)
    expect(fingerprint).toMatch(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/)
  })

  it('lies with its key in one file that its owner alone can read, and nothing lies beside it', async () => {
    const { dir, obtain, file } = setUp()
    const { keyPem, certificatePem } = await obtain()
    expect(readdirSync(join(dir, 'tls'))).toEqual(['identity.pem'])
    expect(readFileSync(file, 'utf8')).toBe(`${keyPem.trim()}\n${certificatePem.trim()}\n`)
    if (process.platform === 'win32') return
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(join(dir, 'tls')).mode & 0o777).toBe(0o700)
  })

  it('belongs to its key', async () => {
    const { keyPem, certificatePem } = await setUp().obtain()
    expect(new X509Certificate(certificatePem).checkPrivateKey(createPrivateKey(keyPem))).toBe(true)
  })

  it('is taken over once from the two files of an earlier Gantry, which go', async () => {
    const { obtain, keepInTwo, file, oldKey, oldCertificate } = setUp()
    const { keyPem, certificatePem, fingerprint } = await another()
    keepInTwo(keyPem, certificatePem)
    expect((await obtain()).fingerprint).toBe(fingerprint)
    expect([oldKey, oldCertificate].map(path => existsSync(path))).toEqual([false, false])
    expect(existsSync(file)).toBe(true)
    expect((await obtain()).fingerprint).toBe(fingerprint)
  })

  it('is not taken from two files again where there is one, and they go even if they were left behind', async () => {
    const { obtain, keepInTwo, oldKey, oldCertificate } = setUp()
    const first = await obtain()
    const { keyPem, certificatePem } = await another()
    keepInTwo(keyPem, certificatePem)
    expect((await obtain()).fingerprint).toBe(first.fingerprint)
    expect([oldKey, oldCertificate].map(path => existsSync(path))).toEqual([false, false])
  })

  it.each([
    ['a key of one time beside a certificate of another', 'mismatched'],
    ['a key without a certificate', 'no certificate'],
    ['a certificate without a key', 'no key'],
    ['a certificate that was cut off', 'cut'],
    ['rubbish', 'rubbish'],
  ])('is never one of two files that do not belong together: %s', async (_words, kind) => {
    const { obtain, keepInTwo, oldKey, oldCertificate } = setUp()
    const { keyPem, certificatePem, fingerprint } = await another()
    const halves: Record<string, [string | undefined, string | undefined]> = {
      mismatched: [(await another()).keyPem, certificatePem],
      'no certificate': [keyPem, undefined],
      'no key': [undefined, certificatePem],
      cut: [keyPem, certificatePem.slice(0, 200)],
      rubbish: ['rubbish', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'],
    }
    keepInTwo(...(halves[kind] ?? [undefined, undefined]))
    const made = await obtain()
    expect(made.fingerprint).not.toBe(fingerprint)
    expect(new X509Certificate(made.certificatePem).checkPrivateKey(createPrivateKey(made.keyPem))).toBe(true)
    expect([oldKey, oldCertificate].map(path => existsSync(path))).toEqual([false, false])
  })

  it('is made anew when its file is cut off, empty, or holds another’s key', async () => {
    const { obtain, file } = setUp()
    const { certificatePem } = await obtain()
    const whole = readFileSync(file, 'utf8')
    const wrong = `${(await another()).keyPem}${certificatePem}`
    for (const text of [whole.slice(0, -60), whole.slice(0, 100), '', wrong]) {
      writeFileSync(file, text)
      const made = await obtain()
      expect(new X509Certificate(made.certificatePem).checkPrivateKey(createPrivateKey(made.keyPem))).toBe(
        true,
      )
      expect((await obtain()).fingerprint).toBe(made.fingerprint)
    }
  })

  it('is not made anew because its file cannot be read now: that is told', async () => {
    const { obtain, file } = setUp()
    const first = await obtain()
    renameSync(file, `${file}.aside`)
    // Nobody can read a link to itself, not even who may read everything.
    symlinkSync(file, file)
    await expect(obtain()).rejects.toMatchObject({ code: 'file.unreadable' })
    rmSync(file)
    renameSync(`${file}.aside`, file)
    expect((await obtain()).fingerprint).toBe(first.fingerprint)
  })

  it('that cannot be read because something else is in its place is told, not overwritten', async () => {
    const { obtain, file } = setUp()
    mkdirSync(file, { recursive: true })
    await expect(obtain()).rejects.toMatchObject({
      code: 'file.unreadable',
      message: expect.stringContaining('cannot be read'),
    })
  })

  it('that cannot be kept is not used: its fingerprint would change with each start', async () => {
    const { dir, obtain } = setUp()
    writeFileSync(join(dir, 'tls'), 'a file where the folder should be')
    await expect(obtain()).rejects.toMatchObject({
      code: expect.stringMatching(/^(?:data\.unwritable|file\.unreadable)$/),
    })
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSecretName, redact, redacted, redactText } from '../../../src/main/lib/redact.ts'

const secretName = fc.constantFrom(
  'token',
  'accessToken',
  'access_token',
  'secureToken',
  'password',
  'wifiPassword',
  'key',
  'apiKey',
  'X-Api-Key',
  'hmac',
  'Authorization',
  'cookie',
  'Set-Cookie',
  'clientSecret',
  'cliSecret',
  'invitation',
  'accessCode',
  'privateKey',
)
const openName = fc.constantFrom(
  'nonce',
  'serviceId',
  'keyword',
  'tokens',
  'path',
  'printerId',
  'monkey',
  'origin',
)
/** Cannot come about by chance in anything else of the object. */
const secretText = fc.uuid().map(id => `s3cr3t-${id}`)

describe('redaction', () => {
  it('takes a secret out wherever and however deep it stands', () => {
    const around = fc.letrec<{ tree: unknown }>(tie => ({
      tree: fc.oneof(
        { maxDepth: 6 },
        fc.string(),
        fc.integer(),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(openName, tie('tree'), { maxKeys: 3 }),
        fc.array(tie('tree'), { maxLength: 2 }).map(list => new Map(list.map((item, at) => [at, item]))),
      ),
    })).tree
    const wrap = fc.array(fc.constantFrom('list', 'object', 'map', 'error', 'set', 'cause'), { maxLength: 8 })
    fc.assert(
      fc.property(around, wrap, secretName, secretText, (other, shells, name, secret) => {
        const planted = shells.reduce<unknown>(inside => shell(inside, other), {
          [name]: secret,
          beside: other,
        })
        function shell(inside: unknown, beside: unknown): unknown {
          const kind = shells[0]
          if (kind === 'list') return [beside, inside]
          if (kind === 'map') return new Map([['inside', inside]])
          if (kind === 'set') return new Set([inside])
          if (kind === 'error') return Object.assign(new Error('failed'), { details: inside })
          if (kind === 'cause') return new Error('failed', { cause: inside })
          return { inside, beside }
        }
        expect(JSON.stringify(redact(planted)) ?? '').not.toContain(secret)
      }),
    )
  })

  it('takes a secret out of an address, a header and a text that holds JSON', () => {
    fc.assert(
      fc.property(secretName, secretText, (name, secret) => {
        const texts = [
          `GET http://127.0.0.1:4035/gotapi/system?serviceId=1&${name}=${secret}&nonce=7`,
          `http://127.0.0.1:4035/#${name}=${secret}`,
          `the printer said {"a":1,"${name}":"${secret}"}`,
          `mqtts://bblp:${secret}@192.168.1.4:8883/`,
          `Authorization: Bearer ${secret}`,
        ]
        for (const text of texts) expect(redactText(text)).not.toContain(secret)
      }),
    )
  })

  it('leaves what is no secret as it is', () => {
    fc.assert(
      fc.property(fc.dictionary(openName, fc.oneof(fc.integer(), fc.boolean(), fc.uuid())), fields => {
        expect(redact(fields)).toEqual({ ...fields })
      }),
    )
    const sentence = 'http://127.0.0.1:4035/gotapi/servicediscovery?nonce=12&keyword=bench#printers'
    expect(redactText(sentence)).toBe(sentence)
  })

  it.each(['nonce', 'keyword', 'tokens', 'monkey', 'passes', 'keys'])(
    'does not take %s for a secret',
    name => {
      expect(isSecretName(name)).toBe(false)
    },
  )

  it('keeps the rest of the address around a secret', () => {
    expect(redactText('http://h/x?accessToken=abc&nonce=1#k')).toBe(
      `http://h/x?accessToken=${redacted}&nonce=1#k`,
    )
  })

  it('copes with rings, bytes, getters that throw and odd values', () => {
    const ring: Record<string, unknown> = { bytes: new Uint8Array(5), big: 5n, when: new Date(Number.NaN) }
    ring.self = ring
    Object.defineProperty(ring, 'bad', {
      enumerable: true,
      get() {
        throw new Error('no')
      },
    })
    expect(redact(ring)).toEqual({
      bytes: '[5 bytes]',
      big: '5',
      when: 'no date',
      self: '[circular]',
      bad: '[unreadable]',
    })
  })

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withMap: true, withSet: true, withDate: true }), thing => {
        JSON.stringify(redact(thing))
      }),
    )
  })
})

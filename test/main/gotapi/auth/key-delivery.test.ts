import { describe, expect, it } from 'vitest'
import type { Asker } from '../../../../src/main/gotapi/auth/asker.ts'
import type { NewQuestion } from '../../../../src/main/gotapi/auth/desk.ts'
import { createKeyDelivery } from '../../../../src/main/gotapi/auth/key-delivery.ts'
import type { Answer } from '../../../../src/main/gotapi/auth/questions.ts'

const key = '0f'.repeat(16)
const origin = 'http://a.test'
const linkOf = (params: Record<string, string>) => `gotapi://start/server?${new URLSearchParams(params)}`

function setUp(answer: Answer = 'allow') {
  const asked: [NewQuestion, Asker][] = []
  const did: string[] = []
  const deliver = createKeyDelivery({
    questions: {
      async ask(question, asker) {
        asked.push([question, asker])
        did.push('ask')
        return answer
      },
    },
    keys: {
      pair: (of: string, value: string) => did.push(`pair ${of} ${value}`),
      unpair: (of: string) => did.push(`unpair ${of}`) > 0,
    } as unknown as Parameters<typeof createKeyDelivery>[0]['keys'],
    changed: () => did.push('changed'),
  })
  return { deliver, asked, did }
}

describe('a key by a link of the system', () => {
  it.each(['allow', 'once'] as const)('is paired after the owner’s %s, and not before', async answer => {
    const { deliver, asked, did } = setUp(answer)
    expect(await deliver(linkOf({ origin, key }))).toBe('paired')
    expect(asked).toEqual([
      [
        { kind: 'key', name: origin },
        { origin, via: 'inside' },
      ],
    ])
    expect(did).toEqual(['ask', `pair ${origin} ${key}`, 'changed'])
  })

  it('that is empty removes the one of that origin, after the same question', async () => {
    const { deliver, did } = setUp()
    expect(await deliver(linkOf({ origin: 'HTTP://A.test', key: '' }))).toBe('removed')
    expect(did).toEqual(['ask', `unpair ${origin}`, 'changed'])
  })

  it.each(['deny', 'timeout', 'busy', 'full', 'gone', 'never', 'too-often'] as const)(
    'changes nothing when the answer is %s, and says so',
    async answer => {
      const { deliver, did } = setUp(answer)
      expect(await deliver(linkOf({ origin, key }))).toBe(answer)
      expect(await deliver(linkOf({ origin, key: '' }))).toBe(answer)
      expect(did).toEqual(['ask', 'ask'])
    },
  )

  it.each<[string, string]>([
    ['no address at all', 'start'],
    ['another scheme', linkOf({ origin, key }).replace('gotapi:', 'http:')],
    ['another place', linkOf({ origin, key }).replace('start', 'stop')],
    ['no origin', linkOf({ key })],
    ['an empty origin', linkOf({ origin: '', key })],
    ['a blank in its origin', linkOf({ origin: 'http://a.test b', key })],
    ['a line break in its origin', linkOf({ origin: 'http://a.test\n', key })],
    ['no key', linkOf({ origin })],
    ['a key that is too short', linkOf({ origin, key: '0f'.repeat(15) })],
    ['a key in words', linkOf({ origin, key: 'secret'.repeat(6) })],
    ['more than any link needs', `${linkOf({ origin, key })}&more=${'x'.repeat(2_000)}`],
  ])('asks nobody where the link has %s', async (_what, link) => {
    const { deliver, asked } = setUp()
    expect(await deliver(link)).toBe('malformed')
    expect(asked).toEqual([])
  })

  it('may be as long as 2,000 characters', async () => {
    const { deliver } = setUp()
    const link = `${linkOf({ origin, key })}&more=`
    expect(await deliver(link.padEnd(2_000, 'x'))).toBe('paired')
    expect(await deliver(link.padEnd(2_001, 'x'))).toBe('malformed')
  })
})

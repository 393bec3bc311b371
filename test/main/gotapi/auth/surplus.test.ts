import { describe, expect, it } from 'vitest'
import type { Grant, Member } from '../../../../src/main/gotapi/auth/client.ts'
import { limits } from '../../../../src/main/gotapi/auth/limits.ts'
import { endOfDisuse, surplusOfAsking, surplusOfLetIn } from '../../../../src/main/gotapi/auth/surplus.ts'

const nowAt = 1_893_456_000_000
const dayMs = 24 * 60 * 60_000
const nobody = () => false

function member(
  id: string,
  over: Partial<Omit<Member, 'client'>> & { readonly client?: Partial<Member['client']> } = {},
): Member {
  return {
    since: nowAt,
    grant: undefined,
    answerKey: undefined,
    keepsLine: false,
    requestsToday: 0,
    plugins: new Map(),
    questions: 0,
    ...over,
    client: { id, origin: `http://${id}.test`, device: '', via: 'loopback', name: id, ...over.client },
  }
}

const grant = (over: Partial<Grant> = {}): Grant => ({
  tokenHash: 'hash',
  issuedAt: nowAt,
  usedAt: nowAt,
  isVisit: false,
  isInvited: false,
  scopes: new Map([['system', nowAt + 30 * dayMs]]),
  ...over,
})

const many = (count: number, make: (index: number) => Member) =>
  Array.from({ length: count }, (_, index) => make(index))

describe('who gives way to one that asks', () => {
  it('nobody, as long as there are not too many', () => {
    const newcomer = member('new')
    const others = many(limits.clientsAsking - 1, index => member(`a${index}`))
    expect(surplusOfAsking([...others, newcomer], newcomer)).toEqual([])
  })

  it('the oldest of too many, as many as are too many', () => {
    const newcomer = member('new', { since: nowAt - 1_000_000 })
    const others = many(limits.clientsAsking + 1, index =>
      member(`a${index}`, { since: nowAt - ((index * 7) % 101) }),
    )
    const gone = surplusOfAsking([newcomer, ...others], newcomer)
    expect(gone).toHaveLength(2)
    const oldest = [...others].sort((a, b) => a.since - b.since).slice(0, 2)
    expect(gone).toEqual(oldest)
  })

  it('an earlier try of the same application, and only of the same one', () => {
    const newcomer = member('new')
    const earlier = member('early', { client: { origin: newcomer.client.origin } })
    const elsewhere = member('lan', { client: { origin: newcomer.client.origin, via: 'lan' } })
    const viewer = member('viewer', { client: { origin: newcomer.client.origin, device: 'd1' } })
    expect(surplusOfAsking([earlier, elsewhere, viewer, newcomer], newcomer)).toEqual([earlier])
  })

  it('nobody who was let in, about whom the owner is asked, or who comes another way', () => {
    const newcomer = member('new')
    const letIn = many(60, index => member(`g${index}`, { grant: grant(), since: 0 }))
    const asked = many(60, index => member(`q${index}`, { questions: 1, since: 0 }))
    const far = many(60, index => member(`l${index}`, { since: 0, client: { via: 'lan' } }))
    const same = member('same', { questions: 1, client: { origin: newcomer.client.origin } })
    expect(surplusOfAsking([...letIn, ...asked, ...far, same, newcomer], newcomer)).toEqual([])
  })
})

describe('who gives way to one that was let in', () => {
  const full = (over: (index: number) => Partial<Grant> = () => ({})) =>
    many(limits.clients, index =>
      member(`a${index}`, { grant: grant({ usedAt: nowAt - index, ...over(index) }) }),
    )
  const newcomer = member('new', { grant: grant({ usedAt: 0 }) })

  it('nobody, as long as there are not too many', () => {
    expect(surplusOfLetIn([...full().slice(1), newcomer], newcomer, nobody)).toBeUndefined()
  })

  it('the one unused longest, and never the newcomer', () => {
    const members = full()
    expect(surplusOfLetIn([newcomer, ...members], newcomer, nobody)).toBe(members.at(-1))
  })

  it('one with a line only when all have one', () => {
    const members = full()
    const last = members.at(-1)
    expect(surplusOfLetIn([...members, newcomer], newcomer, each => each === last)).toBe(members.at(-2))
    expect(surplusOfLetIn([...members, newcomer], newcomer, () => true)).not.toBe(newcomer)
  })

  it('none of the owner’s own programs, which do not count, and nobody who only asks', () => {
    const own = many(50, index => member(`o${index}`, { grant: grant({ isInvited: true, usedAt: 0 }) }))
    const asking = many(50, index => member(`q${index}`))
    const members = full()
    expect(
      surplusOfLetIn([...own, ...asking, ...members.slice(1), newcomer], newcomer, nobody),
    ).toBeUndefined()
    expect(surplusOfLetIn([...own, ...members, newcomer], newcomer, nobody)).toBe(members.at(-1))
  })
})

describe('who goes because nobody uses it', () => {
  const ended = new Map([['system', nowAt - 1]])
  const unused = (ms: number, over: Partial<Grant> = {}) =>
    member('a', { grant: grant({ usedAt: nowAt - ms, ...over }) })

  it.each<[string, Member, string | undefined]>([
    ['one that asked ten minutes ago', member('a', { since: nowAt - limits.askingMs }), undefined],
    ['one that asked longer ago', member('a', { since: nowAt - limits.askingMs - 1 }), 'unused'],
    ['one about which the owner is asked', member('a', { since: 0, questions: 1 }), undefined],
    ['one unused for 30 days', unused(30 * dayMs), undefined],
    ['one unused for longer', unused(30 * dayMs + 1), 'unused'],
    ['one unused for ten days whose time is over', unused(10 * dayMs, { scopes: ended }), undefined],
    ['one unused for longer whose time is over', unused(10 * dayMs + 1, { scopes: ended }), 'unused'],
    ['one unused for longer whose time is not over', unused(10 * dayMs + 1), undefined],
    [
      'one unused for longer of which part is over',
      unused(10 * dayMs + 1, { scopes: new Map([...ended, ['echo', nowAt]]) }),
      undefined,
    ],
    ['a visit in its time', unused(0, { isVisit: true }), undefined],
    ['a visit at its end', unused(0, { isVisit: true, scopes: new Map([['system', nowAt]]) }), undefined],
    ['a visit past its end', unused(0, { isVisit: true, scopes: ended }), 'visit over'],
  ])('%s', (_words, who, reason) => {
    expect(endOfDisuse(who, nowAt, nobody)).toBe(reason)
  })

  it('nobody with a line, unless its visit is over', () => {
    expect(endOfDisuse(unused(400 * dayMs), nowAt, () => true)).toBeUndefined()
    expect(endOfDisuse(unused(0, { isVisit: true, scopes: ended }), nowAt, () => true)).toBe('visit over')
  })
})

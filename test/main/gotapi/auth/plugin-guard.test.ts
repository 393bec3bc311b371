import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import type { Member } from '../../../../src/main/gotapi/auth/client.ts'
import type { Clients } from '../../../../src/main/gotapi/auth/clients.ts'
import type { NewQuestion } from '../../../../src/main/gotapi/auth/desk.ts'
import { createPluginConsent } from '../../../../src/main/gotapi/auth/plugin-consent.ts'
import type { Answer } from '../../../../src/main/gotapi/auth/questions.ts'
import { createFakeClock } from '../../../fakes/clock.ts'
import { createLogRecorder } from '../../../fakes/log.ts'

const lamp = { id: 'lamp', name: 'Lamp', manufacturer: '', profiles: ['lamp'], identity: 'lamp 1' }
const caller = { id: 'a', origin: 'http://a.test', name: 'A', isOwner: false }
const grant = { tokenHash: 'h', issuedAt: 0, usedAt: 0, isVisit: false, isInvited: false, scopes: new Map() }

/** One application, as the clients know it, and an owner who answers when the test says so. */
function setUp(change: Partial<Member> = {}) {
  const member: Member = {
    client: { id: 'a', origin: 'http://a.test', device: '', via: 'lan', name: 'A' },
    since: 0,
    grant,
    answerKey: undefined,
    keepsLine: false,
    requestsToday: 0,
    plugins: new Map(),
    questions: 0,
    ...change,
  }
  const other: Member = { ...member, client: { ...member.client, id: 'b' }, plugins: new Map() }
  const asked: [NewQuestion, unknown][] = []
  const allowed: unknown[] = []
  const ended: string[][] = []
  let signal: AbortSignal | undefined
  let decide: (answer: Answer) => void = () => undefined
  const consent = createPluginConsent({
    clock: createFakeClock(),
    log: createLogRecorder().log,
    clients: {
      byId: (id: string) => ({ a: member, b: other })[id],
      endPlugins(which: (of: Member, permission: { pluginId: string }) => boolean) {
        ended.push(['lamp', 'scale'].filter(pluginId => which(member, { pluginId })))
        return true
      },
      allowPlugin: (...given: unknown[]) => allowed.push(given) > 0,
    } as unknown as Clients,
    questions: {
      ask(question, asker, leaving) {
        asked.push([question, asker])
        signal = leaving
        return new Promise(resolve => {
          decide = resolve
          leaving?.addEventListener('abort', () => resolve('gone'))
        })
      },
    },
    services: { thirdParty: () => [lamp], isUnread: () => false },
  })
  return {
    ...consent,
    asked,
    allowed,
    ended,
    decide: (answer: Answer) => decide(answer),
    isOpen: () => !signal?.aborted,
  }
}

describe('who stands before a third-party plug-in', () => {
  it('turns away whom nobody knows, or who has no token, without a question', () => {
    const { guard, asked } = setUp({ grant: undefined })
    for (const id of ['a', 'ghost'])
      expect(guard(lamp, { ...caller, id })).toMatchObject({ code: 'auth.token-unknown' })
    expect(asked).toEqual([])
  })

  it('lets in the owner’s own programs, and whoever was allowed this very plug-in', () => {
    const permission = { pluginId: 'lamp', name: 'Lamp', identity: 'lamp 1', since: 0, isOnce: false }
    const plugins = new Map([['lamp', permission]])
    expect(setUp({ grant: { ...grant, isInvited: true } }).guard(lamp, caller)).toBeUndefined()
    expect(setUp({ plugins }).guard(lamp, caller)).toBeUndefined()
    const other = setUp({ plugins })
    void other.guard({ ...lamp, identity: 'lamp 2' }, caller)
    expect(other.asked).toHaveLength(1)
  })

  it('asks with who wants what, and hands on what the owner says', async () => {
    const { guard, asked, allowed, decide } = setUp()
    const answer = guard(lamp, caller)
    const { identity, ...plugin } = lamp
    expect(asked).toEqual([
      [
        { kind: 'plugin', name: 'A', plugin },
        { origin: 'http://a.test', via: 'lan' },
      ],
    ])
    decide('once')
    expect(await answer).toBeUndefined()
    expect(allowed).toMatchObject([[{}, grant, { pluginId: 'lamp', name: 'Lamp', identity, isOnce: true }]])
    const second = guard(lamp, caller)
    decide('allow')
    expect(await second).toBeUndefined()
    expect(allowed[1]).toMatchObject([{}, grant, { isOnce: false }])
    const third = guard(lamp, caller)
    decide('deny')
    expect(await third).toMatchObject({ code: 'auth.denied' })
    expect(allowed).toHaveLength(2)
  })

  it('asks nobody for one that has gone, and withdraws what the last of several left', async () => {
    const { guard, asked, isOpen } = setUp()
    expect(guard(lamp, caller, AbortSignal.abort())).toMatchObject({ code: 'auth.denied' })
    expect(asked).toEqual([])
    const [first, second] = [new AbortController(), new AbortController()]
    const answers = [first, second].map(({ signal }) => guard(lamp, caller, signal))
    expect(asked).toHaveLength(1)
    first.abort()
    expect(isOpen()).toBe(true)
    second.abort()
    expect(isOpen()).toBe(false)
    for (const answer of answers) expect(await answer).toMatchObject({ code: 'auth.denied' })
    void guard(lamp, caller)
    expect(asked).toHaveLength(2)
  })

  it('shares a question between calls of one application for one plug-in, and nothing else', () => {
    const { guard, asked } = setUp()
    for (let call = 0; call < 2; call += 1) void guard(lamp, caller)
    expect(asked).toHaveLength(1)
    void guard(lamp, { ...caller, id: 'b' })
    expect(asked).toHaveLength(2)
    void guard({ ...lamp, id: 'scale' }, caller)
    expect(asked).toHaveLength(3)
  })

  it('listens to nobody’s leaving once it has its answer', async () => {
    const { guard, decide } = setUp()
    const { signal } = new AbortController()
    const answer = guard(lamp, caller, signal)
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    decide('allow')
    await answer
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it('withdraws its questions of an application that ended and of a plug-in that left, and no others', () => {
    const { guard, pluginLeft, memberEnded, isOpen, ended } = setUp()
    void guard(lamp, caller)
    memberEnded({} as Member)
    expect(isOpen()).toBe(true)
    pluginLeft('other')
    expect(isOpen()).toBe(true)
    pluginLeft('lamp')
    expect(isOpen()).toBe(false)
    expect(ended, 'what was allowed before').toEqual([[], ['lamp']])
  })
})

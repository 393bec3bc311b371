import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { createExchange, type Outcome } from '../../../src/main/plugin-host/exchange.ts'
import { defaultLimits } from '../../../src/main/plugin-host/limits.ts'
import type { EventMessage, HostMessage } from '../../../src/main/plugin-host/plugin.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { createLogRecorder } from '../../fakes/log.ts'

const question = {
  action: 'GET',
  api: 'gotapi',
  profile: 'echo',
  params: {},
  product: 'p',
  version: '1',
} as const

function setUp(limits: Partial<typeof defaultLimits> = {}) {
  const clock = createFakeClock()
  const sent: HostMessage[] = []
  const events: EventMessage[] = []
  let floods = 0
  let codes = 0
  let say: (message: unknown) => void = () => undefined
  const exchange = createExchange({
    port: {
      send: message => sent.push(message),
      onMessage(listener) {
        say = listener
      },
      onClose: () => undefined,
      close: async () => undefined,
    },
    clock,
    log: createLogRecorder().log,
    uuid() {
      codes += 1
      return `code-${codes}`
    },
    limits: { ...defaultLimits, ...limits },
    onEvent: event => events.push(event),
    onFlood() {
      floods += 1
    },
  })
  const ask = (signal?: AbortSignal) => {
    const ended: Outcome[] = []
    void exchange.ask(question, 1_000, signal).then(outcome => ended.push(outcome))
    return ended
  }
  return {
    ...exchange,
    clock,
    sent,
    events,
    ask,
    say: (message: unknown) => say(message),
    floods: () => floods,
  }
}
const answer = (requestCode: unknown, more: object = {}) => ({
  action: 'RESPONSE',
  requestCode,
  result: 0,
  ...more,
})

describe('a question to a plug-in', () => {
  it('is sent with a code of its own, and ends with the answer to that code alone', async () => {
    const { ask, say, sent, clock } = setUp()
    const [first, second] = [ask(), ask()]
    expect(sent).toEqual([
      { ...question, requestCode: 'code-1' },
      { ...question, requestCode: 'code-2' },
    ])
    say(answer('code-2', { n: 2 }))
    await clock.advance(0)
    expect(first).toEqual([])
    expect(second).toMatchObject([{ kind: 'answered', response: { n: 2 } }])
    expect(clock.waiting()).toEqual(['plug-in answer'])
  })

  it('ends as late at its limit, and not before', async () => {
    const { ask, clock } = setUp()
    const ended = ask()
    await clock.advance(999)
    expect(ended).toEqual([])
    await clock.advance(1)
    expect(ended).toEqual([{ kind: 'late' }])
  })

  it('ends as malformed by an answer that makes no sense, and only the one it answers', async () => {
    const { ask, say, clock } = setUp()
    const [first, second] = [ask(), ask()]
    say({ action: 'RESPONSE', requestCode: 'code-1' })
    for (const odd of [{ action: 'RESPONSE', requestCode: 2 }, { action: 'RESPONSE' }, null, 'code-2', 7])
      say(odd)
    await clock.advance(0)
    expect([first, second]).toEqual([[{ kind: 'malformed' }], []])
  })

  it('ends when nobody waits any more, and leaves nothing behind', async () => {
    const { ask, clock } = setUp()
    const leaving = new AbortController()
    const ended = ask(leaving.signal)
    leaving.abort()
    await clock.advance(0)
    expect(ended).toEqual([{ kind: 'cancelled' }])
    expect(clock.waiting()).toEqual([])
  })

  it('listens to nobody’s leaving any more once it has ended', async () => {
    const { ask, say, clock } = setUp()
    const { signal } = new AbortController()
    const ended = ask(signal)
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    say(answer('code-1'))
    await clock.advance(0)
    expect(ended).toMatchObject([{ kind: 'answered' }])
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it('is not sent for somebody who has gone', async () => {
    const { ask, sent, clock } = setUp()
    const ended = ask(AbortSignal.abort())
    await clock.advance(0)
    expect([ended, sent]).toEqual([[{ kind: 'cancelled' }], []])
  })

  it('is not sent where as many answers are owed as may be, until one of them is there', async () => {
    const { ask, say, sent, clock } = setUp({ inFlight: 2 })
    ask()
    ask()
    const refused = ask()
    await clock.advance(0)
    expect([refused, sent.length]).toEqual([[{ kind: 'full' }], 2])
    say(answer('code-1'))
    const taken = ask()
    await clock.advance(0)
    expect([taken, sent.length]).toEqual([[], 3])
  })

  it('ends as closed with the line, and one that comes later is not sent', async () => {
    const { ask, end, tell, say, sent, events, floods, clock } = setUp()
    const open = ask()
    end()
    const later = ask()
    tell({ action: 'DEVICEPLUGIN_ENABLED', product: 'p', version: '1' })
    say({ action: 'EVENT', profile: 'echo' })
    await clock.advance(0)
    expect([open, later]).toEqual([[{ kind: 'closed' }], [{ kind: 'closed' }]])
    expect([sent.length, events, floods(), clock.waiting()]).toEqual([1, [], 0, []])
  })
})

describe('what a plug-in sends', () => {
  it('may be as much in one second as the limit says, each second anew', async () => {
    const { say, events, floods, clock } = setUp({ messagesPerSecond: 3 })
    const event = { action: 'EVENT', profile: 'echo' }
    for (let second = 0; second < 3; second += 1) {
      for (let turn = 0; turn < 3; turn += 1) say(event)
      await clock.advance(1_000)
    }
    expect([events.length, floods()]).toEqual([9, 0])
    for (let turn = 0; turn < 3; turn += 1) say(event)
    await clock.advance(999)
    say(event)
    expect([events.length, floods()]).toEqual([12, 1])
  })

  it('counts against that limit whatever it is', () => {
    const { say, floods } = setUp({ messagesPerSecond: 2 })
    for (const odd of [null, 'x', {}]) say(odd)
    expect(floods()).toBe(1)
  })

  it('is dropped where it is heavier than a message may be, and its question ends', async () => {
    const { ask, say, clock } = setUp({ messageBytes: 1_000 })
    const [heavy, light] = [ask(), ask()]
    say(answer('code-1', { text: 'x'.repeat(1_000) }))
    say(answer('code-2', { text: 'x'.repeat(500) }))
    await clock.advance(0)
    expect(heavy).toEqual([{ kind: 'malformed' }])
    expect(light).toMatchObject([{ kind: 'answered' }])
  })
})

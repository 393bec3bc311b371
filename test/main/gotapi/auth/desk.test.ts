import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import type { Asker } from '../../../../src/main/gotapi/auth/asker.ts'
import { createDesk, type Question } from '../../../../src/main/gotapi/auth/desk.ts'
import { createFakeClock } from '../../../fakes/clock.ts'
import { createLogRecorder } from '../../../fakes/log.ts'

function setUp() {
  const clock = createFakeClock()
  const { log, lines } = createLogRecorder()
  const desk = createDesk({ clock, log })
  const told: (readonly Question[])[] = []
  desk.onChange(pending => told.push(pending))
  const ask = (asker: Partial<Asker> = {}, signal?: AbortSignal) =>
    desk.ask(
      { kind: 'key', name: 'Shift board' },
      { origin: 'http://a.test', via: 'loopback', ...asker },
      signal,
    )
  return { clock, desk, ask, told, lines }
}

describe('the desk', () => {
  it('shows who asks, from where, since when and until when, and nothing of what it does not know', async () => {
    const { clock, desk, ask } = setUp()
    void ask()
    void ask({ via: 'lan', address: '10.0.0.1' })
    const stamp = {
      askedAt: clock.now(),
      expiresAt: clock.now() + 60_000,
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    }
    expect(desk.pending()).toStrictEqual([
      { kind: 'key', name: 'Shift board', origin: 'http://a.test', via: 'loopback', ...stamp },
      {
        kind: 'key',
        name: 'Shift board',
        origin: 'http://a.test',
        via: 'lan',
        address: '10.0.0.1',
        ...stamp,
      },
    ])
  })

  it.each(['allow', 'once', 'deny'] as const)('hands the answer over once: %s', async decision => {
    const { desk, ask, told } = setUp()
    const answer = ask()
    const id = desk.pending()[0]?.id ?? ''
    expect(desk.decide('another', decision)).toBe(false)
    expect(desk.decide(id, decision)).toBe(true)
    expect(await answer).toBe(decision)
    expect(desk.decide(id, 'allow')).toBe(false)
    expect(told.map(pending => pending.length)).toEqual([1, 0])
  })

  it('listens to nobody’s leaving once it is answered', async () => {
    const { desk, ask } = setUp()
    const { signal } = new AbortController()
    const answer = ask({}, signal)
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    desk.decide(desk.pending()[0]?.id ?? '', 'allow')
    await answer
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it('takes silence for no after a minute, to the millisecond, and leaves no timer behind', async () => {
    const { clock, desk, ask } = setUp()
    const answer = ask()
    await clock.advance(59_999)
    expect(desk.pending()).toHaveLength(1)
    await clock.advance(1)
    expect(await answer).toBe('timeout')
    const second = ask()
    desk.decide(desk.pending()[0]?.id ?? '', 'deny')
    await second
    expect(clock.waiting()).toEqual([])
  })

  it('drops a question whose asker leaves, and asks nothing for one that has left', async () => {
    const { desk, ask, told } = setUp()
    const leaving = new AbortController()
    const answer = ask({}, leaving.signal)
    leaving.abort()
    expect(await answer).toBe('gone')
    expect(desk.pending()).toEqual([])
    expect(await ask({}, leaving.signal)).toBe('gone')
    expect(told).toHaveLength(2)
  })

  it('no longer hears of an asker that got its answer', async () => {
    const { desk, ask } = setUp()
    const leaving = new AbortController()
    const answer = ask({}, leaving.signal)
    desk.decide(desk.pending()[0]?.id ?? '', 'allow')
    expect(await answer).toBe('allow')
    void ask({ origin: 'http://b.test' })
    leaving.abort()
    expect(desk.pending()).toHaveLength(1)
  })

  it('ends all questions when nobody is there any more', async () => {
    const { desk, ask } = setUp()
    const answers = [ask(), ask({ origin: 'http://b.test' })]
    desk.close()
    expect(await Promise.all(answers)).toEqual(['gone', 'gone'])
  })

  it('goes on when one that shows it fails', async () => {
    const { desk, ask, lines } = setUp()
    desk.onChange(() => {
      throw new Error('no screen')
    })
    void ask()
    expect(desk.pending()).toHaveLength(1)
    expect(lines).toContainEqual(expect.objectContaining({ level: 'error' }))
  })
})

describe('one application at the desk', () => {
  it.each<[string, Partial<Asker>, Partial<Asker>, boolean]>([
    ['the same', {}, {}, true],
    ['of another origin', {}, { origin: 'http://b.test' }, false],
    ['on another way', {}, { via: 'inside' }, false],
    ['on another device', { via: 'lan', address: '10.0.0.1' }, { via: 'lan', address: '10.0.0.2' }, false],
    ['on the same device', { via: 'lan', address: '10.0.0.1' }, { via: 'lan', address: '10.0.0.1' }, true],
    ['on a device that is not known', { via: 'lan', address: '10.0.0.1' }, { via: 'lan' }, true],
    ['on a device that was not known', { via: 'lan' }, { via: 'lan', address: '10.0.0.1' }, true],
  ])('has one question open: %s', async (_words, first, second, isBusy) => {
    const { clock, ask } = setUp()
    void ask(first)
    const answer = ask(second)
    await clock.advance(60_000)
    expect(await answer).toBe(isBusy ? 'busy' : 'timeout')
  })
})

describe('the places at the desk', () => {
  const fill = async (count: number, asker: (index: number) => Partial<Asker>) => {
    const set = setUp()
    for (let index = 0; index < count; index++)
      void set.ask({ origin: `http://f${index}.test`, ...asker(index) })
    return set
  }

  it.each([
    ['inside', 5],
    ['loopback', 20],
    ['lan', 10],
  ] as const)('are so many for %s: %i', async (via, most) => {
    const { desk, ask } = await fill(30, index => ({
      via,
      ...(via === 'lan' && { address: `10.0.0.${index}` }),
    }))
    expect(desk.pending()).toHaveLength(most)
    expect(await ask({ via })).toBe('full')
  })

  it('are twenty in all', async () => {
    const { desk, ask } = await fill(17, () => ({ via: 'loopback' }))
    for (let index = 0; index < 5; index++) void ask({ origin: `http://l${index}.test`, via: 'inside' })
    expect(desk.pending()).toHaveLength(20)
    expect(await ask({ via: 'lan' })).toBe('full')
  })

  it('are three for one device, whichever origin it says', async () => {
    const { desk, ask } = await fill(4, () => ({ via: 'lan', address: '10.0.0.1' }))
    expect(desk.pending()).toHaveLength(3)
    expect(await ask({ via: 'lan', address: '10.0.0.1' })).toBe('full')
  })

  it('are not shared by device on this machine', async () => {
    const { desk } = await fill(4, () => ({ via: 'loopback', address: '127.0.0.1' }))
    expect(desk.pending()).toHaveLength(4)
  })
})

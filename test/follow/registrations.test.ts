import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { createRegistrations, type Follower, type Params, type Payload } from '../../src/follow/index.ts'

interface Asked {
  readonly method: 'PUT' | 'DELETE'
  readonly path: string
  readonly params: Params
  readonly signal: AbortSignal
  readonly answer: (payload: Payload) => void
}

const ok: Payload = { result: 0 }
const no = (errorCode: number): Payload => ({ result: 1, errorCode, errorMessage: `code ${errorCode}` })
const settle = async () => {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve()
}

/** The other end in the test's hands: calls wait until they are answered, pauses until they are ended. */
function setUp() {
  const asked: Asked[] = []
  const open: Asked[] = []
  const pauses: { readonly delayMs: number; readonly act: () => void }[] = []
  const wants: string[] = []
  const registrations = createRegistrations({
    call: (method, path, params, signal) =>
      new Promise(resolve => {
        const call: Asked = {
          method,
          path,
          params,
          signal,
          answer: payload => {
            open.splice(open.indexOf(call), 1)
            resolve(payload)
          },
        }
        signal.addEventListener('abort', () => {
          if (open.includes(call)) call.answer(no(-1))
        })
        asked.push(call)
        open.push(call)
      }),
    wantLine: () => wants.push('want'),
    releaseLine: () => wants.push('release'),
    renewLine: () => wants.push('renew'),
    later(delayMs, act) {
      const pause = { delayMs, act }
      pauses.push(pause)
      return () => {
        const place = pauses.indexOf(pause)
        if (place >= 0) pauses.splice(place, 1)
      }
    },
  })
  const follow = (path = 'clock/tick', params: Params = { serviceId: 'c' }) => {
    const onEvent = vi.fn<Follower['onEvent']>()
    const onRefused = vi.fn()
    const stop = registrations.follow(path, params, { onEvent, onRefused })
    return { onEvent, onRefused, stop }
  }
  const answer = async (payload: Payload, place = 0) => {
    open[place]?.answer(payload)
    await settle()
  }
  const said = () =>
    asked.map(({ method, path, params }) => `${method} ${path} ${params.serviceId ?? ''}`.trim())
  const endPauses = async () => {
    for (const { act } of pauses.splice(0)) act()
    await settle()
  }
  return { registrations, asked, open, pauses, wants, follow, answer, said, endPauses }
}

const tick = { profile: 'clock', attribute: 'tick', serviceId: 'c', time: 1 }

describe('what a client follows', () => {
  it('wants a line first, and is asked for when it is up', async () => {
    const { registrations, follow, wants, said } = setUp()
    follow()
    expect(wants).toEqual(['want'])
    expect(said()).toEqual([])
    registrations.lineUp()
    expect(said()).toEqual(['PUT clock/tick c'])
  })

  it('is ended by its last follower only, with the service and nothing else', async () => {
    const { registrations, follow, answer, asked, said } = setUp()
    registrations.lineUp()
    const one = follow('clock/tick', { serviceId: 'c', interval: 200 })
    const two = follow('Clock/Tick', { serviceId: 'c', interval: 400 })
    await answer(ok)
    await answer(ok)
    one.stop()
    one.stop()
    expect(said()).toEqual(['PUT clock/tick c', 'PUT clock/tick c'])
    expect(asked.map(({ params }) => params.interval)).toEqual([200, 400])
    two.stop()
    expect(said().at(-1)).toBe('DELETE clock/tick c')
    expect(asked.at(-1)?.params).toEqual({ serviceId: 'c' })
  })

  it('keeps the order of one registration: left and followed again at once it stands in the end', async () => {
    const { registrations, follow, answer, said, open } = setUp()
    registrations.lineUp()
    const first = follow()
    await answer(ok)
    first.stop()
    follow()
    expect(said()).toEqual(['PUT clock/tick c', 'DELETE clock/tick c'])
    await answer(ok)
    expect(said().at(-1)).toBe('PUT clock/tick c')
    expect(open).toHaveLength(1)
  })

  it('does not hold one registration up for another', () => {
    const { registrations, follow, said } = setUp()
    registrations.lineUp()
    follow('a')
    follow('b', {})
    expect(said()).toEqual(['PUT a c', 'PUT b'])
  })

  it('hands a frame to those who follow its path and its service, whatever the case of its names', () => {
    const { registrations, follow } = setUp()
    const own = follow('Clock/Tick')
    const other = follow('clock/tick', { serviceId: 'C' })
    const whole = follow('clock/tick', {})
    const deep = follow('clock/hand/tick')
    registrations.deliver(tick)
    registrations.deliver({ ...tick, attribute: 'TICK' })
    registrations.deliver({ ...tick, interface: 'hand' })
    registrations.deliver({ ...tick, serviceId: undefined })
    expect([own, other, whole, deep].map(({ onEvent }) => onEvent.mock.calls.length)).toEqual([2, 0, 3, 1])
  })

  it('gives up the calls of a line that broke, and asks for everything anew on the next', async () => {
    const { registrations, follow, asked, answer, said } = setUp()
    registrations.lineUp()
    follow('a')
    await answer(ok)
    follow('b')
    registrations.lineDown()
    expect(asked.at(-1)?.signal.aborted).toBe(true)
    await settle()
    registrations.lineUp()
    expect(said().slice(2)).toEqual(['PUT a c', 'PUT b c'])
  })

  it('asks again, slower and slower, while nothing answers after a reconnection: no follower is left dead', async () => {
    const { registrations, follow, answer, pauses, endPauses, said } = setUp()
    registrations.lineUp()
    const { onRefused } = follow()
    await answer(ok)
    registrations.lineDown()
    registrations.lineUp()
    const waits: number[] = []
    for (const code of [-1, 6, 16, 17, 7, 1, -1, -1]) {
      await answer(no(code))
      waits.push(...pauses.map(({ delayMs }) => delayMs))
      await endPauses()
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000])
    await answer(ok)
    expect(onRefused).not.toHaveBeenCalled()
    expect(said()).toHaveLength(10)
    expect(pauses).toEqual([])
  })

  it('tells every follower once that the server said no, and asks no more', async () => {
    const { registrations, follow, answer, said, wants } = setUp()
    registrations.lineUp()
    const one = follow()
    await answer(no(6))
    expect(one.onRefused).toHaveBeenCalledExactlyOnceWith(no(6))
    expect(registrations.size).toBe(0)
    expect(wants).toEqual(['want', 'release'])
    one.stop()
    registrations.lineDown()
    registrations.lineUp()
    expect(said()).toHaveLength(1)
  })

  it('refuses only who joined when the server refuses a second wish: what stood goes on', async () => {
    const { registrations, follow, answer, asked } = setUp()
    registrations.lineUp()
    const one = follow('clock/tick', { serviceId: 'c' })
    await answer(ok)
    const two = follow('clock/tick', { serviceId: 'c', interval: -1 })
    await answer(no(10))
    expect(two.onRefused).toHaveBeenCalledOnce()
    expect(one.onRefused).not.toHaveBeenCalled()
    registrations.deliver(tick)
    expect([one, two].map(({ onEvent }) => onEvent.mock.calls.length)).toEqual([1, 0])
    registrations.lineDown()
    registrations.lineUp()
    expect(asked.at(-1)?.params).toEqual({ serviceId: 'c' })
  })

  it('tells who was served on an earlier line that the right to it is gone', async () => {
    const { registrations, follow, answer } = setUp()
    registrations.lineUp()
    const { onRefused } = follow()
    await answer(ok)
    registrations.lineDown()
    registrations.lineUp()
    await answer(no(14))
    expect(onRefused).toHaveBeenCalledOnce()
  })

  it('asks for who joined while an earlier wish was being refused', async () => {
    const { registrations, follow, answer, said } = setUp()
    registrations.lineUp()
    const one = follow()
    const two = follow()
    await answer(no(14))
    expect(one.onRefused).toHaveBeenCalledOnce()
    expect(two.onRefused).not.toHaveBeenCalled()
    expect(said()).toHaveLength(2)
    await answer(ok)
    registrations.deliver(tick)
    expect(two.onEvent).toHaveBeenCalledOnce()
  })

  it('renews its line when the server says it has none, and asks for everything on the new one', async () => {
    const { registrations, follow, answer, wants, said } = setUp()
    registrations.lineUp()
    follow('a')
    await answer(ok)
    follow('b')
    await answer({ result: 0, line: false })
    expect(wants.at(-1)).toBe('renew')
    expect(said()).toHaveLength(2)
    registrations.lineUp()
    expect(said().slice(2)).toEqual(['PUT a c', 'PUT b c'])
  })

  it('asks for nothing while its line is being renewed', async () => {
    const { registrations, follow, answer, said, wants } = setUp()
    registrations.lineUp()
    follow('a')
    await answer({ result: 0, line: false })
    follow('b')
    expect(said()).toEqual(['PUT a c'])
    expect(wants).toEqual(['want', 'renew', 'want'])
  })

  it('has nothing to end on the next line when the last follower left on one that closed', async () => {
    const { registrations, follow, answer, said } = setUp()
    registrations.lineUp()
    const { stop } = follow('a')
    await answer(ok)
    stop()
    registrations.lineDown()
    follow('b')
    registrations.lineUp()
    expect(said()).toEqual(['PUT a c', 'DELETE a c', 'PUT b c'])
  })

  it('lets the line go with the last follower', async () => {
    const { registrations, follow, answer, wants } = setUp()
    registrations.lineUp()
    const [one, two] = [follow('a'), follow('b')]
    await answer(ok)
    await answer(ok)
    one.stop()
    expect(wants).not.toContain('release')
    two.stop()
    expect(wants.at(-1)).toBe('release')
    expect(registrations.size).toBe(0)
  })

  it('ends nothing at the server that was never asked for, and nothing at all without a line', async () => {
    const { registrations, follow, answer, said } = setUp()
    follow('a').stop()
    registrations.lineUp()
    const b = follow('b')
    await answer(ok)
    registrations.lineDown()
    b.stop()
    registrations.lineUp()
    expect(said()).toEqual(['PUT b c'])
  })

  it('knows which path is followed', () => {
    const { registrations, follow } = setUp()
    const { stop } = follow('System/Heartbeat', {})
    expect(registrations.follows('system/heartbeat')).toBe(true)
    stop()
    expect(registrations.follows('system/heartbeat')).toBe(false)
  })

  it('is closed for good: calls end, pauses end, and who leaves later asks nothing', async () => {
    const { registrations, follow, answer, asked, pauses, said } = setUp()
    registrations.lineUp()
    const a = follow('a')
    const b = follow('b')
    await answer(no(-1))
    await answer(ok)
    const c = follow('c')
    registrations.close()
    await settle()
    expect(pauses).toEqual([])
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([false, false, true])
    for (const { stop } of [a, b, c]) stop()
    registrations.deliver({ profile: 'b', serviceId: 'c' })
    expect(b.onEvent).not.toHaveBeenCalled()
    expect(said()).toHaveLength(3)
  })
})

describe('whatever happens in whatever order', () => {
  const paths = ['a', 'b', 'c'] as const
  type Step =
    | { readonly kind: 'follow' | 'leave'; readonly path: (typeof paths)[number] }
    | { readonly kind: 'answer'; readonly place: number; readonly code: 0 | -1 | 17 }
    | { readonly kind: 'line'; readonly isUp: boolean }
    | { readonly kind: 'rest' }
  const path = fc.constantFrom(...paths)
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ kind: fc.constantFrom('follow' as const, 'leave' as const), path }),
    fc.record({
      kind: fc.constant('answer' as const),
      place: fc.nat(3),
      code: fc.constantFrom(0 as const, 0 as const, -1 as const, 17 as const),
    }),
    fc.record({ kind: fc.constant('line' as const), isUp: fc.boolean() }),
    fc.record({ kind: fc.constant('rest' as const) }),
  )

  it('the server holds in the end what is followed, and never two calls of one registration at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async steps => {
        const world = setUp()
        const stops = new Map<string, (() => void)[]>()
        const atServer = new Set<string>()
        let isUp = false
        const answerOne = async (place: number, code: number) => {
          const call = world.open[place % Math.max(1, world.open.length)]
          if (!call) return
          if (code === 0) {
            if (call.method === 'PUT') atServer.add(call.path)
            else atServer.delete(call.path)
          }
          call.answer(code === 0 ? ok : no(code))
          await settle()
        }
        const turnLine = async (next: boolean) => {
          if (next === isUp) return
          isUp = next
          if (next) world.registrations.lineUp()
          else world.registrations.lineDown()
          await settle()
        }
        for (const each of steps) {
          if (each.kind === 'follow') {
            stops.set(each.path, [...(stops.get(each.path) ?? []), world.follow(each.path, {}).stop])
          } else if (each.kind === 'leave') stops.get(each.path)?.pop()?.()
          else if (each.kind === 'answer') await answerOne(each.place, each.code)
          else if (each.kind === 'line') await turnLine(each.isUp)
          else await world.endPauses()
          const busy = world.open.map(call => call.path)
          expect(new Set(busy).size).toBe(busy.length)
        }
        await turnLine(true)
        for (let turn = 0; turn < 50 && world.open.length + world.pauses.length > 0; turn += 1) {
          await world.endPauses()
          await answerOne(0, 0)
        }
        const followed = paths.filter(each => (stops.get(each)?.length ?? 0) > 0)
        // With nobody left to follow anything the server drops what is without a line by itself.
        if (followed.length > 0) expect([...atServer].sort()).toEqual(followed)
        expect(world.registrations.size).toBe(followed.length)
      }),
      { numRuns: 500 },
    )
  })
})

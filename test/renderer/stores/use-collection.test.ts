import { flushPromises, mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { h, nextTick, ref } from 'vue'
import type { GotapiBridge } from '../../../src/main/contract/client.ts'
import type { RouteResult } from '../../../src/main/contract/routes.ts'
import { type PageBridge, provideBridge } from '../../../src/renderer/api/index.ts'
import type { Printer } from '../../../src/renderer/stores/printers.ts'
import { type Collection, useCollection } from '../../../src/renderer/stores/use-collection.ts'
import { aPrinter, paradeAt } from '../fakes/a-printer.ts'
import { createFakeBridge } from '../fakes/fake-bridge.ts'

type Told = RouteResult<'GET printers/list'>
const read = 'GET printers/list'
const event = 'EVENT printers/list'

const named = (id: string, name: string): Printer => ({ ...aPrinter(), id, name })
const all = (sequence: number, ...printers: Printer[]): Told => ({
  sequence,
  at: paradeAt,
  full: true,
  printers,
  removed: [],
})
const part = (sequence: number, printers: Printer[], removed: string[] = []): Told => ({
  ...all(sequence, ...printers),
  full: false,
  removed,
})

interface Question {
  readonly params: unknown
  readonly answer: (told: Told) => Promise<void>
  readonly refuse: (code: number) => Promise<void>
}
interface Following {
  readonly params: unknown
  readonly tell: (told: Told) => void
  isLeft: boolean
}

/** A Gantry whose every answer and event comes when the test says so, in any order. Its heart beats by itself. */
function createSlowEngine() {
  const engine = createFakeBridge()
  const asked: Question[] = []
  const followed: Following[] = []
  const call = (route: string, params: unknown) => {
    if (route !== read) return Promise.resolve({ result: 1, errorCode: 2, errorMessage: '' })
    return new Promise<unknown>(resolve => {
      const settle = async (answer: object) => {
        resolve(answer)
        await flushPromises()
      }
      asked.push({
        params,
        answer: told => settle({ result: 0, ...told }),
        refuse: errorCode => settle({ result: 1, errorCode, errorMessage: `code ${errorCode}` }),
      })
    })
  }
  const subscribe: GotapiBridge['subscribe'] = (route, params, listener, onRefused) => {
    if (route !== event) return engine.bridge.subscribe(route, params, listener, onRefused)
    const one = { params, tell: listener as Following['tell'], isLeft: false }
    followed.push(one)
    return () => {
      one.isLeft = true
    }
  }
  const bridge: PageBridge = { ...engine.browserBridge, call: call as GotapiBridge['call'], subscribe }
  return {
    engine,
    bridge,
    asked,
    followed,
    /** The newest question that was asked. */
    get question() {
      const last = asked.at(-1)
      if (!last) throw new Error('nothing was asked')
      return last
    },
    tell(told: Told) {
      followed.at(-1)?.tell(told)
    },
  }
}

const room = ref<string | undefined>('r')
/** Something else that is looked at on the way to whom to ask. */
const aside = ref(0)
let gantry = createSlowEngine()
let list: Collection<Printer, string>
let unmount = () => {}
let draws = 0

function open(): void {
  const wrapper = mount(
    {
      setup() {
        list = useCollection({
          read,
          event,
          params: () => {
            void aside.value
            return room.value === undefined ? undefined : { serviceId: room.value }
          },
          ofAnswer: (told: Told) => ({ ...told, items: told.printers, full: true, rest: 'answered' }),
          ofEvent: (told: Told) => ({ ...told, items: told.printers, rest: 'told' }),
          idOf: ({ id }) => id,
        })
        return () => {
          draws += 1
          return h('p', list.items.value.map(({ name }) => name).join(' '))
        }
      },
    },
    { global: { plugins: [createPinia(), provideBridge(gantry.bridge)] } },
  )
  unmount = () => wrapper.unmount()
}
const names = () => list.items.value.map(({ name }) => name).join(' ')
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['Date', 'performance', 'setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'],
  })
  room.value = 'r'
  gantry = createSlowEngine()
  open()
})
afterEach(() => {
  unmount()
  vi.useRealTimers()
})

describe('a list of which answers and events come in any order', () => {
  it('asks once, follows, and is not known before something was told', async () => {
    expect(gantry.asked.map(({ params }) => params)).toEqual([{ serviceId: 'r' }])
    expect(gantry.followed.map(({ params }) => params)).toEqual([{ serviceId: 'r' }])
    expect(list.isKnown.value).toBe(false)
    await gantry.question.answer(all(1, named('a', 'A'), named('b', 'B')))
    expect(list.isKnown.value).toBe(true)
    expect(names()).toBe('A B')
    expect(list.one('b')?.name).toBe('B')
    expect(list.rest.value).toBe('answered')
    expect(gantry.asked).toHaveLength(1)
  })

  it('takes an answer that comes late under what was told meanwhile', async () => {
    gantry.tell(all(3, named('a', 'A3')))
    gantry.tell(part(4, [named('b', 'B4')]))
    expect(names()).toBe('A3 B4')
    await gantry.question.answer(all(2, named('a', 'A2'), named('c', 'C2')))
    expect(names()).toBe('A3 B4')
    expect(list.rest.value).toBe('told')
    expect(gantry.asked).toHaveLength(1)
  })

  it('does not bring back what was deleted while the answer was on its way', async () => {
    await gantry.question.answer(all(1, named('a', 'A'), named('b', 'B')))
    void list.read()
    gantry.tell(part(2, [], ['a']))
    await gantry.question.answer(all(1, named('a', 'A'), named('b', 'B')))
    expect(names()).toBe('B')
    expect(list.one('a')).toBeUndefined()
  })

  it('asks once after a gap, shows meanwhile what it was told, and is whole when the answer is there', async () => {
    await gantry.question.answer(all(1, named('a', 'A1'), named('b', 'B1'), named('c', 'C1')))
    gantry.tell(part(3, [named('a', 'A3')]))
    gantry.tell(part(4, [named('b', 'B4')]))
    expect(names()).toBe('A3 B4 C1')
    expect(gantry.asked).toHaveLength(2)
    // Number 2 took C away, and nobody heard of it.
    await gantry.question.answer(all(3, named('a', 'A3'), named('b', 'B2')))
    expect(names()).toBe('A3 B4')
    gantry.tell(part(5, [named('d', 'D5')]))
    expect(names()).toBe('A3 B4 D5')
    expect(gantry.asked).toHaveLength(2)
  })

  it('counts no answer to an earlier question', async () => {
    const [first] = gantry.asked
    void list.read()
    expect(gantry.asked).toHaveLength(2)
    await first?.answer(all(1, named('a', 'old')))
    expect(list.isKnown.value).toBe(false)
    await gantry.question.answer(all(2, named('a', 'new')))
    await first?.answer(all(1, named('a', 'old')))
    expect(names()).toBe('new')
  })

  it('counts no refusal of an earlier question', async () => {
    const [first] = gantry.asked
    void list.read()
    await first?.refuse(6)
    expect(list.refusal.value).toBeUndefined()
    await pass(60_000)
    expect(gantry.asked).toHaveLength(2)
  })

  it('draws nobody anew for what stayed as it was', async () => {
    await gantry.question.answer(all(1, named('a', 'A'), named('b', 'B')))
    await nextTick()
    const [before, drawn] = [list.one('a'), draws]
    gantry.tell(part(2, [named('a', 'A')]))
    await nextTick()
    expect(list.one('a')).toBe(before)
    expect(draws).toBe(drawn)
    gantry.tell(part(3, [named('a', 'Z')]))
    await nextTick()
    expect(draws).toBe(drawn + 1)
  })
})

describe('a list that cannot be had', () => {
  it('says why, asks again after a pause that grows, and then does not any more', async () => {
    await gantry.question.refuse(6)
    expect(list.refusal.value?.errorCode).toBe(6)
    for (const [again, restMs] of [2_000, 4_000, 8_000, 16_000, 30_000, 30_000].entries()) {
      await pass(restMs - 1)
      expect(gantry.asked).toHaveLength(again + 1)
      await pass(1)
      expect(gantry.asked).toHaveLength(again + 2)
      await gantry.question.refuse(6)
    }
    await pass(30_000)
    await gantry.question.answer(all(1, named('a', 'A')))
    expect(list.refusal.value).toBeUndefined()
    expect(names()).toBe('A')
    const known = gantry.asked.length
    await pass(120_000)
    expect(gantry.asked).toHaveLength(known)
    void list.read()
    await gantry.question.refuse(6)
    await pass(2_000)
    expect(gantry.asked).toHaveLength(known + 2)
  })

  it('begins its pause anew when it was asked for by hand meanwhile', async () => {
    await gantry.question.refuse(6)
    await pass(1_500)
    void list.read()
    await gantry.question.refuse(6)
    await pass(3_999)
    expect(gantry.asked).toHaveLength(2)
    await pass(1)
    expect(gantry.asked).toHaveLength(3)
  })

  it.each([2, 3, 4, 5, 8, 10, 11, 12, 13, 14, 15, 18, 19, 20])(
    'is not asked for again where it would be the same: %i',
    async code => {
      await gantry.question.refuse(code)
      await pass(120_000)
      expect(list.refusal.value?.errorCode).toBe(code)
      expect(gantry.asked).toHaveLength(1)
    },
  )

  it.each([-1, 1, 6, 7, 16, 17, 21, 22])('is asked for again where it may come: %i', async code => {
    await gantry.question.refuse(code)
    await pass(2_000)
    expect(gantry.asked).toHaveLength(2)
  })

  it('keeps what it knew, and says nothing of a refusal then', async () => {
    await gantry.question.answer(all(1, named('a', 'A')))
    void list.read()
    await gantry.question.refuse(6)
    expect(list.refusal.value).toBeUndefined()
    expect(names()).toBe('A')
  })

  it('is known by an event all the same, and not asked for again', async () => {
    await gantry.question.refuse(6)
    gantry.tell(all(1, named('a', 'A')))
    expect(list.refusal.value).toBeUndefined()
    await pass(120_000)
    expect(gantry.asked).toHaveLength(1)
  })
})

describe('a list and the line', () => {
  const renew = async () => {
    gantry.engine.status({ state: 'live', failures: 1 })
    await nextTick()
  }

  it('is asked for anew each time the line is back, and what is shown stays meanwhile', async () => {
    await gantry.question.answer(all(7, named('a', 'A')))
    await renew()
    expect(gantry.asked).toHaveLength(2)
    expect(names()).toBe('A')
    // The engine began anew and counts from one.
    await gantry.question.answer(all(1, named('b', 'B')))
    expect(names()).toBe('B')
    await renew()
    expect(gantry.asked).toHaveLength(3)
  })

  it('is asked for by nobody while the line is down', async () => {
    gantry.engine.freeze()
    await pass(8_000)
    await gantry.question.refuse(-1)
    await pass(120_000)
    expect(gantry.asked).toHaveLength(1)
    gantry.engine.thaw()
    await flushPromises()
    expect(gantry.asked).toHaveLength(2)
  })

  it('takes no answer of before the line broke once it is back', async () => {
    const [before] = gantry.asked
    await renew()
    await before?.answer(all(9, named('a', 'of before')))
    expect(list.isKnown.value).toBe(false)
    await gantry.question.answer(all(1, named('a', 'of now')))
    expect(names()).toBe('of now')
  })
})

describe('a list about somebody else', () => {
  it('begins anew, and hears and takes nothing of the one before', async () => {
    await gantry.question.answer(all(5, named('a', 'A')))
    void list.read()
    const ofBefore = gantry.question
    room.value = 'other'
    await nextTick()
    expect(names()).toBe('')
    expect(list.isKnown.value).toBe(false)
    expect(gantry.followed.map(({ params, isLeft }) => [params, isLeft])).toEqual([
      [{ serviceId: 'r' }, true],
      [{ serviceId: 'other' }, false],
    ])
    expect(gantry.question.params).toEqual({ serviceId: 'other' })
    await ofBefore.answer(all(6, named('a', 'A')))
    expect(names()).toBe('')
    await gantry.question.answer(all(1, named('b', 'B')))
    expect(names()).toBe('B')
  })

  it('takes not even the first answer of the one before', async () => {
    const ofBefore = gantry.question
    room.value = 'other'
    await nextTick()
    expect(gantry.question.params).toEqual({ serviceId: 'other' })
    await ofBefore.answer(all(6, named('a', 'A')))
    expect(list.isKnown.value).toBe(false)
  })

  it('is the same list while it is about the same', async () => {
    await gantry.question.answer(all(5, named('a', 'A')))
    aside.value += 1
    await nextTick()
    expect(gantry.asked).toHaveLength(1)
    expect(gantry.followed).toHaveLength(1)
  })

  it('stays as it was while there is nobody to ask, also when the line is back', async () => {
    await gantry.question.answer(all(5, named('a', 'A')))
    room.value = undefined
    await nextTick()
    expect(names()).toBe('A')
    expect(gantry.followed[0]?.isLeft).toBe(true)
    gantry.engine.status({ state: 'live', failures: 1 })
    await nextTick()
    void list.read()
    expect(gantry.asked).toHaveLength(1)
    room.value = 'r'
    await nextTick()
    expect(names()).toBe('A')
    expect(gantry.asked).toHaveLength(2)
    expect(gantry.followed).toHaveLength(2)
  })
})

it('a list that nobody looks at any more is left and never asked for again', async () => {
  await gantry.question.refuse(6)
  unmount()
  expect(gantry.followed[0]?.isLeft).toBe(true)
  await pass(120_000)
  expect(gantry.asked).toHaveLength(1)
})

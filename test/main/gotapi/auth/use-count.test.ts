import { expect, it } from 'vitest'
import type { Member } from '../../../../src/main/gotapi/auth/client.ts'
import { createUseCount } from '../../../../src/main/gotapi/auth/use-count.ts'
import { createFakeClock } from '../../../fakes/clock.ts'
import { createLogRecorder } from '../../../fakes/log.ts'

const morning = new Date(2030, 5, 11).getTime()

function setUp() {
  let nowAt = morning + 1_000
  const member = (id: string, isVisit = false): Member => ({
    client: { id, origin: `http://${id}.test`, device: '', via: 'loopback', name: id },
    since: 0,
    grant: { tokenHash: id, issuedAt: 0, usedAt: 0, isVisit, isInvited: false, scopes: new Map() },
    answerKey: undefined,
    keepsLine: false,
    requestsToday: 0,
    plugins: new Map(),
    questions: 0,
  })
  const members = [member('a'), member('b'), member('visit', true)] as const
  const written: unknown[] = []
  const use = createUseCount({
    clock: { ...createFakeClock(), now: () => nowAt },
    log: createLogRecorder().log,
    store: { count: (day, uses) => written.push([day, uses]) },
    members: () => members,
  })
  return {
    ...use,
    members,
    written,
    at(ms: number) {
      nowAt = ms
    },
  }
}

it('a day ends at its midnight, to the millisecond, and what was used of it is written under its name', () => {
  const { members, count, today, total, written, at } = setUp()
  const nextMorning = new Date(2030, 5, 12).getTime()
  count(members[0])
  at(nextMorning - 1)
  count(members[0])
  expect([today(), total(), written]).toEqual(['2030-06-11', 2, []])
  at(nextMorning)
  expect(total()).toBe(0)
  expect(today()).toBe('2030-06-12')
  expect(written).toEqual([['2030-06-11', [{ clientId: 'a', usedAt: nextMorning - 1, requests: 2 }]]])
})

it('a clock that is set back to the day before begins that day anew', () => {
  const { members, count, today, total, at } = setUp()
  count(members[0])
  at(morning)
  expect([today(), total()]).toEqual(['2030-06-11', 1])
  at(morning - 1)
  expect(total()).toBe(0)
  expect(today()).toBe('2030-06-10')
})

it('what was used is written once, of whoever is kept and still there', () => {
  const { members, count, forget, flush, written, total } = setUp()
  for (const member of members) count(member)
  forget(members[1])
  flush()
  flush()
  expect(written).toEqual([['2030-06-11', [{ clientId: 'a', usedAt: morning + 1_000, requests: 1 }]]])
  expect(total()).toBe(3)
})

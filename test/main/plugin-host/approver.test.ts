import { expect, it } from 'vitest'
import { createApprover } from '../../../src/main/plugin-host/approver.ts'
import type { Outcome, Question } from '../../../src/main/plugin-host/exchange.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { alice, bob, callOf } from './start-host.ts'

/** A plug-in that owes at most one answer at a time. */
async function approverOf(builtIn: boolean) {
  const asked: Question[] = []
  let open = 0
  const approver = createApprover({
    builtIn,
    clock: createFakeClock(),
    sender: { product: 'Gantry', version: '0' },
    profiles: ['echo'],
    limits: { callMs: 1_000 },
    runtime: {
      async ask(question: Question): Promise<Outcome> {
        if (open > 0) return { kind: 'full' }
        open += 1
        asked.push(question)
        await undefined
        open -= 1
        const payload = { clientId: `c${asked.length}`, accessToken: `t${asked.length}` }
        return { kind: 'answered', response: { action: 'RESPONSE', requestCode: 'r', result: 0, ...payload } }
      },
    },
  })
  for (const service of ['one', 'two', 'three']) {
    const call = callOf('echo', { caller: alice })
    await approver.approve(approver.slotOf(call, service), call, service, () => 1_000)
  }
  asked.length = 0
  return { approver, asked }
}
const settle = () => new Promise<void>(resolve => setImmediate(resolve))

it('tells of as many clients as there are, however few answers a plug-in may owe', async () => {
  const { approver, asked } = await approverOf(true)
  approver.forget(alice.id)
  await settle()
  expect(asked).toHaveLength(3)
})

it('tells a third-party plug-in nothing of it: GotAPI-4 has no word for it', async () => {
  const { approver, asked } = await approverOf(false)
  approver.forget(alice.id)
  await settle()
  expect(asked).toEqual([])
  expect([...approver.slots()]).toEqual([])
})

/** A plug-in that the test answers for, one outcome after the other. */
function scripted(outcomes: Outcome[]) {
  const asked: Question[] = []
  const limits: number[] = []
  const clock = createFakeClock()
  const approver = createApprover({
    builtIn: true,
    clock,
    sender: { product: 'Gantry', version: '0' },
    profiles: ['light', 'sound'],
    limits: { callMs: 1_000 },
    runtime: {
      async ask(question: Question, limitMs: number): Promise<Outcome> {
        asked.push(question)
        limits.push(limitMs)
        return outcomes.shift() ?? { kind: 'closed' }
      },
    },
  })
  const call = callOf('echo', { caller: alice })
  const slot = approver.slotOf(call, 'one')
  return {
    approver,
    asked,
    limits,
    clock,
    slot,
    approve: () => approver.approve(slot, call, 'one', () => 700),
  }
}
const answer = (payload: object): Outcome => ({
  kind: 'answered',
  response: { action: 'RESPONSE', requestCode: 'r', result: 0, ...payload },
})

it.each(['late', 'malformed', 'closed', 'cancelled', 'full'] as const)(
  'a step that ends as %s ends the walk, and the next call goes on from there',
  async kind => {
    const { approve, slot, asked } = scripted([
      { kind },
      answer({ clientId: 'c' }),
      { kind },
      answer({ accessToken: 't' }),
    ])
    expect(await approve()).toEqual({ kind })
    expect(slot.approval).toEqual({ kind: 'none' })
    expect(await approve()).toEqual({ kind })
    expect(slot.approval).toEqual({ kind: 'client', clientId: 'c' })
    expect(await approve()).toBeUndefined()
    expect(slot.approval).toMatchObject({ kind: 'approved', token: 't' })
    expect(asked.map(each => 'attribute' in each && each.attribute)).toEqual([
      'createClient',
      'createClient',
      'requestAccessToken',
      'requestAccessToken',
    ])
  },
)

it('the two steps say who asks, for which service and for every profile, within what is left of the call', async () => {
  const { approve, asked, limits } = scripted([answer({ clientId: 'c' }), answer({ accessToken: 't' })])
  await approve()
  const common = {
    action: 'GET',
    api: 'gotapi',
    profile: 'authorization',
    serviceId: 'one',
    origin: alice.origin,
    package: alice.origin,
    applicationName: 'Alice',
    params: {},
    product: 'Gantry',
    version: '0',
  }
  expect(asked).toEqual([
    { ...common, attribute: 'createClient' },
    { ...common, attribute: 'requestAccessToken', clientId: 'c', scope: 'light,sound' },
  ])
  expect(limits).toEqual([700, 700])
})

it('a token that is past its time is asked for anew, with the same client', async () => {
  const { approve, asked, clock, slot } = scripted([
    answer({ clientId: 'c' }),
    answer({ accessToken: 't', expire: createFakeClock().now() + 1_000 }),
    answer({ accessToken: 'u' }),
  ])
  await approve()
  await clock.advance(999)
  await approve()
  expect(asked).toHaveLength(2)
  await clock.advance(1)
  await approve()
  expect(asked.at(-1)).toMatchObject({ attribute: 'requestAccessToken', clientId: 'c' })
  expect(slot.approval).toMatchObject({ token: 'u' })
})

it('of a caller that is over, each client is told as it stands, and one that never came to be is not', async () => {
  const { approver, approve, asked, limits, slot } = scripted([answer({ clientId: 'c' }), { kind: 'late' }])
  approver.slotOf(callOf('echo', { caller: alice }), 'two')
  await approve()
  asked.length = 0
  limits.length = 0
  approver.forget(alice.id)
  expect(slot.isOver).toBe(true)
  await settle()
  expect(asked).toStrictEqual([
    {
      action: 'DELETE',
      api: 'gotapi',
      profile: 'authorization',
      attribute: 'forgetClient',
      clientId: 'c',
      origin: alice.origin,
      package: alice.origin,
      params: {},
      product: 'Gantry',
      version: '0',
    },
  ])
  expect(limits).toEqual([1_000])
})

it('a slot belongs to one caller and one service', () => {
  const { approver } = scripted([])
  const call = callOf('echo', { caller: alice })
  const slots = [
    approver.slotOf(call, 'one'),
    approver.slotOf(call, 'two'),
    approver.slotOf({ ...call, caller: bob }, 'one'),
  ]
  expect(new Set([...approver.slots()])).toEqual(new Set(slots))
  expect(new Set(slots).size).toBe(3)
  expect(approver.slotOf(call, 'one')).toBe(slots[0])
  approver.forget(bob.id)
  expect([...approver.slots()]).toEqual(slots.slice(0, 2))
  approver.forgetAll()
  expect([...approver.slots()]).toEqual([])
})

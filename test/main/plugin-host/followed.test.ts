import { expect, it } from 'vitest'
import { refuse, succeed } from '../../../src/main/handlers/outcome.ts'
import { createFollowed } from '../../../src/main/plugin-host/followed.ts'
import type { ServiceCall, ServiceEvent } from '../../../src/main/plugin-host/index.ts'
import { alice, bob, callOf } from './start-host.ts'

const put = (more: Partial<ServiceCall> = {}) =>
  callOf('clock', { action: 'PUT', attribute: 'tick', follows: true, ...more })
const event = (more: Partial<ServiceEvent> = {}): ServiceEvent => ({
  serviceId: 'one.clock',
  profile: 'clock',
  attribute: 'tick',
  payload: {},
  ...more,
})
const refused = refuse('plugin.refused', 'No.')

function setUp() {
  const followed = createFollowed()
  const follow = (call: ServiceCall, answer = succeed()) => {
    followed.begin(call, 'one')
    followed.settle(call, answer)
  }
  return { ...followed, follow, calls: () => followed.proven().map(({ call }) => call) }
}

it('is told again only what an event has proven, with the plug-in’s own name of the service', () => {
  const { follow, prove, proven } = setUp()
  const call = put()
  follow(call)
  expect(proven()).toEqual([])
  prove(event())
  expect(proven()).toMatchObject([{ call, localId: 'one' }])
})

it('may be proven while its PUT is not yet answered', () => {
  const { begin, settle, prove, calls } = setUp()
  const call = put()
  begin(call, 'one')
  prove(event())
  settle(call, succeed())
  expect(calls()).toEqual([call])
})

it.each<[string, Partial<ServiceEvent>]>([
  ['of another service', { serviceId: 'two.clock' }],
  ['of another service that differs in case', { serviceId: 'One.clock' }],
  ['of another profile', { profile: 'lamp' }],
  ['of another attribute', { attribute: 'tock' }],
  ['of another interface', { interface: 'hall' }],
  ['for somebody else', { callerId: bob.id }],
])('an event %s proves nothing', (_what, more) => {
  const { follow, prove, calls } = setUp()
  follow(put())
  prove(event(more))
  expect(calls()).toEqual([])
})

it('an event with other case in its path is of the same place, interface and all', () => {
  const { follow, prove, calls } = setUp()
  follow(put({ interface: 'Hall' }))
  prove(event({ profile: 'CLOCK', interface: 'hALL', attribute: 'TICK' }))
  expect(calls()).toHaveLength(1)
})

it('an event for one of two proves only theirs; one for everybody proves both', () => {
  const { follow, prove, calls } = setUp()
  for (const caller of [alice, bob]) follow(put({ caller }))
  prove(event({ callerId: bob.id }))
  expect(calls().map(({ caller }) => caller)).toEqual([bob])
  prove(event())
  expect(calls().map(({ caller }) => caller)).toEqual([alice, bob])
})

it.each<[string, Partial<ServiceCall>]>([
  ['a PUT that does not follow', { follows: false }],
  ['a GET', { action: 'GET' }],
  ['a POST', { action: 'POST' }],
])('%s is nothing to be told again', (_what, more) => {
  const { follow, prove, calls } = setUp()
  follow(put(more))
  prove(event())
  expect(calls()).toEqual([])
})

it('a first PUT that was refused is forgotten, one that repeated another is not', () => {
  const { follow, prove, calls } = setUp()
  follow(put(), refused)
  prove(event())
  expect(calls()).toEqual([])
  const first = put({ params: { interval: '1' } })
  follow(first)
  follow(put({ params: { interval: '0' } }), refused)
  prove(event())
  expect(calls()).toEqual([first])
})

it('the newest PUT that succeeded is what is told again', () => {
  const { follow, prove, calls } = setUp()
  follow(put({ params: { interval: '1' } }))
  prove(event())
  const second = put({ params: { interval: '2' } })
  follow(second)
  expect(calls()).toEqual([second])
})

it('a DELETE ends it, even one that the plug-in refuses, and no later event brings it back', () => {
  const { follow, prove, calls } = setUp()
  for (const answer of [succeed(), refused]) {
    follow(put())
    prove(event())
    follow(put({ action: 'DELETE' }), answer)
    expect(calls()).toEqual([])
    prove(event())
    expect(calls()).toEqual([])
  }
})

it('a DELETE of what nobody followed is nothing to be told again, not even while it is under way', () => {
  const { begin, prove, calls } = setUp()
  begin(put({ action: 'DELETE' }), 'one')
  prove(event())
  expect(calls()).toEqual([])
})

it('a DELETE that is no end of following leaves what stands', () => {
  const { follow, prove, calls } = setUp()
  follow(put())
  prove(event())
  follow(put({ action: 'DELETE', follows: false }))
  expect(calls()).toHaveLength(1)
})

it('all of one caller ends at once, and of nobody else', () => {
  const { follow, prove, drop, calls } = setUp()
  for (const caller of [alice, bob])
    for (const attribute of ['tick', 'tock']) follow(put({ caller, attribute }))
  drop(alice.id)
  for (const attribute of ['tick', 'tock']) prove(event({ attribute }))
  expect(calls().map(({ caller, attribute }) => [caller.id, attribute])).toEqual([
    [bob.id, 'tick'],
    [bob.id, 'tock'],
  ])
})

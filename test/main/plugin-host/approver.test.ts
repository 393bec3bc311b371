import { expect, it } from 'vitest'
import { createApprover } from '../../../src/main/plugin-host/approver.ts'
import type { Outcome, Question } from '../../../src/main/plugin-host/exchange.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { alice, callOf } from './start-host.ts'

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

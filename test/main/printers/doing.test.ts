import { describe, expect, it } from 'vitest'
import { GantryError } from '../../../src/main/contract/error.ts'
import type { PrinterSession } from '../../../src/main/printers/driver/driver.ts'
import { online } from './live-bench.ts'

/** A printer that ends a command when the test says so. */
async function slow(can = { home: true }) {
  let end: (error?: Error) => void = () => {}
  const perform: PrinterSession['perform'] = () =>
    new Promise((resolve, reject) => {
      end = error => (error ? reject(error) : resolve())
    })
  const bench = await online({ can: { ...can, restart: 'board' }, session: { perform } })
  return { ...bench, end: (error?: Error) => end(error) }
}

/** What came of a call so far. */
function watched(call: Promise<void>) {
  const seen: { outcome: string } = { outcome: 'waits' }
  call.then(
    () => {
      seen.outcome = 'accepted'
    },
    (thrown: unknown) => {
      seen.outcome = thrown instanceof GantryError ? thrown.code : String(thrown)
    },
  )
  return seen
}

const home = { kind: 'home', axes: '' } as const

describe('a command that takes long', () => {
  it('is accepted after three seconds, and stands in what is known until it is done', async () => {
    const { live, clock, end } = await slow()
    const seen = watched(live.perform(home))
    await clock.advance(2_999)
    expect([seen.outcome, live.snapshot().doing]).toEqual(['waits', []])
    await clock.advance(1)
    expect([seen.outcome, live.snapshot().doing]).toEqual([
      'accepted',
      [{ id: 1, command: 'home', since: clock.now() }],
    ])
    await clock.advance(600_000)
    expect(live.snapshot().doing).toHaveLength(1)
    end()
    await clock.advance(0)
    expect([live.snapshot().doing, live.snapshot().faults]).toEqual([[], []])
  })

  it('and fails after its caller was answered is told as a fault, in the printer’s words', async () => {
    const { live, clock, end } = await slow()
    void live.perform(home)
    await clock.advance(3_000)
    end(
      new GantryError('printer.refused', 'It said no.', { said: 'Endstop x still triggered after retract' }),
    )
    await clock.advance(0)
    expect(live.snapshot()).toMatchObject({
      doing: [],
      holds: [],
      faults: [{ severity: 'warning', text: 'Endstop x still triggered after retract', recoverBy: 'clear' }],
    })
  })

  it.each(['wire.closed', 'cancelled'] as const)(
    'and ends with its line (%s) is no fault of its own',
    async code => {
      const { live, clock, end } = await slow()
      void live.perform(home)
      await clock.advance(3_000)
      end(new GantryError(code, 'gone'))
      await clock.advance(0)
      expect(live.snapshot()).toMatchObject({ doing: [], faults: [] })
    },
  )

  it('and fails before that is refused to its caller, and no fault', async () => {
    const { live, clock, end } = await slow()
    const seen = watched(live.perform(home))
    await clock.advance(2_999)
    end(new GantryError('printer.refused', 'no'))
    await clock.advance(0)
    expect([seen.outcome, live.snapshot().faults, live.snapshot().doing]).toEqual(['printer.refused', [], []])
    await clock.advance(60_000)
    expect([live.snapshot().doing, clock.waiting().filter(name => name === 'printers accept')]).toEqual([
      [],
      [],
    ])
  })

  it('and restarts the machine is not accepted before it is known whether the machine heard', async () => {
    const { live, clock } = await slow()
    const seen = watched(live.perform({ kind: 'restart-machine' }))
    await clock.advance(9_999)
    expect(seen.outcome).toBe('waits')
    await clock.advance(1)
    expect(seen.outcome).toBe('accepted')
  })
})

it('two commands at once each end for themselves', async () => {
  const ends: (() => void)[] = []
  const perform: PrinterSession['perform'] = () => new Promise(resolve => ends.push(resolve))
  const { live, clock } = await online({ can: { home: true }, session: { perform } })
  for (let turn = 0; turn < 2; turn++) void live.perform(home)
  await clock.advance(3_000)
  ends[0]?.()
  await clock.advance(0)
  expect(live.snapshot().doing.map(({ id }) => id)).toEqual([2])
})

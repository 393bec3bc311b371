import { beforeEach, describe, expect, it } from 'vitest'
import type { Snapshot } from '../../../src/main/contract/printer.ts'
import { nothing } from '../../../src/main/printers/capabilities.ts'
import { createPrinterHistory, type PrinterHistory } from '../../../src/main/printers/history.ts'
import { blankPrinterState } from '../../../src/main/printers/state.ts'
import type { Store } from '../../../src/main/store/index.ts'
import { createFakeClock, type FakeClock } from '../../fakes/clock.ts'
import { openTestStore } from '../../fakes/store.ts'

let clock: FakeClock
let store: Store
let history: PrinterHistory

beforeEach(async () => {
  clock = createFakeClock()
  store = await openTestStore(clock)
  store.run(
    "INSERT INTO printer (id, driver, name, config, simulated, cleared_job, added_at) VALUES ('p', 'x', 'x', '{}', 0, '', 0)",
  )
  history = createPrinterHistory(store, clock)
  history.start()
})

const online = (actualC: number | undefined, targetC = 0, label = 'idle'): Snapshot => ({
  ...blankPrinterState(nothing, 0).snapshot,
  label,
  link: { state: 'online', since: 0 },
  heaters: [
    {
      id: 'bed',
      kind: 'bed',
      index: 0,
      targetC,
      at: clock.now(),
      byPlugin: true,
      ...(actualC !== undefined && { actualC }),
    },
  ],
})
const count = () =>
  Number(store.get('SELECT count(*) AS n FROM reading', [], { parse: row => (row as { n: number }).n }))

describe('the history of a printer', () => {
  it('writes what moves every 10 s and what rests once a minute', async () => {
    for (let second = 0; second < 600; second++) {
      history.note('p', online(20 + second))
      await clock.advance(1_000)
    }
    expect(count()).toBeGreaterThan(55)
    expect(count()).toBeLessThan(65)
    const moved = count()
    for (let second = 0; second < 600; second++) {
      history.note('p', online(20))
      await clock.advance(1_000)
    }
    expect(count() - moved).toBeLessThan(15)
  })

  it('thins out what is older than a day to one a minute, and forgets after 30 days', async () => {
    for (let second = 0; second < 600; second += 10) {
      history.note('p', online(20 + second))
      await clock.advance(10_000)
    }
    expect(count()).toBeGreaterThan(50)
    await clock.advance(26 * 3_600_000)
    expect(count()).toBeLessThanOrEqual(11)
    expect(count()).toBeGreaterThanOrEqual(9)
    history.stop()
    await clock.advance(31 * 24 * 3_600_000)
    history.start()
    expect(count()).toBe(0)
  })

  it('keeps a gap where the sensor said nothing, and goes on when the clock was set back', async () => {
    history.note('p', online(undefined))
    const [series] = history.temperatures('p', 0, clock.now(), 10)
    expect(series?.points[0]?.[1]).toBeNull()
    const past = {
      ...online(50),
      heaters: online(50).heaters.map(heater => ({ ...heater, at: heater.at - 3_600_000 })),
    }
    history.note('p', past)
    expect(history.temperatures('p', 0, clock.now(), 100)[0]?.points).toHaveLength(2)
  })

  it('tells each state once, with its reason', async () => {
    history.note('p', online(20))
    await clock.advance(1_000)
    history.note('p', online(20))
    history.note('p', {
      ...online(20, 0, 'offline'),
      link: { state: 'offline', since: 0, text: 'no answer' },
    })
    const states = history.states('p', 0, clock.now())
    expect(states.map(({ label, text }) => [label, text])).toEqual([
      ['idle', ''],
      ['offline', 'no answer'],
    ])
  })
})

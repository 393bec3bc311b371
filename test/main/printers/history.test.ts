import { beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import type { Snapshot } from '../../../src/main/contract/printer.ts'
import { nothing } from '../../../src/main/printers/driver/capabilities.ts'
import { createPrinterHistory, type PrinterHistory } from '../../../src/main/printers/history.ts'
import { blankSnapshot } from '../../../src/main/printers/state.ts'
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
    "INSERT INTO printer (id, driver, name, config, simulated, added_at) VALUES ('p', 'x', 'x', '{}', 0, 0)",
  )
  history = createPrinterHistory(store, clock)
  history.start()
})

const online = (actualC: number | undefined, targetC = 0, label = 'idle'): Snapshot => ({
  ...blankSnapshot(nothing, 0),
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

  it('thins out what is older than a day to one in five minutes, and forgets after 30 days', async () => {
    for (let second = 0; second < 600; second += 10) {
      history.note('p', online(20 + second))
      await clock.advance(10_000)
    }
    expect(count()).toBeGreaterThan(50)
    await clock.advance(26 * 3_600_000)
    expect(count()).toBeLessThanOrEqual(3)
    expect(count()).toBeGreaterThanOrEqual(2)
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

  it('thins out what left the fine span while Gantry was off', async () => {
    for (let second = 0; second < 600; second += 10) {
      history.note('p', online(20 + second))
      await clock.advance(10_000)
    }
    history.stop()
    await clock.advance(5 * 24 * 3_600_000)
    history = createPrinterHistory(store, clock)
    history.start()
    expect(count()).toBeLessThanOrEqual(3)
    history.stop()
  })

  it('takes the tries to reach a printer that is away for no news, and keeps a bounded number of states', async () => {
    const away = (state: 'offline' | 'connecting'): Snapshot => ({
      ...online(20, 0, state),
      link: { state, since: 0 },
    })
    for (let attempt = 0; attempt < 100; attempt++) {
      history.note('p', away('connecting'))
      history.note('p', away('offline'))
      await clock.advance(1_000)
    }
    expect(history.states('p', 0, clock.now()).map(({ label }) => label)).toEqual(['offline'])
    store.transaction(() => {
      for (let turn = 0; turn < 11_000; turn++) {
        store.run("INSERT OR REPLACE INTO state_change VALUES ('p', ?, 'busy', '')", [clock.now() - turn])
      }
    })
    await clock.advance(120_000)
    expect(history.states('p', 0, clock.now())).toHaveLength(10_000)
  })
})

describe('the history of a hundred printers over thirty days', () => {
  const dayMs = 24 * 3_600_000
  /** A fifth of the room is enough to know the whole of it. */
  const share = 5
  const number = (sql: string) =>
    Number(store.get(sql, [], { parse: row => Object.values(row as Record<string, unknown>)[0] }))

  /** As dense as it ever gets: a reading in ten seconds of the last day, one in five minutes before it. */
  function fillRoom(): void {
    const now = clock.now()
    const series = (from: number, to: number, stepMs: number) => `
INSERT OR REPLACE INTO reading
WITH RECURSIVE step (at) AS (SELECT ${from} UNION ALL SELECT at + ${stepMs} FROM step WHERE at < ${to})
SELECT 'p' || printer.n, heater.id, step.at, 200 + step.at % 50, 210.0 FROM step,
  (SELECT value AS n FROM json_each(?)) AS printer, (SELECT value AS id FROM json_each('["bed","nozzle0"]')) AS heater`
    const numbers = JSON.stringify(
      Array.from({ length: 100 / share }, (_, at) => String(at).padStart(12, '0')),
    )
    store.transaction(() => {
      store.run(
        `INSERT INTO printer (id, driver, name, config, simulated, added_at)
SELECT 'p' || value, 'x', value, '{}', 0, 0 FROM json_each(?)`,
        [numbers],
      )
      store.run(series(now - 30 * dayMs, now - dayMs, 300_000), [numbers])
      store.run(series(now - dayMs, now, 10_000), [numbers])
    })
  }

  it('stays under 200 MB at its densest, is tidied a printer at a time, and finds every row by its key', async () => {
    fillRoom()
    const sizeMb =
      (number('SELECT page_count FROM pragma_page_count') *
        number('SELECT page_size FROM pragma_page_size')) /
      1e6
    expect(number('SELECT count(*) FROM reading') * share).toBeGreaterThan(3_000_000)
    expect(sizeMb * share).toBeLessThan(200)

    const spies = [vi.spyOn(store, 'all'), vi.spyOn(store, 'get'), vi.spyOn(store, 'run')]
    const asked = () => {
      const calls = spies.flatMap(spy => spy.mock.calls.map(([sql, params = []]) => ({ sql, params })))
      for (const spy of spies) spy.mockClear()
      return calls
    }
    const day = history.temperatures('p000000000012', clock.now() - dayMs, clock.now(), 600)
    expect(day.map(({ id, points }) => [id, points.length > 590])).toEqual([
      ['bed', true],
      ['nozzle0', true],
    ])
    const statements = asked()
    for (let minute = 0; minute < 5; minute++) {
      await clock.advance(60_000)
      const turn = asked()
      statements.push(...turn)
      const printers = turn
        .map(({ params }) => Object.values(params)[0])
        .filter(first => /^p\d*$/.test(String(first)))
      // One of twenty a minute is more than an hour needs.
      expect(new Set(printers).size).toBe(1)
    }
    vi.restoreAllMocks()
    const plan = z.object({ detail: z.string() })
    const steps = statements.flatMap(({ sql, params }) =>
      store.all(`EXPLAIN QUERY PLAN ${sql}`, params, plan),
    )
    const ofRows = steps
      .map(({ detail }) => detail)
      .filter(detail => /\b(reading|kept|state_change)\b/.test(detail))
    expect(ofRows.length).toBeGreaterThan(10)
    // Anything else would be a walk through the rows of all printers.
    expect(ofRows.filter(detail => !detail.includes('(printer_id=?'))).toEqual([])
  }, 120_000)
})

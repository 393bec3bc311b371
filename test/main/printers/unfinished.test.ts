import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Job } from '../../../src/main/contract/printer.ts'
import { createUnfinishedPrints, type UnfinishedPrints } from '../../../src/main/printers/unfinished.ts'
import type { Store } from '../../../src/main/store/index.ts'
import { createFakeClock, type FakeClock } from '../../fakes/clock.ts'
import { openTestStore } from '../../fakes/store.ts'
import { feed } from './fed-printer.ts'

let clock: FakeClock
let store: Store
let prints: UnfinishedPrints

beforeEach(async () => {
  clock = createFakeClock()
  store = await openTestStore(clock)
  store.run(
    `INSERT INTO printer (id, driver, name, config, simulated, added_at) VALUES ('p', 'marlin', 'Left', '{}', 0, 0)`,
    [],
  )
  prints = createUnfinishedPrints(store, clock)
})

const job = (state: Job['state'], progress = 0.25): Job => ({
  state,
  progress,
  name: 'cube.gcode',
  path: '/x/cube.gcode',
  startedAt: 1,
})
const again = () => createUnfinishedPrints(store, clock).take('p')
const at = () => clock.now()
const line = () =>
  store.all('SELECT file_line FROM unfinished_print', [], {
    parse: row => (row as { file_line: number }).file_line,
  })[0]
const rows = () => store.all('SELECT * FROM unfinished_print', [], { parse: row => row }).length

describe('a print that is fed from here', () => {
  it('is found after a crash as it was a moment before, and told once', async () => {
    prints.note('p', { job: job('running', 0.1), feed: feed(true) })
    await clock.advance(2_000)
    prints.note('p', { job: job('running', 0.25), feed: { ...feed(true), fileLine: 77 } })
    await clock.advance(1_999)
    prints.note('p', { job: job('running', 0.5), feed: { ...feed(true), fileLine: 99 } })
    expect(again()).toMatchObject({
      live: true,
      fileLine: 77,
      job: { state: 'failed', name: 'cube.gcode', progress: 0.25, startedAt: 1 },
    })
    expect(again()).toMatchObject({ live: false, fileLine: 77 })
  })

  it('is written anew as soon as its name is known', () => {
    prints.note('p', { job: { state: 'running' }, feed: feed(true) })
    prints.note('p', { job: job('running'), feed: feed(true) })
    expect(again()).toMatchObject({ job: { name: 'cube.gcode' } })
  })

  it.each(['done', 'cancelled', 'none'] as const)('is forgotten when it is %s', state => {
    prints.note('p', { job: job('running'), feed: feed(true) })
    prints.note('p', { job: job(state), feed: feed(false) })
    expect([rows(), again()]).toEqual([0, undefined])
  })

  it('that failed while somebody could see it is kept without being told again', () => {
    prints.note('p', { job: job('running'), feed: feed(true) })
    prints.note('p', { job: job('failed', 0.3), feed: { ...feed(false), fileLine: 31 } })
    expect(again()).toMatchObject({ live: false, fileLine: 31, job: { progress: 0.3 } })
  })

  it('from before is forgotten when the bed is cleared, and with its printer', () => {
    prints.note('p', { job: job('running'), feed: feed(true) })
    const later = createUnfinishedPrints(store, clock)
    later.take('p')
    later.note('p', { job: job('failed') })
    expect(rows()).toBe(1)
    later.note('p', { job: { state: 'none' } })
    expect(rows()).toBe(0)
    prints.note('p', { job: job('running'), feed: feed(false) })
    store.run(`DELETE FROM printer WHERE id = 'p'`, [])
    expect(rows()).toBe(0)
  })

  it('is kept by its name, not by where its file lay, and so are those of an earlier Gantry', () => {
    const paths = () => store.all('SELECT path FROM unfinished_print', [], { parse: row => row })
    prints.note('p', { job: job('running'), feed: feed(true) })
    expect(paths()).toEqual([{ path: '' }])
    store.run(`UPDATE unfinished_print SET path = '/home/anna/cube.gcode'`, [])
    expect(again()?.job).toEqual({ ...job('failed'), path: undefined, startedAt: 1, endedAt: clock.now() })
    expect(paths()).toEqual([{ path: '' }])
  })

  it('is kept also where nothing of it is known yet but that it is fed', async () => {
    prints.note('p', { job: { state: 'running' }, feed: feed(true) })
    expect(again()?.job).toEqual({ state: 'failed', name: '', progress: 0, startedAt: at(), endedAt: at() })
  })

  it.each([undefined, 'cube.gcode'])(
    'is written every two seconds, not at every word: named %s',
    async name => {
      const fed = (fileLine: number) => {
        const known = name === undefined ? {} : { name }
        prints.note('p', { job: { state: 'running', ...known }, feed: { ...feed(true), fileLine } })
        return line()
      }
      expect(fed(1)).toBe(1)
      await clock.advance(1_999)
      expect(fed(2)).toBe(1)
      await clock.advance(1)
      expect(fed(3)).toBe(3)
    },
  )

  it('is kept as it ended, once, also where its line tells no more of what was fed', async () => {
    prints.note('p', { job: job('running'), feed: feed(true) })
    prints.note('p', { job: job('failed') })
    expect([line(), again()?.live]).toEqual([0, false])
    await clock.advance(5_000)
    prints.note('p', { job: job('failed', 0.9), feed: { ...feed(false), fileLine: 99 } })
    expect([line(), again()?.job.progress]).toEqual([0, 0.25])
  })

  it('is kept while its line is gone and the printer was last heard to print', () => {
    prints.note('p', { job: job('running'), feed: feed(true) })
    prints.note('p', { job: job('running'), feed: feed(false) })
    expect([rows(), again()?.live]).toEqual([1, false])
  })

  it('and began anew after a crash is written at once, under the same name, too', () => {
    prints.note('p', { job: job('running'), feed: feed(true) })
    const later = createUnfinishedPrints(store, clock)
    later.take('p')
    later.note('p', { job: job('running'), feed: { ...feed(true), fileLine: 3 } })
    expect([line(), again()?.live]).toEqual([3, true])
  })

  it('from the card of the printer is none of ours, and costs no write', () => {
    const run = vi.spyOn(store, 'run')
    for (const state of ['running', 'done', 'none'] as const) prints.note('p', { job: job(state) })
    expect([rows(), run.mock.calls]).toEqual([0, []])
  })
})

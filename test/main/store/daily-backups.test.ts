import { describe, expect, it } from 'vitest'
import type { Backup, Backups } from '../../../src/main/store/backups.ts'
import { keepDailyBackups } from '../../../src/main/store/daily-backups.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { createLogRecorder } from '../../fakes/log.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** Backups that take as long as the test says, and a list of when each was begun. */
function setUp(earlier: readonly Pick<Backup, 'reason' | 'takenAt'>[] = []) {
  const clock = createFakeClock()
  const startAt = clock.now()
  const { log, lines } = createLogRecorder()
  const list: Backup[] = earlier.map((backup, at) => ({ ...backup, file: '', turn: earlier.length - at }))
  const begun: number[] = []
  const signals: AbortSignal[] = []
  let sweeps = 0
  let work = (_signal: AbortSignal): Promise<void> => Promise.resolve()
  const backups: Backups = {
    list: () => list,
    sweep: () => void sweeps++,
    take: () => expect.fail('taken elsewhere'),
  }
  const keeper = keepDailyBackups({
    backups,
    clock,
    log,
    async take(takenAt, signal) {
      begun.push(takenAt - startAt)
      signals.push(signal)
      await work(signal)
      list.unshift({ reason: 'daily', takenAt, file: '', turn: list.length + 1 })
    },
  })
  const doWork = (next: typeof work) => {
    work = next
  }
  const warnings = () => lines.filter(({ level }) => level === 'warn')
  return {
    clock,
    startAt,
    keeper,
    begun,
    signals,
    doWork,
    list,
    lines,
    warnings,
    backups,
    sweeps: () => sweeps,
  }
}

/** Takes until it is told to end, as the one beside does. */
const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason))
  })

const dailies = (...ages: number[]) =>
  ages.map(ageMs => ({ reason: 'daily', takenAt: createFakeClock().now() - ageMs }) as const)

describe('daily backups', () => {
  it('begin a minute after the start, are hourly until there are three, and then one a day', async () => {
    const { clock, begun, lines } = setUp()
    await clock.advance(minuteMs - 1)
    expect(begun).toEqual([])
    await clock.advance(1)
    expect(begun).toEqual([minuteMs])
    expect(lines).toEqual([{ level: 'debug', sentence: 'database backed up', fields: {} }])
    await clock.advance(3 * dayMs)
    expect(begun).toEqual([minuteMs, 2 * hourMs, 3 * hourMs, 27 * hourMs, 51 * hourMs])
  })

  it.each([
    ['a day ago', dayMs, true],
    ['a little less than a day ago', dayMs - 1, false],
    ['just now', 0, false],
    ['in the future, by a clock that was wrong', -1, true],
    ['far in the future', -1_000 * dayMs, true],
  ])('are due when the newest of three was taken %s: %#', async (_when, ageMs, isDue) => {
    const { clock, begun } = setUp(dailies(ageMs - minuteMs, 3 * dayMs, 4 * dayMs))
    await clock.advance(minuteMs)
    expect(begun.length > 0).toBe(isDue)
  })

  it.each([
    ['an hour ago', hourMs, true],
    ['a little less than an hour ago', hourMs - 1, false],
  ])('are due when the newest of two was taken %s: %#', async (_when, ageMs, isDue) => {
    const { clock, begun } = setUp(dailies(ageMs - minuteMs, 3 * dayMs))
    await clock.advance(minuteMs)
    expect(begun.length > 0).toBe(isDue)
  })

  it('do not count those of a migration', async () => {
    const now = createFakeClock().now()
    const { clock, begun } = setUp([
      { reason: 'migration', takenAt: now },
      ...dailies(2 * dayMs, 3 * dayMs, 4 * dayMs),
    ])
    await clock.advance(minuteMs)
    expect(begun).toHaveLength(1)
  })

  it('are taken one at a time, however long one takes', async () => {
    const { clock, begun, doWork } = setUp()
    let end = () => {}
    doWork(() => new Promise(resolve => (end = resolve)))
    await clock.advance(minuteMs + 29 * minuteMs)
    expect(begun).toHaveLength(1)
    end()
    await clock.advance(2 * hourMs)
    expect(begun).toHaveLength(2)
    await clock.advance(hourMs)
    expect(begun).toHaveLength(2)
  })

  it('that fail are told to the log, swept up after, and tried again an hour later', async () => {
    const { clock, begun, doWork, warnings, sweeps } = setUp()
    const cause = new Error('the disk is full')
    doWork(() => Promise.reject(cause))
    await clock.advance(minuteMs)
    expect(warnings()).toEqual([
      { level: 'warn', sentence: 'database could not be backed up', fields: { cause } },
    ])
    expect(sweeps()).toBe(1)
    doWork(() => Promise.resolve())
    await clock.advance(hourMs)
    expect(begun).toEqual([minuteMs, hourMs])
    expect(sweeps()).toBe(1)
    expect(warnings()).toHaveLength(1)
  })

  it('say so when nobody can tell whether one is due', async () => {
    const { clock, begun, warnings, backups } = setUp()
    const cause = new Error('no right to')
    const list = backups.list
    Object.assign(backups, {
      list() {
        throw cause
      },
    })
    await clock.advance(minuteMs)
    expect(warnings()).toEqual([
      { level: 'warn', sentence: 'database could not be backed up', fields: { cause } },
    ])
    Object.assign(backups, { list })
    await clock.advance(hourMs)
    expect(begun).toHaveLength(1)
  })

  it('are given up after half an hour, which the log hears, and the next one may be better', async () => {
    const { clock, begun, doWork, warnings } = setUp()
    doWork(untilAborted)
    await clock.advance(31 * minuteMs - 1)
    expect(warnings()).toEqual([])
    expect(clock.waiting()).toContain('store: limit of a backup')
    await clock.advance(1)
    expect(warnings()).toMatchObject([{ fields: { cause: { message: 'It took longer than 30 minutes.' } } }])
    doWork(() => Promise.resolve())
    await clock.advance(hourMs)
    expect(begun).toHaveLength(2)
    await clock.advance(40 * minuteMs)
    expect(warnings()).toHaveLength(1)
  })

  it('are cut short by the end, without a complaint, and swept up', async () => {
    const { clock, keeper, doWork, lines, sweeps, signals } = setUp()
    doWork(untilAborted)
    await clock.advance(minuteMs)
    expect(signals[0]?.aborted).toBe(false)
    await keeper.stop()
    expect(signals[0]?.aborted).toBe(true)
    expect(sweeps()).toBe(1)
    expect(lines).toEqual([])
    expect(clock.waiting()).toEqual([])
  })

  it('keep the end waiting until nothing of one is left', async () => {
    const { clock, keeper, doWork, sweeps } = setUp()
    let leave = () => {}
    doWork(signal => new Promise((_resolve, reject) => (leave = () => reject(signal.reason))))
    await clock.advance(minuteMs)
    let hasStopped = false
    const stopped = keeper.stop().then(() => {
      hasStopped = true
    })
    await clock.advance(0)
    expect(hasStopped).toBe(false)
    leave()
    await stopped
    expect(sweeps()).toBe(1)
  })

  it('leave no timer behind', async () => {
    const { clock, keeper, begun } = setUp()
    expect(clock.waiting()).toEqual(['store: first look for a backup', 'store: daily backup'])
    await keeper.stop()
    expect(clock.waiting()).toEqual([])
    await clock.advance(dayMs)
    expect(begun).toEqual([])
  })
})

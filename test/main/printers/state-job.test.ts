import { describe, expect, it } from 'vitest'
import type { Job } from '../../../src/main/contract/printer.ts'
import { nothing } from '../../../src/main/printers/driver/capabilities.ts'
import { blankPrinterState, nextState, type PrinterState } from '../../../src/main/printers/state.ts'

const now = 1_000_000
const minuteMs = 60_000
const blank = (clearedJob = '') => blankPrinterState(nothing, now, clearedJob)
const tell = (state: PrinterState, job: Job, at: number) => nextState(state, { kind: 'job', job }, at)
/** What is known of the job when the printer said one after the other, a second apart. */
const jobAfter = (...told: readonly Job[]) =>
  told.reduce((state, job, index) => tell(state, job, now + index * 1_000), blank()).snapshot.job

const running: Job = { state: 'running', id: '7', path: 'a.gcode', layer: 3 }

it('a job that has not begun is known as it is told', () => {
  const queued: Job = { state: 'queued', path: 'a.gcode' }
  expect(jobAfter(queued)).toStrictEqual(queued)
  expect(jobAfter(queued, { state: 'none' })).toStrictEqual({ state: 'none' })
})

describe('a job that runs', () => {
  it('began when it was first heard of, less what the printer says it took', () => {
    expect(jobAfter({ ...running, elapsedS: 1.5 })).toStrictEqual({
      ...running,
      elapsedS: 1.5,
      startedAt: now - 1_500,
    })
    expect(jobAfter(running)).toStrictEqual({ ...running, startedAt: now })
  })

  it('is the same one while its file and its number are the same, also while it rests', () => {
    expect(jobAfter(running, { ...running, state: 'paused' }, running).startedAt).toBe(now)
  })

  it.each([
    ['number', { id: '8' }],
    ['file', { path: 'b.gcode' }],
  ])('is another one when its %s is another', (_what, change) => {
    expect(jobAfter(running, { ...running, ...change }).startedAt).toBe(now + 1_000)
  })

  it.each([
    ['number', { id: '8' }],
    ['file', { path: 'b.gcode' }],
  ])('lends nothing to one of another %s that is told as ended', (_what, change) => {
    const ended: Job = { state: 'done', id: '7', path: 'a.gcode', ...change }
    expect(jobAfter(running, ended)).toStrictEqual({ ...ended, endedAt: now + 1_000 })
    expect(jobAfter(running, { state: 'cancelled' })).toMatchObject({
      path: 'a.gcode',
      layer: 3,
      startedAt: now,
    })
  })

  it.each(['running', 'paused'] as const)('failed when it is not there any more and was %s', state => {
    expect(jobAfter({ ...running, state, remainingS: 60 }, { state: 'none' })).toStrictEqual({
      ...running,
      state: 'failed',
      startedAt: now,
      endedAt: now + 1_000,
    })
  })

  it('will be ready when it was said to be, within a minute: a whole minute later is news, and so is sooner', () => {
    const readyAt = (laterMs: number) => {
      const first = tell(blank(), { ...running, remainingS: 600 }, now)
      const at = now + 10_000
      const remainingS = (600_000 - 10_000 + laterMs) / 1_000
      return (tell(first, { ...running, remainingS }, at).snapshot.job.readyAt ?? 0) - now - 600_000
    }
    expect([-5_000, -1, 0, 1, minuteMs - 1, minuteMs, minuteMs + 1].map(readyAt)).toEqual([
      -5_000,
      -1,
      0,
      0,
      0,
      minuteMs,
      minuteMs + 1,
    ])
  })
})

describe('a job that ended', () => {
  const done: Job = { state: 'done', id: '7', path: 'a.gcode' }

  it('ended once, however often that is said, and keeps what was known of it while it ran', () => {
    expect(jobAfter(running, done, done, done)).toStrictEqual({
      ...running,
      state: 'done',
      startedAt: now,
      endedAt: now + 1_000,
    })
  })

  it('began when Gantry saw it begin, whatever its end says of that', () => {
    expect(jobAfter(running, { ...done, startedAt: 5 }).startedAt).toBe(now)
    expect(jobAfter({ ...done, startedAt: 5 }).startedAt).toBe(5)
    expect(jobAfter(done)).not.toHaveProperty('startedAt')
  })

  it('ended anew when it is said to have ended otherwise', () => {
    expect(jobAfter(running, done, { ...done, state: 'failed' })).toMatchObject({
      state: 'failed',
      endedAt: now + 2_000,
    })
  })

  it('is gone when the bed is clear, and then known by its name', () => {
    const ended = tell(tell(blank(), running, now), done, now)
    const cleared = nextState(ended, { kind: 'bed-clear' }, now)
    expect(cleared.snapshot.job).toStrictEqual({ state: 'none' })
    expect(tell(cleared, done, now).snapshot.job).toStrictEqual({ state: 'none' })
    // The same file once more, and away: the printer that names it then means the second time.
    const again = tell(cleared, running, now)
    expect([again.clearedJob, tell(again, done, now).snapshot.job.state]).toEqual(['', 'done'])
  })

  // Printers go on naming an ended job for days, over many a start of Gantry.
  it.each<[string, Job]>([
    ['7 a.gcode done', { ...done, name: 'Part' }],
    [' a.gcode failed', { state: 'failed', path: 'a.gcode' }],
    ['7 Part done', { state: 'done', id: '7', name: 'Part' }],
    ['  cancelled', { state: 'cancelled' }],
  ])('and whose bed was cleared is known by the words kept of it: “%s”', (kept, job) => {
    expect(tell(blank(kept), job, now).snapshot.job).toStrictEqual({ state: 'none' })
    const cleared = nextState(tell(blank(), job, now), { kind: 'bed-clear' }, now)
    expect(cleared.clearedJob).toBe(kept)
  })
})

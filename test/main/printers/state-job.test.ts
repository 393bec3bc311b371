import { describe, expect, it } from 'vitest'
import type { Snapshot } from '../../../src/main/contract/printer.ts'
import { nothing } from '../../../src/main/printers/driver/capabilities.ts'
import type { ToldJob } from '../../../src/main/printers/driver/driver.ts'
import { blankSnapshot, nextSnapshot } from '../../../src/main/printers/state.ts'

const now = 1_000_000
const minuteMs = 60_000
const blank = () => blankSnapshot(nothing, now)
const tell = (state: Snapshot, job: ToldJob, at: number) => nextSnapshot(state, { kind: 'job', job }, at)
/** What is known of the job when the printer said one after the other, a second apart. */
const jobAfter = (...told: readonly ToldJob[]) =>
  told.reduce((state, job, index) => tell(state, job, now + index * 1_000), blank()).job

const running: ToldJob = { state: 'running', run: '7', path: 'a.gcode', layer: 3 }

it('a job that has not begun is known as it is told', () => {
  const queued: ToldJob = { state: 'queued', run: '7', path: 'a.gcode' }
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

  it('is the same one while its run is the same, also while it rests', () => {
    expect(jobAfter(running, { ...running, state: 'paused' }, running).startedAt).toBe(now)
  })

  it('is another one when its run is another, although its file is the same', () => {
    expect(jobAfter(running, { ...running, run: '8' }).startedAt).toBe(now + 1_000)
  })

  it('lends nothing to another run that is told as ended, and all to its own', () => {
    const other: ToldJob = { state: 'done', run: '8', path: 'a.gcode' }
    expect(jobAfter(running, other)).toStrictEqual({ ...other, endedAt: now + 1_000 })
    expect(jobAfter(running, { state: 'cancelled', run: '7' })).toMatchObject({
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
      return (tell(first, { ...running, remainingS }, at).job.readyAt ?? 0) - now - 600_000
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
  const done: ToldJob = { state: 'done', run: '7', path: 'a.gcode' }

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

  it('is gone when the bed is clear, and comes back by another run of the same file only', () => {
    const ended = tell(tell(blank(), running, now), done, now)
    const cleared = nextSnapshot(ended, { kind: 'bed-clear', saidBy: 'owner' }, now)
    expect(cleared.job).toStrictEqual({ state: 'none' })
    // Printers go on naming an ended job for days.
    expect(tell(cleared, done, now)).toStrictEqual({ ...cleared, heardAt: now })
    expect(tell(cleared, { ...done, run: '8' }, now)).toMatchObject({
      job: { state: 'done', run: '8' },
      bed: { state: 'occupied', run: '8' },
    })
  })
})

import { describe, expect, it } from 'vitest'
import { isBedToClear } from '../../../src/main/contract/may-now.ts'
import type { Job } from '../../../src/main/contract/printer.ts'
import { nothing } from '../../../src/main/printers/driver/capabilities.ts'
import { blankSnapshot, nextSnapshot, type StateInput } from '../../../src/main/printers/state.ts'

const now = 1_000_000
const online: StateInput = { kind: 'link', link: { state: 'online', since: now } }
const machine = (state: 'idle' | 'printing' | 'busy'): StateInput => ({ kind: 'machine', state })
const job = (fields: Partial<Job> & Pick<Job, 'state'>): StateInput => ({
  kind: 'job',
  job:
    fields.state === 'none' ? { state: 'none' } : { ...fields, state: fields.state, run: fields.run ?? '1' },
})
const known = (...inputs: StateInput[]) =>
  inputs.reduce((state, input) => nextSnapshot(state, input, now), blankSnapshot(nothing, now))
const running = job({ state: 'running', path: 'a.gcode', elapsedS: 60 })

describe('what is known of a printer', () => {
  const table: [string, StateInput[], string, string][] = [
    ['nothing yet', [], 'offline', 'none'],
    ['the line is open, nothing said', [online], 'connecting', 'none'],
    ['idle', [online, machine('idle')], 'idle', 'none'],
    ['printing', [online, machine('printing'), running], 'printing', 'running'],
    [
      'the end marker came',
      [online, running, job({ state: 'done', path: 'a.gcode' }), machine('idle')],
      'finished',
      'done',
    ],
    [
      'the job vanished without an end marker',
      [online, running, job({ state: 'none' }), machine('idle')],
      'cancelled',
      'failed',
    ],
    [
      'it was cancelled',
      [online, running, job({ state: 'cancelled', path: 'a.gcode' }), machine('idle')],
      'cancelled',
      'cancelled',
    ],
    [
      'the line broke while it printed',
      [online, machine('printing'), running, { kind: 'link', link: { state: 'offline', since: now } }],
      'offline',
      'running',
    ],
  ]
  for (const [what, inputs, label, jobState] of table) {
    it(`is “${label}” when ${what}`, () => {
      const snapshot = known(...inputs)
      expect([snapshot.label, snapshot.job.state]).toEqual([label, jobState])
    })
  }

  it('knows when a job began that was running before Gantry came', () => {
    expect(known(online, running).job.startedAt).toBe(now - 60_000)
  })

  it('asks for the bed once, although the printer goes on naming the job', () => {
    const done = job({ state: 'done', path: 'a.gcode' })
    const ended = known(online, running, done)
    expect(isBedToClear(ended)).toBe(true)
    const cleared = nextSnapshot(nextSnapshot(ended, { kind: 'bed-clear', saidBy: 'owner' }, now), done, now)
    expect(isBedToClear(cleared)).toBe(false)
    const anew = (input: StateInput) => ({
      ...input,
      ...('job' in input && { job: { ...input.job, run: '2' } }),
    })
    const again = nextSnapshot(nextSnapshot(cleared, anew(running), now), anew(done), now)
    expect(isBedToClear(again)).toBe(true)
  })

  it('keeps the last job while the printer says it has none', () => {
    expect(
      known(online, running, job({ state: 'done', path: 'a.gcode' }), job({ state: 'none' })).job.state,
    ).toBe('done')
  })

  it('merges heaters by name and keeps what was not told again', () => {
    const heater = (id: string, actualC: number) => ({
      id,
      kind: 'bed' as const,
      index: 0,
      actualC,
      at: now,
      byPlugin: true,
    })
    const { heaters } = known(
      { kind: 'heaters', heaters: [heater('bed', 20), heater('chamber', 25)] },
      { kind: 'heaters', heaters: [heater('bed', 30)] },
    )
    expect(heaters.map(({ id, actualC }) => [id, actualC])).toEqual([
      ['bed', 30],
      ['chamber', 25],
    ])
  })

  it('counts a fault from when it was first told', () => {
    const fault = (since: number): StateInput => ({
      kind: 'fault',
      fault: { class: 'fan', severity: 'warning', text: 'slow', recoverBy: 'none', since },
    })
    expect(known(fault(5), fault(9)).faults).toMatchObject([{ since: 5 }])
    expect(known(fault(5), { kind: 'fault-cleared', class: 'clog' }).faults).toHaveLength(1)
    expect(known(fault(5), { kind: 'fault-cleared' }).faults).toEqual([])
  })

  it('keeps the offset of the printer’s clock', () => {
    const { clock } = known({ kind: 'clock', deviceAt: now - 20_000, at: now, source: 'serverTime' })
    expect(clock?.offsetMs).toBe(-20_000)
  })

  describe('tells when the job will be ready', () => {
    const minute = 60_000
    const left = (remainingS: number, more: Partial<Job> = {}) =>
      job({ state: 'running', path: 'a.gcode', remainingS, ...more })
    const jobAfter = (...told: (readonly [at: number, input: StateInput])[]) =>
      told.reduce(
        (state, [at, input]) => nextSnapshot(state, input, at),
        nextSnapshot(blankSnapshot(nothing, now), online, now),
      ).job

    it('from the moment the printer said how long it takes', () => {
      expect(jobAfter([now + 5, left(90.5)]).readyAt).toBe(now + 5 + 90_500)
    })

    it('not at all while the printer does not say, or the job rests', () => {
      expect(jobAfter([now, running])).not.toHaveProperty('readyAt')
      expect(jobAfter([now, left(90)], [now, job({ state: 'paused', remainingS: 90 })])).not.toHaveProperty(
        'readyAt',
      )
    })

    it('as it stood, when the same job is told again with the same remaining time', () => {
      expect(jobAfter([now, left(90)], [now + 10 * minute, left(90, { progress: 0.5 })]).readyAt).toBe(
        now + 90_000,
      )
    })

    it('as it stood, when the remaining time is only rounded to minutes', () => {
      expect(jobAfter([now, left(600)], [now + 119_000, left(540)]).readyAt).toBe(now + 600_000)
    })

    it('anew, when the printer says it takes longer or less', () => {
      expect(jobAfter([now, left(600)], [now + minute, left(600 + 1)]).readyAt).toBe(now + minute + 601_000)
      expect(jobAfter([now, left(600)], [now + 1_000, left(598)]).readyAt).toBe(now + 599_000)
    })

    it('anew after a pause and for the next job', () => {
      const paused = job({ state: 'paused', path: 'a.gcode', remainingS: 600 })
      expect(jobAfter([now, left(600)], [now, paused], [now + minute, left(600)]).readyAt).toBe(
        now + 11 * minute,
      )
      const next = left(600, { path: 'b.gcode', run: '2' })
      expect(jobAfter([now, left(600)], [now + 30_000, next]).readyAt).toBe(now + 630_000)
    })

    it.each(['done', 'failed', 'cancelled', 'none'] as const)('no more once it is %s', state => {
      const ended = jobAfter([now, left(600)], [now, job({ state, path: 'a.gcode' })])
      expect(ended).not.toHaveProperty('readyAt')
      expect(ended).not.toHaveProperty('remainingS')
    })
  })

  describe('what an earlier session said', () => {
    const since = now - 60_000
    const fault = (about: 'killed' | 'fan') =>
      ({
        kind: 'fault',
        fault: { class: about, severity: 'critical', text: about, recoverBy: 'restart', since },
      }) as const
    const link = (state: 'online' | 'offline' | 'connecting') =>
      ({ kind: 'link', link: { state, since } }) as const
    const prompt: StateInput = { kind: 'prompt', prompt: { id: 'q', text: 'Loaded?', buttons: ['Yes'] } }
    const tell = (...inputs: readonly StateInput[]) =>
      inputs.reduce((state, input) => nextSnapshot(state, input, now), blankSnapshot(nothing, now))

    it('of faults and questions stays while the line is down, and goes when a new one opens', () => {
      const said = [link('online'), fault('killed'), prompt] as const
      expect(tell(...said, link('offline'), link('connecting'))).toMatchObject({
        faults: [{ class: 'killed' }],
        prompt: { id: 'q' },
      })
      const anew = tell(...said, link('offline'), link('connecting'), link('online'))
      expect(anew.faults).toEqual([])
      expect(anew.prompt).toBeUndefined()
      expect(tell(...said, link('online')).faults).toHaveLength(1)
    })

    it('is dismissed without counting as heard from the printer', () => {
      const at = (moment: number, input: StateInput, state = blankSnapshot(nothing, now)) =>
        nextSnapshot(state, input, moment)
      const dismissed = at(now + 9_000, { kind: 'fault-dismissed', class: 'fan' }, at(now, fault('fan')))
      expect(dismissed).toMatchObject({ faults: [], heardAt: now })
    })
  })
})

import { describe, expect, it } from 'vitest'
import { defaultLimits } from '../../../src/main/plugin-host/limits.ts'
import {
  type Supervision,
  type SupervisionInput,
  supervise,
} from '../../../src/main/plugin-host/supervision.ts'

const crash = (atMs: number, chance = 0.5): SupervisionInput => ({
  kind: 'crashed',
  atMs,
  chance,
  reason: 'boom',
})
const running = (...crashes: number[]): Supervision => ({ kind: 'running', crashes })
const waiting: Supervision = { kind: 'waiting', crashes: [1], delayMs: 1_000, reason: 'boom' }
const givenUp: Supervision = { kind: 'given-up', crashes: [1], reason: 'boom' }

describe('supervision', () => {
  it.each<[string, Supervision, SupervisionInput, Supervision]>([
    ['switching on starts', { kind: 'off' }, { kind: 'switch-on' }, running()],
    ['switching on twice changes nothing', running(5), { kind: 'switch-on' }, running(5)],
    ['switching on does not cut a wait short', waiting, { kind: 'switch-on' }, waiting],
    ['switching off ends a life', running(5), { kind: 'switch-off' }, { kind: 'off' }],
    ['switching off ends a wait', waiting, { kind: 'switch-off' }, { kind: 'off' }],
    ['switching off clears a failure', givenUp, { kind: 'switch-off' }, { kind: 'off' }],
    ['switching on does not forgive a failure', givenUp, { kind: 'switch-on' }, givenUp],
    ['a crash while it waits is none', waiting, crash(9), waiting],
    [
      'crashes count by the time between them, however long Gantry runs',
      running(500_000),
      crash(550_000),
      { kind: 'waiting', crashes: [500_000, 550_000], delayMs: 2_000, reason: 'boom' },
    ],
    ['a crash of one that was given up is none', givenUp, crash(9), givenUp],
    ['the end of a wait that was none begins nothing', running(5), { kind: 'wait-over' }, running(5)],
    [
      'a crash just within ten minutes counts',
      running(0),
      crash(599_999),
      { kind: 'waiting', crashes: [0, 599_999], delayMs: 2_000, reason: 'boom' },
    ],
    [
      'a crash of ten minutes ago does not',
      running(0),
      crash(600_000),
      { kind: 'waiting', crashes: [600_000], delayMs: 1_000, reason: 'boom' },
    ],
    ['the wait ends in a new life that remembers', waiting, { kind: 'wait-over' }, running(1)],
    ['a wait that was called off ends nothing', { kind: 'off' }, { kind: 'wait-over' }, { kind: 'off' }],
    ['a crash of a plug-in that is off is its end', { kind: 'off' }, crash(1), { kind: 'off' }],
    [
      'old crashes are forgotten',
      running(0, 1, 2, 3),
      crash(600_003),
      { kind: 'waiting', crashes: [600_003], delayMs: 1_000, reason: 'boom' },
    ],
    [
      'the fifth crash in ten minutes is the last',
      running(0, 1, 2, 3),
      crash(4),
      { kind: 'given-up', crashes: [0, 1, 2, 3, 4], reason: 'boom' },
    ],
  ])('%s', (_what, from, input, to) => {
    expect(supervise(from, input, defaultLimits)).toEqual(to)
  })

  it.each([
    [0, 0, 800],
    [0, 1, 1_200],
    [2, 0.5, 4_000],
    [9, 0.5, 60_000],
  ])('after %i earlier crashes and chance %f it waits %i ms', (earlier, chance, delayMs) => {
    const limits = { ...defaultLimits, crashes: 99 }
    const crashes = Array.from({ length: earlier }, (_, n) => n)
    expect(supervise(running(...crashes), crash(100, chance), limits)).toMatchObject({ delayMs })
  })
})
